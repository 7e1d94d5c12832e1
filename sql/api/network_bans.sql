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

create function rule.show_network_ban(p_ban data.network_ban) returns json
language sql stable as $$
  select json_build_object('id', p_ban.id, 'network', p_ban.network, 'scope', p_ban.scope, 'until', rule.show_time(p_ban.until), 'reason', p_ban.reason,
    'by', rule.show_name_of(p_ban.actor_id), 'at', rule.show_time(p_ban.at));
$$;

create function rule.note_of_ban(p_ban data.network_ban) returns jsonb
language sql stable as $$
  select jsonb_build_object('network_ban', p_ban.id, 'network', p_ban.network, 'scope', p_ban.scope, 'until', rule.show_time(p_ban.until), 'reason', p_ban.reason);
$$;

-- The ban that the arguments ask for. Refuses one without an end.
create function rule.network_ban_of(p_args jsonb) returns data.network_ban
language plpgsql stable as $$
declare
  v_ban data.network_ban;
begin
  v_ban.network := rule.network_to_ban(p_args->>'network');
  v_ban.scope := coalesce(p_args->>'scope', 'registration');
  v_ban.until := rule.sanction_until(p_args);
  v_ban.reason := rule.sanction_reason(p_args);
  if v_ban.until > now() + interval '366 days' then
    perform rule.refuse_invalid('until', 'a time within a year from now: who has an address today is not who has it then');
  end if;
  return v_ban;
end $$;

-- To the hubs: streams that are read from there end, too, wherever their sessions were opened.
create function rule.tell_network(p_network cidr) returns void
language sql volatile as $$ select pg_notify('parley_now', json_build_object('type', 'network', 'network', p_network)::text); $$;

-- Sessions that were opened from a network. Tokens of scripts have no address.
create function rule.sessions_from(p_network cidr) returns setof data.session
language sql stable as $$
  select s.* from data.session s where s.address is not null and s.expires_at > now() and rule.network_of(s.address) <<= p_network order by s.id;
$$;

-- Whom a ban would hit: how many sessions, and of whom.
create function rule.show_hit(p_ban data.network_ban) returns json
language sql stable as $$
  select json_build_object('network', p_ban.network, 'sessions', (select count(*) from rule.sessions_from(p_ban.network)),
    'users', (select coalesce(json_agg(rule.show_person(p) order by p.id), '[]')
              from data.person p where p.id in (select person_id from rule.sessions_from(p_ban.network))));
$$;

-- Nobody shuts out who stands as high, nor themselves.
create function rule.check_nobody_above(p_actor data.person, p_ban data.network_ban) returns void
language plpgsql stable as $$
begin
  if exists (select from rule.sessions_from(p_ban.network) s join data.person p on p.id = s.person_id where p.rank >= greatest(p_actor.rank, 2)) then
    perform rule.refuse(403, 'rank_too_low', 'Somebody of your own or a higher rank is signed in from this network.');
  end if;
end $$;
