-- Where people come from: networks that are shut out, how many arrive from one, and how often a password may be tried.

-- An address as one that counts: IPv4 as it is (also when it came inside IPv6), IPv6 by its /64, which one customer has.
create function rule.network_of(p_address inet) returns cidr
language sql immutable as $$
  select case
    when family(p_address) = 4 then network(p_address)
    when p_address <<= '::ffff:0:0/96' then network(set_masklen(split_part(host(p_address), ':', 4)::inet, masklen(p_address) - 96))
    else network(set_masklen(p_address, least(64, masklen(p_address)))) end;
$$;

-- The same of a text; null when it is none.
create function rule.network_of_text(p_text text) returns cidr
language plpgsql immutable as $$
begin
  return rule.network_of(p_text::inet);
exception when data_exception then
  return null;
end $$;

-- What is never banned and whose arrivals are not counted: loopback, private and link-local networks, and one's own proxies.
create function rule.is_own_network(p_network cidr) returns boolean
language plpgsql stable as $$
begin
  return exists (
    select from unnest(string_to_array('0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 224.0.0.0/3 ::/127 fc00::/7 fe80::/10 ff00::/8', ' ')
      || array_remove(string_to_array(rule.setting_text('proxy_networks'), ' '), '')) own
    where rule.network_of_text(own) && p_network);
end $$;

-- The network of a new ban. Refuses what is no network, one's own, and what is too large to be meant.
create function rule.network_to_ban(p_text text) returns cidr
language plpgsql stable as $$
declare
  v_network cidr := rule.network_of_text(p_text);
begin
  if v_network is null then
    perform rule.refuse_invalid('network', 'an address like 192.0.2.7, or a network like 192.0.2.0/24');
  elsif rule.is_own_network(v_network) then
    perform rule.refuse_invalid('network', 'not loopback, a private network or a proxy of this server');
  elsif masklen(v_network) < (case family(v_network) when 4 then 8 else 20 end) then
    perform rule.refuse_invalid('network', 'at most a /8, of IPv6 a /20');
  end if;
  return v_network;
end $$;

-- The ban that shuts an address out: from coming in, or from everything.
create function rule.ban_of(p_address inet, p_scopes text[]) returns data.network_ban
language sql stable as $$
  select b from data.network_ban b where until > now() and scope = any(p_scopes) and network >>= rule.network_of(p_address) order by until desc limit 1;
$$;

-- Refuses who comes from a network that is shut out.
create function rule.check_network(p_args jsonb, variadic p_scopes text[] default '{registration,everything}') returns void
language plpgsql stable as $$
declare
  v_ban data.network_ban;
begin
  if p_args->>'address' is not null and exists (select from data.network_ban) then
    v_ban := rule.ban_of((p_args->>'address')::inet, p_scopes);
    if v_ban.id is not null then
      perform rule.refuse(403, 'network_banned', 'From this network nobody can come in at the moment.', jsonb_build_object('until', rule.show_time(v_ban.until)));
    end if;
  end if;
end $$;

-- Counts what comes of one kind within a time: gives how much that is, and since when.
create function rule.count_up(p_what text, p_count int, p_per interval) returns data.attempt
language plpgsql volatile as $$
declare
  v_attempt data.attempt;
begin
  insert into data.attempt as a (what, used) values (p_what, p_count)
  on conflict (what) do update
    set at = case when a.at < now() - p_per then now() else a.at end,
        used = case when a.at < now() - p_per then p_count else a.used + p_count end
  returning * into v_attempt;
  return v_attempt;
end $$;

-- From one address comes at most as much as from so many people: rule.use_up counts here, too.
create function rule.use_up_of_network(p_args jsonb, p_what text, p_count int, p_most bigint, p_per interval) returns void
language plpgsql volatile as $$
declare
  v_network cidr := rule.network_of((p_args->>'address')::inet);
  v_people bigint := rule.setting_number('limit_people_per_address');
  v_attempt data.attempt;
begin
  if v_network is null or v_people = 0 then
    return;
  end if;
  v_attempt := rule.count_up(p_what || ':' || v_network, p_count, p_per);
  if v_attempt.used > p_most * v_people then
    perform rule.slow_down(extract(epoch from v_attempt.at + p_per - now()), format('Too many %s come from your network. Wait a while before the next.', p_what));
  end if;
end $$;

-- Counts an arrival: a new guest or account from this network. Refuses when there were too many within the hour.
create function rule.count_arrival(p_args jsonb) returns void
language plpgsql volatile as $$
declare
  v_most bigint := rule.setting_number('arrivals_per_hour');
  v_network cidr := rule.network_of((p_args->>'address')::inet);
  v_attempt data.attempt;
begin
  if v_network is null or v_most = 0 or current_setting('parley.limits', true) = 'off' or rule.is_own_network(v_network) then
    return;
  end if;
  v_attempt := rule.count_up('arrivals:' || v_network, 1, '1 hour');
  if v_attempt.used > v_most then
    perform rule.slow_down(extract(epoch from v_attempt.at + interval '1 hour' - now()), 'Many people came from your network. Try again later.');
  end if;
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

-- --- Passwords that were wrong

-- Under what failures are counted, for names that nobody has, too: the account, the address (but in private networks, where many share one),
-- and the two together. Only these where the account's owner is signed in: so there nobody waits for what others try elsewhere, or at other
-- accounts. Names by their hash: they may be of whom is erased by now, or a password in the wrong place.
create function rule.attempt_keys(p_args jsonb) returns text[]
language plpgsql stable as $$
declare
  v_name text := rule.token_hash(rule.typed_name_key(p_args->>'name'));
  v_network cidr := rule.network_of((p_args->>'address')::inet);
  v_pair text := 'pair:' || v_name || ' ' || coalesce(v_network::text, '');
begin
  return case when rule.is_known_address(p_args) then array[v_pair]
              else array_remove(array[v_pair, 'name:' || v_name, case when not rule.is_own_network(v_network) then 'address:' || v_network end], null) end;
end $$;

-- The arguments of a try of who is signed in, as those of a sign-in.
create function rule.tried_as(p_actor data.person, p_args jsonb) returns jsonb
language sql immutable as $$ select jsonb_build_object('name', p_actor.name, 'address', p_args->'address'); $$;

-- How long after so many failures the next try has to wait: nothing for the first ones, then a second, two, four, …; for an address up
-- to an hour, for an account up to a minute, so that nobody locks its owner out.
create function rule.delay_after(p_what text, p_used int) returns interval
language plpgsql stable as $$
declare
  v_more int := p_used - rule.setting_number('sign_in_tries')::int;
begin
  return make_interval(secs => case when v_more < 0 then 0 else least(2 ^ least(v_more, 12), case when p_what like 'address:%' then 3600 else 60 end) end);
end $$;

-- Whether the account is signed in from this address.
create function rule.is_known_address(p_args jsonb) returns boolean
language sql stable as $$
  select exists (select from data.session s join data.person p on p.id = s.person_id
                 where p.name_key = rule.typed_name_key(p_args->>'name') and not s.is_token and rule.network_of(s.address) = rule.network_of((p_args->>'address')::inet));
$$;

-- Refuses a try that comes too soon after the last wrong one from this address. How long that is grows with what is tried at the account from
-- anywhere; but nobody waits for a failure of others, or whoever kept failing from ever new addresses would lock the owner out.
create function rule.check_tries(p_args jsonb) returns void
language plpgsql stable as $$
declare
  v_wait numeric;
begin
  if current_setting('parley.limits', true) = 'off' then
    return;
  end if;
  with failed as (
    select what, at, used from data.attempt where what = any(rule.attempt_keys(p_args)) and at > now() - interval '1 day'
  )
  select extract(epoch from max(at + rule.delay_after(what, case when what like 'pair:%' then (select max(used) from failed where what not like 'address:%') else used end)) - now())
  into v_wait from failed where what not like 'name:%';
  if v_wait > 0 then
    perform rule.slow_down(v_wait, format('Several wrong passwords in a row: try again in %s s.', ceil(v_wait)));
  end if;
end $$;

create function rule.note_failure(p_args jsonb) returns void
language sql volatile as $$
  insert into data.attempt as a (what, used) select key, 1 from unnest(rule.attempt_keys(p_args)) as key order by key
  on conflict (what) do update set used = case when a.at < now() - interval '1 day' then 1 else a.used + 1 end, at = now();
$$;

-- A right password: the account's failures are forgotten, from all addresses. The address's are not, or an attacker's own account would wash them off.
create function rule.forget_failures(p_name_key text) returns void
language plpgsql volatile as $$
declare
  v_pairs text := 'pair:' || rule.token_hash(p_name_key);
begin
  delete from data.attempt where what = 'name:' || rule.token_hash(p_name_key) or what > v_pairs || ' ' and what < v_pairs || '!';
end $$;
