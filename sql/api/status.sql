-- What somebody wants to know at a look who keeps the house: how much is there, how much of it is new, and what the database suffers from.

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

-- {"schema": "Parley 1f2e3d…", "step": "0012_…", "posts": {…}, "people": {…}, "database": {…}, "tables": […], "rooms": […]}
create function api.server_status(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
begin
  perform rule.check_moderates_server(rule.actor(p_token));
  status := 200;
  body := json_build_object(
    'schema', obj_description('data'::regnamespace, 'pg_namespace'),
    'step', (select max(name) from data.step),
    'posts', rule.status_posts(),
    'people', rule.status_people(),
    'database', rule.status_database(),
    'tables', rule.status_tables(),
    'rooms', rule.status_rooms(coalesce((p_args->>'rooms')::int, 5)));
end $$;
