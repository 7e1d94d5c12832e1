-- Looking people up.

create function api.get_user(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
begin
  status := 200;
  body := json_build_object('user', rule.show_person(rule.person((p_args->>'user')::bigint)));
end $$;

-- GET /api/users?q=: whose name begins with q, then whose name holds it.
create function api.find_users(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_key text := rule.name_key(coalesce(p_args->>'q', ''));
begin
  status := 200;
  body := json_build_object('users', (
    select coalesce(json_agg(rule.show_person(p) order by position(v_key in p.name_key) > 1, p.name_key), '[]')
    from data.person p
    where p.id in (select id from data.person where position(v_key in name_key) > 0
                   order by position(v_key in name_key) > 1, name_key limit coalesce((p_args->>'limit')::int, 50))));
end $$;
