-- What somebody wants to know at a look who keeps the house: how much is there, how much of it is new, and what the database suffers from.

-- {"schema": "Parley 1f2e3d…", "step": "0012_…", "posts": {…}, "people": {…}, "database": {…}, "tables": […], "rooms": […]}
create function api.server_status(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
begin
  perform rule.check_moderates_server(rule.actor(p_token));
  status := 200;
  body := json_build_object(
    'schema', obj_description('data'::regnamespace, 'pg_namespace'),
    'step', (select max(name) from data.step),
    'posts', rule.status_posts(),
    'people', rule.status_people(),
    'database', rule.status_database(),
    'tables', rule.status_tables(),
    'rooms', rule.status_rooms(coalesce((p_args->>'rooms')::int, 5)));
end $$;
