-- What exports are made of beside the rows themselves, and who may have a room's.

-- The moderation that concerns a person: what is in force, what was reported by and of them, and what the audit says. Not who reported
-- them, and who acted only when it was they.
create function rule.export_moderation(p_person bigint) returns setof json
language sql stable as $$
  select json_build_object('type', s.kind, 'room_id', nullif(s.room_id, 0), 'until', rule.show_time(s.until), 'reason', s.reason, 'at', rule.show_time(s.at))
  from data.sanction s where s.person_id = p_person
  union all
  select json_build_object('type', 'report', 'by_me', r.reporter_id is not distinct from p_person, 'message_id', r.message_id, 'room_id', r.room_id,
    'reason', case when r.reporter_id = p_person then r.reason end, 'message', case when r.author_id = p_person then r.copy end,
    'at', rule.show_time(r.at), 'action', r.action, 'resolved_at', rule.show_time(r.resolved_at))
  from data.report r where p_person in (r.author_id, r.reporter_id)
  union all
  select json_build_object('type', 'audit', 'action', a.action, 'room_id', a.room_id, 'message_id', a.message_id, 'until', rule.show_time(a.until),
    'reason', a.reason, 'at', rule.show_time(a.at), 'by_me', a.actor_id is not distinct from p_person)
  from data.audit a where p_person in (a.actor_id, a.person_id);
$$;

-- Who may export a room: its owner, also one with a server rank, and admins where they act. Else 403, or 404 of a room that one may not know.
create function rule.exporter_of_room(p_token text, p_room bigint) returns bigint
language plpgsql stable as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_room data.room := rule.visible_room(v_actor, p_room);
begin
  if rule.power_in(v_actor, v_room) < 5 and (rule.membership(v_actor.id, p_room)).role is distinct from 2 then
    perform rule.refuse(403, 'not_an_owner', 'Only an owner of this room and admins may export it.');
  end if;
  return v_actor.id;
end $$;
