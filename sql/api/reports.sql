-- Reports: anybody who reads a message may report it; those who moderate decide.

-- POST /api/messages/ID/report {reason}: 201 {report}, and 200 with the same one while it is open. The message is copied as it is now.
create function api.report_message(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_message data.message := rule.live_message(v_actor, (p_args->>'message')::bigint);
  v_report data.report;
begin
  select * into v_report from data.report where message_id = v_message.id and reporter_id = v_actor.id and resolved_at is null;
  status := 200;
  if not found then
    perform rule.use_up(v_actor.id, 'reports');
    insert into data.report (message_id, room_id, author_id, reporter_id, reason, copy)
    values (v_message.id, v_message.room_id, v_message.person_id, v_actor.id, rule.sanction_reason(p_args), rule.copy_message(v_message))
    returning * into v_report;
    perform rule.tell_handlers('report.opened', v_report, v_actor.id);
    status := 201;
  end if;
  body := json_build_object('report', json_build_object('id', v_report.id, 'message_id', v_report.message_id, 'reason', v_report.reason,
                                                        'state', 'open', 'at', rule.show_time(v_report.at)));
end $$;

-- GET /api/reports?state=open|resolved|all&before=&after=&limit=: the queue of those who moderate: server ranks see all,
-- owners and moderators of rooms those of their rooms.
create function api.list_reports(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_rooms bigint[] := rule.rooms_to_handle(v_actor);
  v_state text := coalesce(p_args->>'state', 'open');
  v_page record;
begin
  if v_state not in ('open', 'resolved', 'all') then
    perform rule.refuse_invalid('state', 'open, resolved or all');
  end if;
  v_page := rule.page_of(array(
    select id from data.report
    where (v_actor.rank >= 2 or room_id = any(v_rooms)) and (v_state = 'all' or (v_state = 'open') = (resolved_at is null))
    order by id), p_args);
  status := 200;
  body := json_build_object(
    'reports', (select coalesce(json_agg(rule.show_report(r, v_actor.id) order by r.id), '[]') from data.report r where r.id = any(v_page.ids)),
    'more_before', v_page.more_before, 'more_after', v_page.more_after);
end $$;

-- POST /api/reports/ID/resolve {action, until?, reason?, messages?}: what is done, and the report closed, in one step.
--   dismiss   nothing was wrong         mute      removes the message and mutes its author in the room
--   remove    removes the message       room_ban  removes it and bans its author from the room      ban  … from the server
-- All open reports of this message are resolved with it. Who comes second gets 409 `already_resolved`, but repeating
-- one's own call is no error. Nobody judges a message of their own.
create function api.resolve_report(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_report data.report;
  v_reports bigint[];
begin
  if coalesce(p_args->>'action', '') not in ('dismiss', 'remove', 'mute', 'room_ban', 'ban') then
    perform rule.refuse_invalid('action', 'dismiss, remove, mute, room_ban or ban');
  end if;
  v_report := rule.report_to_resolve(v_actor, (p_args->>'report')::bigint, p_args->>'action');
  status := 204;
  if v_report.resolved_at is not null then
    return;
  end if;
  perform rule.act_on_report(v_actor, v_report, p_args);
  for v_report in select * from data.report where message_id = v_report.message_id and resolved_at is null order by id loop
    update data.report set resolved_at = now(), resolver_id = nullif(v_actor.id, 0), action = p_args->>'action'
    where id = v_report.id returning * into v_report;
    v_reports := v_reports || v_report.id;
    perform rule.tell_handlers('report.resolved', v_report, v_actor.id);
  end loop;
  perform rule.note_audit(v_actor, 'resolve_report', v_report.author_id, v_report.room_id, v_report.message_id, p_reason => p_args->>'reason',
                          p_detail => jsonb_build_object('reports', v_reports, 'action', p_args->'action'));
end $$;
