-- Reports: whose queue they are in, who hears of them, and what a resolution does.

-- The rooms whose reports a person handles by a role there; server ranks handle those of all rooms.
create function rule.rooms_to_handle(p_actor data.person) returns bigint[]
language plpgsql stable as $$
declare
  v_rooms bigint[] := array(select room_id from data.member where person_id = p_actor.id and role >= 1);
begin
  if p_actor.rank < 2 and v_rooms = '{}' then
    perform rule.refuse(403, 'not_a_moderator', 'Only those who moderate see what was reported.');
  end if;
  return v_rooms;
end $$;

-- The message as it is now, for a report: without names, which are looked up when it is shown.
create function rule.copy_message(p_message data.message) returns jsonb
language sql stable as $$
  select jsonb_build_object('n', p_message.n, 'text', p_message.text, 'at', rule.show_time(p_message.at),
    'edited_at', rule.show_time(p_message.edited_at), 'reply_to', p_message.reply_to, 'images', rule.show_images(p_message.images));
$$;

-- Who reported is not shown to the author of the message, who may well be a moderator.
create function rule.show_report(p_report data.report, p_viewer bigint) returns json
language sql stable as $$
  select json_build_object('id', p_report.id, 'state', case when p_report.resolved_at is null then 'open' else 'resolved' end,
    'message', p_report.copy || jsonb_build_object('id', p_report.message_id, 'room_id', p_report.room_id, 'user', rule.show_name_of(p_report.author_id)),
    'room', (select json_build_object('id', id, 'kind', kind, 'name', name) from data.room where id = p_report.room_id),
    'removed', not exists (select from data.message m join data.person p on p.id = m.person_id
                           where m.id = p_report.message_id and m.deleted_at is null and m.id > p.hidden_up_to),
    'user', case when p_report.author_id <> p_viewer or p_report.reporter_id = p_viewer then rule.show_name_of(p_report.reporter_id) end,
    'rule', p_report.rule_id, 'held', p_report.held, 'reason', p_report.reason, 'at', rule.show_time(p_report.at),
    'action', p_report.action, 'resolved_by', rule.show_name_of(p_report.resolver_id), 'resolved_at', rule.show_time(p_report.resolved_at));
$$;

-- report.opened or report.resolved, once for each who handles it: those who moderate the room by the room's audience, server
-- moderators who are not in the room one by one (they are few); for a direct room the server's moderators alone.
create function rule.tell_handlers(p_kind text, p_report data.report, p_actor bigint) returns void
language plpgsql volatile as $$
declare
  v_detail jsonb := jsonb_strip_nulls(jsonb_build_object('id', p_report.id, 'message_id', p_report.message_id, 'room_id', p_report.room_id, 'action', p_report.action));
  v_person bigint;
begin
  if (select kind from data.room where id = p_report.room_id) = 'direct' then
    perform rule.log_event(p_kind, 'rank', 2, p_report.room_id, p_report.message_id, p_actor => p_actor, p_detail => v_detail);
    return;
  end if;
  perform rule.log_event(p_kind, 'moderators', p_report.room_id, p_report.room_id, p_report.message_id, p_actor => p_actor, p_detail => v_detail);
  for v_person in
    select p.id from data.person p
    where p.rank >= 2 and p.erased_at is null and not exists (select from data.member m where m.person_id = p.id and m.room_id = p_report.room_id)
  loop
    perform rule.log_event(p_kind, 'person', v_person, p_report.room_id, p_report.message_id, p_actor => p_actor, p_detail => v_detail);
  end loop;
end $$;

-- Carries out what was decided on a reported message. Each act asks the ladder for itself; all but `dismiss` remove the message.
create function rule.act_on_report(p_actor data.person, p_report data.report, p_args jsonb) returns void
language plpgsql volatile as $$
declare
  v_author data.person := rule.person(p_report.author_id);
  v_until timestamptz := rule.sanction_until(p_args);
  v_reason text := rule.sanction_reason(p_args);
  v_message data.message;
begin
  if p_args->>'action' = 'dismiss' then
    if p_report.held then
      perform rule.bring_back_from(p_report);
    end if;
    return;
  end if;
  select * into v_message from data.message where id = p_report.message_id;
  if found then
    perform rule.remove_message_as(p_actor, v_message, v_reason);
  end if;
  case p_args->>'action'
    when 'mute' then perform rule.mute_as(p_actor, v_author, p_report.room_id, v_until, v_reason);
    when 'room_ban' then perform rule.ban_member_as(p_actor, v_author, p_report.room_id, v_until, v_reason);
    when 'ban' then perform rule.ban_user_as(p_actor, rule.person_to_act_on(v_author.id), v_until, v_reason, p_args->>'messages');
    else null;
  end case;
end $$;

-- An open report that is in the actor's queue, or one that the actor has resolved in just this way: the call is a repetition.
-- Else 404, or 409 when somebody was quicker.
create function rule.report_to_resolve(p_actor data.person, p_report bigint, p_action text) returns data.report
language plpgsql stable as $$
declare
  v_rooms bigint[] := rule.rooms_to_handle(p_actor);
  v_report data.report;
begin
  select * into v_report from data.report where id = p_report and (p_actor.rank >= 2 or room_id = any(v_rooms));
  if not found then
    perform rule.not_found('report');
  elsif v_report.resolved_at is not null and (v_report.resolver_id is distinct from p_actor.id or v_report.action is distinct from p_action) then
    perform rule.refuse(409, 'already_resolved', 'Somebody has resolved this report already.', jsonb_build_object('action', v_report.action));
  elsif v_report.author_id = p_actor.id then
    perform rule.refuse(403, 'own_message', 'This report is about a message of yours: somebody else decides.');
  end if;
  return v_report;
end $$;
