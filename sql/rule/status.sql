-- The house in numbers.

-- Counted from the newest backwards: ids are in the order of time, and there is no index on the time.
create function rule.messages_since(p_time timestamptz) returns bigint
language sql stable as $$
  select count(*) from data.message
  where id > coalesce((select id from data.message where at < p_time order by id desc limit 1), 0);
$$;

create function rule.stats() returns table (what text, number bigint)
language sql stable as $$
  select 'people', count(*) from data.person where not is_bot and erased_at is null
  union all select 'of them guests', count(*) from data.person where rank = 0 and not is_bot and erased_at is null
  union all select 'bots', count(*) from data.person where is_bot
  union all select 'online', count(distinct person_id) from data.presence where hub <> 0
  union all select 'streams', count(*) from data.presence where hub <> 0
  union all select 'sessions', count(*) from data.session where expires_at > now()
  union all select kind || 's', count(*) from data.room group by kind
  union all select 'messages (about)', greatest(reltuples, 0)::bigint from pg_class where oid = 'data.message'::regclass
  union all select 'messages of the last hour', rule.messages_since(now() - interval '1 hour')
  union all select 'messages of the last day', rule.messages_since(now() - interval '1 day')
  union all select 'open reports', count(*) from data.report where resolved_at is null
  union all select 'bans and mutes', count(*) from data.sanction where until > now()
  union all select 'pictures', count(*) from data.blob
  union all select 'megabytes on disk', sum(pg_total_relation_size(oid))::bigint >> 20 from pg_class where relnamespace = 'data'::regnamespace and relkind = 'r'
  union all select 'log head', id from rule.log_head();
$$;

-- Posts, counted from the newest backwards (rule.messages_since).
create function rule.status_posts() returns json
language sql stable as $$
  select json_build_object('minute', rule.messages_since(now() - interval '1 minute'), 'hour', rule.messages_since(now() - interval '1 hour'),
                           'day', rule.messages_since(now() - interval '1 day'));
$$;

create function rule.status_people() returns json
language sql stable as $$
  select json_build_object(
    'all', (select count(*) from data.person where not is_bot and erased_at is null),
    'online', (select count(distinct person_id) from data.presence where hub <> 0),
    'open_reports', (select count(*) from data.report where resolved_at is null));
$$;

-- With indexes and what is stored apart, the largest first.
create function rule.status_tables() returns json
language sql stable as $$
  select coalesce(json_agg(t order by bytes desc), '[]')
  from (select relname as name, pg_total_relation_size(oid) as bytes, greatest(reltuples, 0)::bigint as rows
        from pg_class where relnamespace = 'data'::regnamespace and relkind = 'r') t;
$$;

-- Of messages about: what one of all takes on the average. Of pictures exactly, but one that several rooms show counts in each.
create function rule.status_rooms(p_limit int) returns json
language sql stable as $$
  with room as (
    select r.id, r.kind, r.name,
      coalesce((select m.n from data.message m where m.room_id = r.id order by m.id desc limit 1) - r.first_n + 1, 0) as messages
    from data.room r
  ), average as (
    select pg_total_relation_size('data.message') / greatest(sum(messages), 1) as bytes from room
  ), picture as (
    select m.room_id, sum(b.bytes + b.thumb_bytes)::bigint as bytes
    from data.image i join data.message m on m.id = i.message_id join data.blob b using (sha256) group by 1
  ), measured as (
    select id, kind, coalesce(name, '') as name, messages, (messages * average.bytes)::bigint as message_bytes, coalesce(picture.bytes, 0) as picture_bytes
    from room cross join average left join picture on picture.room_id = room.id
  )
  select coalesce(json_agg(t order by t.message_bytes + t.picture_bytes desc, t.id), '[]')
  from (select * from measured order by message_bytes + picture_bytes desc, id limit p_limit) t;
$$;

-- What holds the others up, and who follows.
create function rule.status_database() returns json
language sql stable as $$
  select json_build_object(
    'version', current_setting('server_version'),
    'started_at', rule.show_time(pg_postmaster_start_time()),
    'bytes', pg_database_size(current_database()),
    'notify_queue', pg_notification_queue_usage(),
    'connections', (select count(*) from pg_stat_activity where backend_type = 'client backend'),
    'max_connections', current_setting('max_connections')::int,
    'oldest_transaction', (
      select json_build_object('seconds', extract(epoch from clock_timestamp() - xact_start)::bigint, 'pid', pid, 'role', usename, 'program', application_name)
      from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and xact_start is not null order by xact_start limit 1),
    'replicas', (
      select coalesce(json_agg(json_build_object('name', application_name, 'mode', sync_state, 'behind_bytes', pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint)
                               order by application_name), '[]')
      from pg_stat_replication));
$$;
