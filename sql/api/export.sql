-- Exports: JSON lines, each {"type":…, …}, in one snapshot. The program streams them row by row on a connection of its own.

-- GET /api/me/export: everything of mine.
create function api.export_me(p_token text) returns setof json
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
begin
  return query select json_build_object('type', 'profile', 'user', rule.show_own(v_actor), 'created_at', rule.show_time(v_actor.created_at));
  return query select json_build_object('type', case when s.is_token then 'token' else 'session' end, 'session', rule.show_session(s, null))
    from data.session s where s.person_id = v_actor.id order by s.id;
  return query select json_build_object('type', 'bot', 'user', rule.show_person(p)) from data.person p where p.keeper_id = v_actor.id order by p.id;
  return query select json_build_object('type', 'room', 'room', r.room) from rule.show_rooms(v_actor.id) r;
  return query select json_build_object('type', 'block', 'user', rule.show_name_of(b.blocked_id), 'at', rule.show_time(b.at)) from data.block b where b.person_id = v_actor.id;
  return query select json_build_object('type', 'message', 'message', rule.show_message(m, '{}'::bigint[], v_actor))
    from data.message m where m.person_id = v_actor.id order by m.room_id, m.id;
  return query select json_build_object('type', 'reaction', 'message_id', r.message_id, 'emoji', r.emoji, 'at', rule.show_time(r.at))
    from data.reaction r where r.person_id = v_actor.id order by r.message_id;
  return query select json_build_object('type', 'image', 'image', rule.show_images(array[i.id])->0, 'message_id', i.message_id) from data.image i where i.person_id = v_actor.id order by i.id;
  return query select json_build_object('type', s.kind, 'room_id', nullif(s.room_id, 0), 'until', rule.show_time(s.until), 'reason', s.reason, 'at', rule.show_time(s.at))
    from data.sanction s where s.person_id = v_actor.id order by s.at;
  return query select json_build_object('type', 'audit', 'action', a.action, 'room_id', a.room_id, 'message_id', a.message_id, 'until', rule.show_time(a.until),
                                        'reason', a.reason, 'at', rule.show_time(a.at), 'by_me', a.actor_id is not distinct from v_actor.id)
    from data.audit a where v_actor.id in (a.actor_id, a.person_id) order by a.id;
end $$;

-- GET /api/rooms/ID/export: a room for its owner, and for admins where they act.
create function api.export_room(p_token text, p_room bigint) returns setof json
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_room data.room := rule.visible_room(v_actor, p_room);
begin
  if not (rule.power_in(v_actor, v_room) >= 5 or rule.power_in(v_actor, v_room) = 3) then
    perform rule.refuse(403, 'not_an_owner', 'Only an owner of this room and admins may export it.');
  end if;
  return query select json_build_object('type', 'room', 'room', r.room) from rule.show_rooms(v_actor.id, array[p_room]) r;
  return query select json_build_object('type', 'member', 'member', rule.show_member(m)) from data.member m where m.room_id = p_room order by m.person_id;
  return query select json_build_object('type', 'message', 'message', rule.show_message(m, '{}'::bigint[])) from data.message m where m.room_id = p_room order by m.id;
end $$;
