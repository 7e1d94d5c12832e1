-- Rooms and membership.

-- GET /api/rooms: mine; with all=1 every channel that I may join, the newest 500 when no page is asked for.
create function api.list_rooms(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_page record;
begin
  if coalesce((p_args->>'all')::boolean, false) then
    v_page := rule.page_of(array(
      select r.id from data.room r
      where r.kind = 'channel' and r.archived_at is null and not rule.is_banned(v_actor.id, r.id)
        and (p_args->>'q' is null or position(lower(p_args->>'q') in lower(r.name || ' ' || r.topic)) > 0)
      order by r.id), p_args, 500);
  else
    v_page := rule.page_of(array(select room_id from data.member where person_id = v_actor.id order by room_id), p_args, null);
  end if;
  status := 200;
  body := json_build_object(
    'rooms', (select coalesce(json_agg(room order by id), '[]') from rule.show_rooms(v_actor.id, v_page.ids)),
    'more_before', v_page.more_before, 'more_after', v_page.more_after);
end $$;

create function api.get_room(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_room data.room := rule.visible_room(v_actor, (p_args->>'room')::bigint);
begin
  status := 200;
  body := rule.show_room(v_actor.id, v_room.id);
end $$;

-- POST /api/rooms {kind, name, topic?, members?}: the maker is its owner.
create function api.create_room(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_name text := rule.clean_name(p_args->>'name', p_max => 80);
  v_topic text := rule.clean_line(coalesce(p_args->>'topic', ''), 'topic', 250);
  v_room bigint;
begin
  if coalesce(p_args->>'kind', '') not in ('channel', 'group') then
    perform rule.refuse_invalid('kind', 'channel or group; direct rooms are opened with PUT /api/directs/USER');
  end if;
  perform rule.use_up(v_actor.id, 'rooms', p_args);
  insert into data.room (kind, name, topic) values (p_args->>'kind', v_name, v_topic) returning id into v_room;
  perform rule.add_member(v_room, v_actor.id, 2, v_actor.id);
  perform rule.add_people(v_actor, v_room, rule.ids(p_args->'members'), p_args);
  perform rule.log_event('room.created', 'room', v_room, p_room => v_room, p_actor => v_actor.id);
  status := 201;
  body := rule.show_room(v_actor.id, v_room);
end $$;

-- PATCH /api/rooms/ID {name?, topic?, slow_mode?, archived?, message_days?}: message_days null is as the server's. What changes nothing says
-- nothing, so it can be repeated; an archived room is first brought back.
create function api.change_room(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_room data.room;
  v_new data.room;
begin
  v_room := rule.visible_room(v_actor, (p_args->>'room')::bigint);
  perform rule.check_may_change_room(v_actor, v_room, p_args);
  v_new := rule.changed_room(v_actor, v_room, p_args);
  status := 204;
  if v_new is not distinct from v_room then
    return;
  elsif v_new.archived_at is not null then
    perform rule.check_not_archived(v_room);
  end if;
  update data.room set (name, topic, slow_mode, message_days, days_by_admin, archived_at)
    = (v_new.name, v_new.topic, v_new.slow_mode, v_new.message_days, v_new.days_by_admin, v_new.archived_at)
  where id = v_room.id;
  perform rule.log_event('room.changed', 'room', v_room.id, p_room => v_room.id, p_actor => v_actor.id);
  perform rule.note_audit(v_actor, 'change_room', p_room => v_room.id,
    p_detail => rule.room_facts(v_new, p_args) || jsonb_build_object('was', rule.room_facts(v_room, p_args)));
end $$;

-- POST /api/rooms/ID/join
create function api.join_room(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_room data.room;
begin
  v_room := rule.visible_room(v_actor, (p_args->>'room')::bigint);
  if rule.is_banned(v_actor.id, v_room.id) then
    perform rule.refuse(403, 'banned', 'You are banned from this room.');
  elsif (rule.membership(v_actor.id, v_room.id)).person_id is null then
    if v_room.archived_at is not null then
      perform rule.refuse(403, 'archived', 'This room is archived: nobody joins it any more.');
    end if;
    perform rule.use_up(v_actor.id, 'joins', p_args);
    perform rule.add_member(v_room.id, v_actor.id, 0, v_actor.id);
  end if;
  status := 200;
  body := rule.show_room(v_actor.id, v_room.id);
end $$;

-- POST /api/rooms/ID/leave: also when one is not in it (any more).
create function api.leave_room(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_room data.room;
begin
  v_room := rule.visible_room(v_actor, (p_args->>'room')::bigint);
  if v_room.kind = 'direct' then
    perform rule.refuse(403, 'direct_room', 'A direct room cannot be left. You can block the person instead.');
  end if;
  perform rule.drop_member(v_room.id, v_actor.id, v_actor.id, 'left');
  status := 204;
end $$;

-- GET /api/rooms/ID/members: pages by the ids of the people.
create function api.list_members(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_room data.room := rule.joined_room(v_actor, (p_args->>'room')::bigint);
  v_page record := rule.page_of(array(select person_id from data.member where room_id = v_room.id order by person_id), p_args);
begin
  status := 200;
  body := json_build_object(
    'members', (select coalesce(json_agg(rule.show_member(m) order by m.person_id), '[]')
                from data.member m where m.room_id = v_room.id and m.person_id = any(v_page.ids)),
    'more_before', v_page.more_before, 'more_after', v_page.more_after);
end $$;

-- PUT /api/rooms/ID/members/USER {role?, reason?}: adds the person, or changes the role.
create function api.put_member(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_user bigint := (p_args->>'user')::bigint;
  v_reason text := nullif(rule.sanction_reason(p_args), '');
  v_room data.room;
begin
  v_room := rule.visible_room(v_actor, (p_args->>'room')::bigint);
  if rule.power_in(v_actor, v_room) < 4 then
    perform rule.joined_room(v_actor, v_room.id);
  end if;
  perform rule.check_may_add(v_actor, v_room);
  if (rule.membership(v_user, v_room.id)).person_id is null then
    perform rule.add_people(v_actor, v_room.id, array[v_user], p_args);
  end if;
  if p_args->>'role' is not null then
    perform rule.change_role(v_actor, v_room, v_user, rule.room_role_number(p_args->>'role'), v_reason);
  end if;
  status := 204;
end $$;

-- DELETE /api/rooms/ID/members/USER?reason=: by those who moderate it and stand higher; oneself is to leave.
create function api.remove_member(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_user bigint := (p_args->>'user')::bigint;
  v_room data.room;
begin
  if v_user = v_actor.id then
    select r.status, r.body into status, body from api.leave_room(p_token, p_args) r;
    return;
  end if;
  v_room := rule.visible_room(v_actor, (p_args->>'room')::bigint);
  perform rule.check_moderates(v_actor, v_room);
  if (rule.membership(v_user, v_room.id)).person_id is null then
    perform rule.not_found('member');
  end if;
  perform rule.check_outranks(v_actor, rule.person(v_user), v_room);
  perform rule.note_audit(v_actor, 'remove_member', v_user, v_room.id, p_reason => nullif(rule.sanction_reason(p_args), ''),
    p_detail => jsonb_build_object('was', rule.room_role_name((rule.membership(v_user, v_room.id)).role)));
  perform rule.drop_member(v_room.id, v_user, v_actor.id, 'removed');
  status := 204;
end $$;

-- PUT /api/directs/USER: the room of us two, made when it is not there yet; one a pair. Who was erased is nobody any more.
create function api.open_direct(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_user bigint := (rule.person_to_act_on((p_args->>'user')::bigint)).id;
  v_room bigint;
begin
  if v_user = v_actor.id then
    perform rule.refuse_invalid('user', 'a direct room is for two different people');
  end if;
  select id into v_room from data.room where pair_low = least(v_actor.id, v_user) and pair_high = greatest(v_actor.id, v_user);
  if not found then
    perform rule.check_may_talk(v_actor.id, v_user);
    perform rule.check_may_write_directly(v_actor);
    perform rule.use_up(v_actor.id, 'directs', p_args);
    insert into data.room (kind, pair_low, pair_high) values ('direct', least(v_actor.id, v_user), greatest(v_actor.id, v_user)) returning id into v_room;
    perform rule.add_member(v_room, v_actor.id, 0, v_actor.id);
    perform rule.add_member(v_room, v_user, 0, v_actor.id);
  end if;
  status := 200;
  body := rule.show_room(v_actor.id, v_room);
end $$;

-- PUT /api/rooms/ID/read {up_to}: moves my mark forward, never back; waits for no flush, and tells my streams in passing, also the one
-- beside the call: several may have one session, and what it knows already does it no harm.
create function api.mark_read(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_room data.room := rule.joined_room(v_actor, (p_args->>'room')::bigint);
  v_my jsonb;
  v_moved boolean;
begin
  perform set_config('synchronous_commit', 'off', true);
  update data.member m set read_up_to = last.id, read_n = last.n
  from (select id, n from data.message where room_id = v_room.id and id <= (p_args->>'up_to')::bigint order by id desc limit 1) last
  where m.person_id = v_actor.id and m.room_id = v_room.id and m.read_n < last.n;
  v_moved := found;
  v_my := (select room->'my' from rule.show_rooms(v_actor.id, array[v_room.id]));
  status := 200;
  body := json_build_object('up_to', v_my->'read_up_to', 'unread', v_my->'unread', 'mentions', v_my->'mentions');
  if v_moved then
    perform pg_notify('parley_now', json_build_object('type', 'read', 'person', v_actor.id,
      'data', json_build_object('room_id', v_room.id, 'up_to', v_my->'read_up_to', 'unread', v_my->'unread', 'mentions', v_my->'mentions'))::text);
  end if;
end $$;

-- PUT /api/rooms/ID/level {level}: what notifies me.
create function api.set_level(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_room data.room := rule.joined_room(v_actor, (p_args->>'room')::bigint);
begin
  if coalesce(p_args->>'level', '') not in ('all', 'mentions', 'none') then
    perform rule.refuse_invalid('level', 'all, mentions or none');
  end if;
  update data.member set level = p_args->>'level' where person_id = v_actor.id and room_id = v_room.id;
  status := 204;
end $$;
