-- Addresses and networks that are shut out, always until some time.

-- GET /api/network-bans: those in force.
create function api.list_network_bans(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_page record := rule.page_of(array(select id from data.network_ban where until > now() order by id), p_args, null);
begin
  perform rule.check_moderates_server(rule.actor(p_token));
  status := 200;
  body := json_build_object(
    'network_bans', (select coalesce(json_agg(rule.show_network_ban(b) order by b.id), '[]') from data.network_ban b where b.id = any(v_page.ids)),
    'more_before', v_page.more_before, 'more_after', v_page.more_after);
end $$;

-- POST /api/network-bans {network, until, reason?, scope?, dry_run?}: 201 {network_ban}. Scope `registration`: nobody comes in from there, neither
-- new nor known; `everything`: who is in from there is signed out, too. A dry run is 200 with whom it would hit: {"sessions":N,"users":[…]}.
create function api.create_network_ban(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_ban data.network_ban;
  v_replaced data.network_ban;
begin
  perform rule.check_moderates_server(v_actor);
  v_ban := rule.network_ban_of(p_args);
  perform rule.check_nobody_above(v_actor, v_ban);
  if coalesce((p_args->>'dry_run')::boolean, false) then
    status := 200;
    body := rule.show_hit(v_ban);
    return;
  end if;
  select * into v_replaced from data.network_ban where network = v_ban.network and until > now();
  insert into data.network_ban (network, scope, until, reason, actor_id)
  values (v_ban.network, v_ban.scope, v_ban.until, v_ban.reason, nullif(v_actor.id, 0))
  on conflict (network) do update set scope = excluded.scope, until = excluded.until, reason = excluded.reason, actor_id = excluded.actor_id, at = now()
  returning * into v_ban;
  if v_ban.scope = 'everything' then
    perform rule.end_sessions(s.person_id, 'banned', p_only => s.id) from rule.sessions_from(v_ban.network) s;
    perform rule.tell_network(v_ban.network);
  end if;
  perform rule.note_audit(v_actor, 'create_network_ban', p_until => v_ban.until, p_reason => nullif(v_ban.reason, ''),
    p_detail => rule.note_of_ban(v_ban) || case when v_replaced.id is not null then jsonb_build_object('replaced', rule.note_of_ban(v_replaced)) else '{}' end);
  status := 201;
  body := json_build_object('network_ban', rule.show_network_ban(v_ban));
end $$;

-- DELETE /api/network-bans/ID
create function api.delete_network_ban(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_ban data.network_ban;
begin
  perform rule.check_moderates_server(v_actor);
  delete from data.network_ban where id = (p_args->>'ban')::bigint returning * into v_ban;
  if not found then
    perform rule.not_found('ban');
  end if;
  perform rule.note_audit(v_actor, 'delete_network_ban', p_until => v_ban.until, p_reason => nullif(v_ban.reason, ''), p_detail => rule.note_of_ban(v_ban));
  status := 204;
end $$;
