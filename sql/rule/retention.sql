-- What is not kept for ever: in slices that never hold up a post.

-- How long the messages of a room are kept: its own days, else the server's; 0 is for ever.
create function rule.kept_for(p_room data.room) returns interval
language sql stable as $$
  select case when days = 0 then interval '1000 years' else make_interval(days => days) end
  from (select coalesce(p_room.message_days, rule.setting_number('message_days')::int) as days) kept;
$$;

-- Takes the oldest messages of one room that has some to lose, at most p_limit; `first_n` moves. Gives how many went.
-- The rows go from the beginning of the room, so that what is left has no gap; client ids are forgotten with them.
create function rule.retire_messages(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_room data.room;
  v_gone bigint[];
begin
  if rule.setting_number('message_days') = 0 and not exists (select from data.room where message_days > 0) then
    return 0;
  end if;
  select r.* into v_room from data.room r
  where (select m.at from data.message m where m.room_id = r.id order by m.id limit 1) < now() - rule.kept_for(r)
  limit 1;
  if not found then
    return 0;
  end if;
  perform rule.lock_log();
  v_gone := array(select id from data.message where room_id = v_room.id and at < now() - rule.kept_for(v_room) order by id limit p_limit);
  update data.room set first_n = (select n + 1 from data.message where id = v_gone[cardinality(v_gone)]) where id = v_room.id;
  delete from data.image where message_id = any(v_gone);
  delete from data.search where message_id = any(v_gone);
  delete from data.message where id = any(v_gone);
  perform rule.log_event('room.changed', 'room', v_room.id, p_room => v_room.id);
  return cardinality(v_gone);
end $$;

-- The old end of the log; never its newest event.
create function rule.retire_events(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_count int;
begin
  delete from data.event where id in (
    select id from data.event
    where at < now() - make_interval(days => rule.setting_number('log_days')::int) and id < (select id from rule.log_head())
    order by id limit p_limit);
  get diagnostics v_count = row_count;
  return v_count;
end $$;

-- What has ended by itself and needs no word to anybody.
create function rule.retire_small_things() returns int
language plpgsql volatile as $$
declare
  v_count int := 0;
  v_more int;
begin
  delete from data.session where id in (select id from data.session where expires_at < now() limit 500);
  get diagnostics v_more = row_count;
  v_count := v_count + v_more;
  delete from data.sign_in_link where until < now() - interval '30 days';
  delete from data.invite where until < now() - interval '30 days';
  delete from data.sanction where until < now() - interval '30 days';
  delete from data.network_ban where until < now() - interval '30 days';
  delete from data.attempt where at < now() - interval '2 days';
  delete from data.allowance where since < now() - interval '2 days';
  delete from data.audit where id in (
    select id from data.audit where at < now() - make_interval(days => rule.setting_number('audit_days')::int) order by id limit 500);
  get diagnostics v_more = row_count;
  return v_count + v_more;
end $$;

-- Guests who were away too long give their names back.
create function rule.release_lost_guests(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_lost bigint[] := array(
    select p.id from data.person p
    where p.rank = 0 and p.name_key is not null and p.seen_at < now() - interval '1 day' and p.name not like '%#' || p.id and rule.is_lost_guest(p)
    limit p_limit);
  v_person bigint;
begin
  if v_lost <> '{}' then
    perform rule.lock_log();
    foreach v_person in array v_lost loop
      perform rule.release_name(rule.person(v_person));
    end loop;
  end if;
  return cardinality(v_lost);
end $$;
