-- Presence and typing: what a client says of itself, and what the hubs say and ask. None of it waits for a flush of the WAL,
-- as long as these two are called on their own and not in a batch of api.execute.

-- POST /api/me/activity {state: "active"|"idle"}
create function api.set_activity(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_session bigint := (rule.session_of(p_token)).id;
  v_idle boolean;
  v_before jsonb;
begin
  if coalesce(p_args->>'state', '') not in ('active', 'idle') then
    perform rule.refuse_invalid('state', 'say "active" or "idle"');
  end if;
  v_idle := p_args->>'state' = 'idle';
  status := 204;
  if v_session is null or exists (select from data.presence where session_id = v_session having bool_and(idle = v_idle)) then
    return;
  end if;
  perform rule.lock_presence();
  v_before := rule.note_presence(array[v_actor.id]);
  insert into data.presence (hub, session_id, person_id, idle)
  select 0, v_session, v_actor.id, v_idle where not exists (select from data.presence where session_id = v_session);
  update data.presence set idle = v_idle where session_id = v_session and idle <> v_idle;
  perform rule.tell_presence(v_before);
end $$;

-- POST /api/rooms/ID/typing: travels inside the notification and is nowhere else.
create function api.set_typing(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_room data.room := rule.joined_room(v_actor, (p_args->>'room')::bigint);
begin
  perform rule.check_may_write(v_actor, v_room);
  perform pg_notify('parley_now', json_build_object('type', 'typing', 'room', v_room.id, 'user', rule.show_name(v_actor))::text);
  status := 204;
end $$;

-- A number for a hub, leased as long as its connection lives.
create function api.take_lease() returns int
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_hub int;
begin
  loop
    v_hub := 1 + floor(random() * 1000000000)::int;
    continue when exists (select from data.presence where hub = v_hub);
    exit when pg_try_advisory_lock(7265109, v_hub);
  end loop;
  return v_hub;
end $$;

-- A hub says which sessions have a stream now ([[session, person], …]) and which have none any more.
-- What a session said of itself before, or on another hub, stays.
create function api.report_presence(p_hub int, p_here jsonb, p_gone bigint[]) returns void
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_before jsonb;
begin
  perform rule.lock_presence();
  v_before := rule.note_presence(array(select (here->>1)::bigint from jsonb_array_elements(p_here) here
                                       union select person_id from data.presence where hub = p_hub and session_id = any(p_gone)));
  insert into data.presence (hub, session_id, person_id, idle)
  select p_hub, (here->>0)::bigint, (here->>1)::bigint,
         coalesce((select bool_and(said.idle) from data.presence said where said.session_id = (here->>0)::bigint), false)
  from jsonb_array_elements(p_here) here
  on conflict do nothing;
  delete from data.presence where hub = 0 and session_id in (select (here->>0)::bigint from jsonb_array_elements(p_here) here);
  delete from data.presence where hub = p_hub and session_id = any(p_gone);
  perform rule.tell_presence(v_before);
end $$;

-- The hubs that left rows and hold no lease; 0 for what sessions said that never got a stream. A question: nothing is written.
create function api.find_dead_hubs() returns setof int
language sql volatile security definer set search_path = data, rule, pg_temp as $$
  select hub from (select hub, min(at) as at from data.presence group by hub) left_by
  where case when hub = 0 then at < now() - interval '1 minute' else not rule.hub_is_alive(hub) end;
$$;

-- Takes away what a dead hub left. Whoever came back to another hub by now does not even flicker.
create function api.reap_hub(p_hub int) returns void
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_before jsonb;
begin
  if p_hub <> 0 and not pg_try_advisory_xact_lock(7265109, p_hub) then
    return;
  end if;
  perform rule.lock_presence();
  v_before := rule.note_presence(array(select person_id from data.presence where hub = p_hub));
  delete from data.presence where hub = p_hub and (hub <> 0 or at < now() - interval '1 minute');
  perform rule.tell_presence(v_before);
end $$;

-- Where these people are, with the number of members: [[room_id, members], …]. For who shares a room with somebody of another node.
create function api.rooms_of(p_persons bigint[]) returns table (person_id bigint, rooms json)
language sql stable security definer set search_path = data, rule, pg_temp as $$
  select m.person_id, json_agg(json_build_array(r.id, r.members))
  from data.member m join data.room r on r.id = m.room_id
  where m.person_id = any(p_persons)
  group by m.person_id;
$$;

-- How many are here of large rooms, where single names would be too many.
create function api.count_online(p_rooms bigint[]) returns table (room_id bigint, online int)
language sql stable security definer set search_path = data, rule, pg_temp as $$
  select room.id, (select count(*)::int from data.member m where m.room_id = room.id
                   and m.person_id in (select here.person_id from data.presence here where here.hub <> 0))
  from unnest(p_rooms) as room(id);
$$;

-- How much each of these readers missed, up to a limit: the same question as api.replay, without an answer's weight.
create function api.count_missed(p_readers jsonb) returns table (k int, missed int)
language sql stable security definer set search_path = data, rule, pg_temp as $$
  select r.k, (select count(*)::int from rule.missed_events(r.person, r.after, r.upto, r."limit"))
  from jsonb_to_recordset(p_readers) as r(k int, person bigint, after bigint, upto bigint, "limit" int);
$$;
