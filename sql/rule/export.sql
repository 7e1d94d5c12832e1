-- What exports are made of beside the rows themselves, and who may have a room's.

-- A message of one's own. Who is not in its room any more has their own row of it, and nothing that others say or did there since.
create function rule.show_own_message(p_message data.message, p_author data.person, p_blocks bigint[] default '{}') returns json
language plpgsql stable as $$
declare
  v_quoted bigint := p_message.reply_to;
begin
  if v_quoted is null and not p_message.reacted or (rule.membership(p_author.id, p_message.room_id)).person_id is not null then
    return rule.show_message(p_message, p_blocks, p_author);
  end if;
  p_message.reply_to := null;
  p_message.reacted := false;
  return rule.show_message(p_message, '{}', p_author)::jsonb
    || jsonb_build_object('reply_to', case when v_quoted is not null then jsonb_build_object('id', v_quoted, 'user', null, 'text', null, 'deleted', null) end);
end $$;

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
