-- Word and link rules, and what is judged by them before it is posted.

-- GET /api/rules: for moderators of the server.
create function api.list_rules(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_page record := rule.page_of(array(select id from data.rule order by id), p_args, null);
begin
  perform rule.check_moderates_server(rule.actor(p_token));
  status := 200;
  body := json_build_object(
    'rules', (select coalesce(json_agg(rule.show_rule(r) order by r.id), '[]') from data.rule r where r.id = any(v_page.ids)),
    'more_before', v_page.more_before, 'more_after', v_page.more_after);
end $$;

-- POST /api/rules {kind, pattern, action, minutes?, rooms?, exempt?, name?, enabled?}: 201 {rule}. One word or domain a line; a regular
-- expression is for admins, because it costs time. It judges nobody of its maker's rank or above, and a mute or a hiding is for who stands
-- below; in groups that its maker is not in it only refuses.
create function api.create_rule(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_rule data.rule := rule.rule_of(v_actor, null, p_args);
begin
  if (select count(*) from data.rule) >= 200 then
    perform rule.refuse(409, 'too_many_rules', 'There are 200 rules already. Take one away first, or put several words into one.');
  end if;
  insert into data.rule (name, kind, pattern, action, minutes, rooms, exempt, enabled, rank, actor_id)
  values (v_rule.name, v_rule.kind, v_rule.pattern, v_rule.action, v_rule.minutes, v_rule.rooms, v_rule.exempt, v_rule.enabled, v_rule.rank, nullif(v_actor.id, 0))
  returning * into v_rule;
  perform rule.store_lines(v_rule);
  perform rule.note_rule(v_actor, 'create_rule', v_rule);
  status := 201;
  body := json_build_object('rule', rule.show_rule(v_rule));
end $$;

-- PATCH /api/rules/ID: the same members, all of them optional, by whoever made it or stands above. Whoever switches a slow one on again has looked at it.
create function api.change_rule(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_was data.rule;
  v_rule data.rule;
begin
  perform rule.check_moderates_server(v_actor);
  v_was := rule.existing_rule((p_args->>'rule')::bigint);
  perform rule.check_may_change_rule(v_actor, v_was);
  v_rule := rule.rule_of(v_actor, v_was, p_args);
  update data.rule set name = v_rule.name, kind = v_rule.kind, pattern = v_rule.pattern, action = v_rule.action,
    minutes = v_rule.minutes, rooms = v_rule.rooms, exempt = v_rule.exempt, enabled = v_rule.enabled, rank = v_rule.rank, slow_at = case when not v_rule.enabled then slow_at end
  where id = v_rule.id;
  perform rule.store_lines(v_rule) where v_rule.kind <> v_was.kind or v_rule.pattern <> v_was.pattern;
  perform rule.note_rule(v_actor, 'change_rule', v_rule, v_was);
  status := 204;
end $$;

-- DELETE /api/rules/ID
create function api.delete_rule(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_rule data.rule;
begin
  perform rule.check_moderates_server(v_actor);
  v_rule := rule.existing_rule((p_args->>'rule')::bigint);
  perform rule.check_may_use_regex(v_actor, v_rule.kind);
  perform rule.check_may_change_rule(v_actor, v_rule);
  delete from data.rule where id = v_rule.id;
  perform rule.note_rule(v_actor, 'delete_rule', v_rule);
  status := 204;
end $$;

-- POST /api/rules/try {kind, pattern, rooms?, exempt?}: what it would have caught in the last 30 days in the rooms that the actor may see:
-- {"tried":N,"hits":N,"slow":false,"since":"…","messages":[…]}, the newest 50 of the hits. It goes back from now for 3 seconds at most
-- (by the statement's own time-out):
-- `slow` when that did not reach 30 days, `since` how far it came.
create function api.try_rule(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_rule data.rule := rule.rule_of(v_actor, null, p_args || '{"action":"report"}', p_compiles => true);
  v_lines data.rule_line[] := array(select l from rule.lines_of(v_rule) l);
  v_message data.message;
  v_shown bigint[] := '{}'::bigint[];
  v_hits int := 0;
  v_tried int := 0;
  v_since timestamptz := now() - interval '30 days';
  v_slow boolean := false;
begin
  begin
    for v_message in select * from rule.messages_to_try(v_actor, v_rule) loop
      if v_slow then
        v_since := v_message.at;
        exit;
      elsif rule.fits(v_rule, v_lines, v_message.text) then
        v_hits := v_hits + 1;
        v_shown := case when v_hits <= 50 then v_shown || v_message.id else v_shown end;
      end if;
      v_tried := v_tried + 1;
      v_slow := clock_timestamp() > statement_timestamp() + interval '2.5 seconds';
    end loop;
  exception when query_canceled then
    v_slow := true;
    v_since := coalesce(v_message.at, now());
  end;
  status := 200;
  body := json_build_object('tried', v_tried, 'hits', v_hits, 'slow', v_slow, 'since', rule.show_time(v_since), 'messages',
    (select coalesce(json_agg(rule.show_message(m, '{}') order by m.id), '[]') from data.message m where m.id = any(v_shown)));
end $$;

-- --- For the program

-- Before create_rule and change_rule, with the same arguments: refuses what they would refuse, and a regular expression that is none, which to
-- find out may take too long for the log lock.
create function api.check_rule(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_was data.rule;
begin
  perform rule.check_moderates_server(v_actor);
  if p_args ? 'rule' then
    v_was := rule.existing_rule((p_args->>'rule')::bigint);
    perform rule.check_may_change_rule(v_actor, v_was);
  end if;
  perform rule.rule_of(v_actor, v_was, p_args, p_compiles => true);
  status := 200;
  body := '{}';
end $$;

-- {"judges":true,"networks":["192.0.2.0/24"]}: whether api.judge is to be asked, and from which networks nothing is answered. Asked at most once a second.
create function api.guard(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
begin
  status := 200;
  body := json_build_object('judges', rule.judges(), 'networks', (
    select coalesce(json_agg(network order by id), '[]') from data.network_ban where scope = 'everything' and until > now()));
end $$;

-- Before post_message {room, text, images?, alts?}, edit_message {message, text}, and what has no `text` but may name something (create_room,
-- change_room, change_me, upgrade_me, create_bot: name, topic, status; there only refusals count): refuses, or {"rule":ID, "same":…}, which the program gives to
-- the call itself; {"slow":ID}, a rule that took too long: to be switched off, and asked again; or {} when nothing is against it.
-- It has a connection with a time-out of its own, which is caught here rule by rule.
create function api.judge(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_text text := coalesce(p_args->>'text', '');
  v_has_images boolean := jsonb_typeof(p_args->'images') = 'array' and p_args->'images' <> '[]';
  v_all text := concat_ws(E'\n', v_text, case when v_has_images then rule.alts_text(v_actor.id, p_args) end);
  v_found record;
  v_room data.room;
begin
  status := 200;
  body := '{}';
  if not p_args ? 'text' then
    body := jsonb_strip_nulls(jsonb_build_object('slow', rule.judge_label(v_actor, (p_args->>'room')::bigint, concat_ws(E'\n', p_args->>'name', p_args->>'topic', p_args->>'status'))));
    return;
  end if;
  select r.* into v_room
  from data.room r join data.member m on m.room_id = r.id and m.person_id = v_actor.id
  where r.id = coalesce((p_args->>'room')::bigint, (select room_id from data.message where id = (p_args->>'message')::bigint and person_id = v_actor.id));
  if not found or rule.is_repeated(v_actor.id, p_args) then
    return;
  end if;
  perform rule.check_newcomer(v_actor, v_room, v_all, v_has_images);
  perform rule.check_flood(v_actor, v_room.id, v_text, p_is_edit => p_args ? 'message');
  v_found := rule.apply_rules(v_actor, v_room, v_all);
  if v_found.action = 'refuse' then
    perform rule.refuse_by_rule();
  end if;
  body := jsonb_strip_nulls(jsonb_build_object('rule', v_found.rule, 'slow', v_found.slow, 'same', rule.sameness(v_actor, v_text, case when v_all = v_text then v_found.forms end)));
end $$;

-- Switches off a rule that took too long. Nobody's doing: the audit names the rule itself.
create function api.switch_off_rule(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_rule data.rule;
begin
  perform rule.lock_log();
  update data.rule set enabled = false, slow_at = now() where id = (p_args->>'rule')::bigint and enabled returning * into v_rule;
  if found then
    perform rule.note_rule(rule.actor_of_rule(v_rule.id), 'switch_off_rule', v_rule);
  end if;
  status := 204;
end $$;
