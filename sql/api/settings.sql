-- The settings of the server, for admins; and the one against a raid, which is for moderators, too.

-- GET /api/settings: {"settings":{"name":"Parley","guests":true,…},"schema":{"name":{"type":"string","default":"Parley","description":"…"},…}}
create function api.get_settings(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
begin
  perform rule.check_administers(rule.actor(p_token));
  status := 200;
  body := json_build_object('settings', rule.show_settings(), 'schema', rule.show_settings_schema());
end $$;

-- PATCH /api/settings {KEY: value, …}: null goes back to the default.
create function api.change_settings(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
begin
  perform rule.check_administers(v_actor);
  perform rule.set_settings(v_actor, 'change_settings', p_args);
  status := 204;
end $$;

-- GET /api/settings/retention?message_days=&log_days=&audit_days=: what retention would take away now, as it is set or as it might be:
-- {"messages":N,"images":N,"events":N,"audit":N,"sessions":N,"invites":N}. A room's own days hold where they are fewer, or an admin said them.
create function api.preview_retention(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
begin
  perform rule.check_administers(rule.actor(p_token));
  status := 200;
  body := rule.count_retention(
    coalesce((p_args->>'message_days')::int, rule.setting_number('message_days')::int),
    coalesce((p_args->>'log_days')::int, rule.setting_number('log_days')::int),
    coalesce((p_args->>'audit_days')::int, rule.setting_number('audit_days')::int));
end $$;

-- GET /api/raid: until when the door is shut; null: it is not.
create function api.get_raid(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
begin
  perform rule.check_moderates_server(rule.actor(p_token));
  status := 200;
  body := json_build_object('raid', json_build_object('until', case when rule.is_raid() then rule.setting('raid_until') end));
end $$;

-- PUT /api/raid {until}: a raid is on until then, at most 7 days, or over when it is null: no new accounts, guests and invitations; newcomers write
-- to nobody directly and add nobody to a room.
create function api.set_raid(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_until text := case when p_args->>'until' is not null then rule.show_time(rule.sanction_until(p_args)) end;
begin
  perform rule.check_moderates_server(v_actor);
  perform rule.refuse_invalid('until', fault)
  from rule.setting_defaults(), rule.setting_fault(to_jsonb(v_until), kind, low, high) as fault where key = 'raid_until' and v_until is not null and fault is not null;
  perform rule.set_settings(v_actor, 'set_raid', jsonb_build_object('raid_until', v_until));
  status := 204;
end $$;
