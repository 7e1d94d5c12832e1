-- What is not kept for ever: in slices that never hold up a post.

-- The days that a room keeps its messages: its own, else the server's; 0 is for ever. What its owner said before the server said less is
-- no way around that; what an admin said is.
create function rule.days_kept(p_room data.room, p_days int) returns int
language sql immutable as $$
  select case when p_room.days_by_admin or p_days = 0 or p_room.message_days between 1 and p_days then coalesce(p_room.message_days, p_days) else p_days end;
$$;

-- The time before which the messages of a room go.
create function rule.kept_since(p_room data.room, p_days int) returns timestamptz
language sql stable as $$
  select case days when 0 then '-infinity' else now() - make_interval(days => days) end from rule.days_kept(p_room, p_days) as days;
$$;

-- Takes the oldest messages of one room that has some to lose, at most p_limit; `first_n` moves. Gives how many went.
-- The rows go from the beginning of the room, so that what is left has no gap; client ids are forgotten with them. The event names the
-- last of them.
create function rule.retire_messages(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_days int := rule.setting_number('message_days');
  v_room bigint;
  v_since timestamptz;
  v_gone bigint[];
begin
  if v_days = 0 and not exists (select from data.room where message_days > 0) then
    return 0;
  end if;
  select r.id, rule.kept_since(r, v_days) into v_room, v_since from data.room r
  where (select m.at from data.message m where m.room_id = r.id order by m.id limit 1) < rule.kept_since(r, v_days) limit 1;
  if not found then
    return 0;
  end if;
  v_gone := rule.oldest_before(v_room, v_since, p_limit);
  perform rule.lock_log();
  update data.room set first_n = (select n + 1 from data.message where id = v_gone[cardinality(v_gone)]) where id = v_room;
  perform rule.detach_images(v_gone);
  delete from data.search where message_id = any(v_gone);
  delete from data.message where id = any(v_gone);
  if cardinality(rule.oldest_before(v_room, v_since, 1)) = 0 then
    -- Once, not with each slice; it names the last of them, so that hubs forget what they have of these.
    perform rule.log_event('room.changed', 'room', v_room, p_room => v_room, p_message => v_gone[cardinality(v_gone)]);
  end if;
  return cardinality(v_gone);
end $$;

-- The first messages of a room that are older than a time, up to the first that is not. It never looks further than that many rows.
create function rule.oldest_before(p_room bigint, p_since timestamptz, p_limit int) returns bigint[]
language sql stable as $$
  with oldest as materialized (select id, at from data.message where room_id = p_room order by id limit p_limit)
  select coalesce(array_agg(id order by id), '{}') from oldest
  where id < coalesce((select min(id) from oldest where at >= p_since), 9223372036854775807);
$$;

-- What moderators removed longer ago than it is kept aside for: words and images go.
create function rule.retire_removals(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_days int := rule.setting_number('removed_days')::int;
  v_gone bigint[];
begin
  if not exists (select from data.removal where at < now() - make_interval(days => v_days)) then
    return 0;
  end if;
  perform rule.lock_log();
  v_gone := array(select message_id from data.removal where at < now() - make_interval(days => v_days) order by at limit p_limit);
  perform rule.detach_images(v_gone);
  delete from data.removal where message_id = any(v_gone);
  return cardinality(v_gone);
end $$;

-- The old end of the log, up to the first event that is young enough; never its newest event.
create function rule.retire_events(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_since timestamptz := now() - make_interval(days => rule.setting_number('log_days')::int);
  v_count int;
begin
  with oldest as materialized (select id, at from data.event where id < (select id from rule.log_head()) order by id limit p_limit)
  delete from data.event where id in (select id from oldest) and id < coalesce((select min(id) from oldest where at >= v_since), 9223372036854775807);
  get diagnostics v_count = row_count;
  return v_count;
end $$;

-- The old end of the audit.
create function rule.retire_audit(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_since timestamptz := now() - make_interval(days => rule.setting_number('audit_days')::int);
  v_count int;
begin
  with oldest as materialized (select id, at from data.audit order by id limit p_limit)
  delete from data.audit where id in (select id from oldest) and id < coalesce((select min(id) from oldest where at >= v_since), 9223372036854775807);
  get diagnostics v_count = row_count;
  return v_count;
end $$;

-- What has ended by itself and needs no word to anybody. Many rows, and no log lock: what somebody holds is left for the next time, so that no
-- two wait for each other.
create function rule.retire_small_things() returns int
language plpgsql volatile as $$
declare
  v_since timestamptz := now() - interval '30 days';
  v_count int;
begin
  delete from data.session where id = any(array(select id from data.session where expires_at < now() order by expires_at limit 500 for update skip locked));
  get diagnostics v_count = row_count;
  delete from data.sign_in_link where ctid = any(array(select ctid from data.sign_in_link where until < v_since for update skip locked));
  delete from data.invite where ctid = any(array(select ctid from data.invite where until < v_since for update skip locked));
  delete from data.sanction where ctid = any(array(select ctid from data.sanction where until < v_since for update skip locked));
  delete from data.network_ban where ctid = any(array(select ctid from data.network_ban where until < v_since for update skip locked));
  delete from data.allowance where ctid = any(array(select ctid from data.allowance where since < now() - interval '2 days' for update skip locked));
  return v_count + rule.retire_attempts(5000);
end $$;

-- Failures and arrivals after two days; that a text was posted after ten minutes, since there is one of these a post.
create function rule.retire_attempts(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_count int;
begin
  delete from data.attempt where ctid = any(array(
    select ctid from data.attempt
    where at < now() - interval '10 minutes' and (what >= 'same:' and what < 'same;' or at < now() - interval '2 days')
    order by at limit p_limit for update skip locked));
  get diagnostics v_count = row_count;
  return v_count;
end $$;

-- The id of the first row, of those that p_where names, which is not older than a time, by halving: ids are in the order of time, and there
-- is no index on the time. One above the last when all are older, 0 when it is no time at all.
create function rule.first_since(p_table regclass, p_where text, p_since timestamptz) returns bigint
language plpgsql stable as $$
declare
  v_low bigint := 0;                                     -- all below are older
  v_high bigint;                                         -- and all from here on are not
  v_middle bigint;
  v_at timestamptz;
begin
  if p_since = '-infinity' then
    return 0;
  end if;
  execute format('select coalesce(max(id), 0) + 1 from %s where %s', p_table, p_where) into v_high;
  while v_low < v_high loop
    v_middle := (v_low + v_high) / 2;
    execute format('select at from %s where %s and id >= $1 order by id limit 1', p_table, p_where) into v_at using v_middle;
    if v_at >= p_since then
      v_high := v_middle;
    else
      v_low := v_middle + 1;
    end if;
  end loop;
  return v_low;
end $$;

-- Where to begin to read the audit for what is not older than a time; from the beginning when none is said. A row has the time at which its
-- transaction began, and its id when that got the log lock: so a minute earlier.
create function rule.first_audit_since(p_since timestamptz) returns bigint
language sql stable as $$ select rule.first_since('data.audit', 'true', coalesce(p_since - interval '1 minute', '-infinity')); $$;

-- What retention would take now, if it were set like this: counted, nothing is touched. p_days of null is each room's own, else the server's.
create function rule.count_retention(p_days int, p_log_days int, p_audit_days int) returns json
language sql stable as $$
  with room as materialized (
    select r.id, r.first_n, rule.first_since('data.message', 'room_id = ' || r.id, rule.kept_since(r, p_days)) as first_id
    from data.room r),
  gone as materialized (
    select id, first_id, (select m.n from data.message m where m.room_id = room.id and m.id < first_id order by m.id desc limit 1) - first_n + 1 as messages
    from room where first_id > 0)
  select json_build_object(
    'messages', (select coalesce(sum(messages), 0) from gone),
    'images', (select count(*) from data.image i join data.message m on m.id = i.message_id join gone g on g.id = m.room_id where m.id < g.first_id)
              + (select count(*) from data.image where message_id is null and at < now() - interval '1 day'),
    'events', (select count(*) from data.event where id < least(rule.first_since('data.event', 'true', now() - make_interval(days => p_log_days)), (select id from rule.log_head()))),
    'audit', (select count(*) from data.audit where at < now() - make_interval(days => p_audit_days)),
    'sessions', (select count(*) from data.session where expires_at < now()),
    'invites', (select count(*) from data.invite where until < now() - interval '30 days'));
$$;

-- Guests who were away too long give their names back. Who they are is asked again once the log lock is held: somebody may have claimed a
-- name meanwhile, or its guest have come back.
create function rule.release_lost_guests(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_lost bigint[] := array(
    select p.id from data.person p
    where p.rank = 0 and p.name_key is not null and p.seen_at < now() - interval '1 day' and rule.has_name_to_give_back(p) limit p_limit);
  v_person data.person;
  v_count int := 0;
begin
  if v_lost <> '{}' then
    perform rule.lock_log();
    for v_person in select * from data.person p where p.id = any(v_lost) and rule.has_name_to_give_back(p) order by p.id loop
      perform rule.release_name(v_person);
      v_count := v_count + 1;
    end loop;
  end if;
  return v_count;
end $$;

-- A lost guest who is not called name#ID yet.
create function rule.has_name_to_give_back(p_person data.person) returns boolean
language sql stable as $$
  select p_person.name !~ ('#' || p_person.id || '(-[0-9]+)?$') and rule.is_lost_guest(p_person);
$$;
