-- GET /api/state?room=&limit=: one consistent snapshot to start from. STABLE, so all of it is seen at one instant.
-- With either, there is also a page of messages in it, of that room or else of my first one: what the web page opens with.
create function api.get_state(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_around record := rule.show_people_around(v_actor.id);
begin
  status := 200;
  body := json_build_object(
    'cursor', (select rule.cursor_of(id, tag) from rule.log_head()),
    'me', rule.show_own(v_actor, rule.session_of(p_token)),
    'rooms', (select coalesce(json_agg(room order by id), '[]') from rule.show_rooms(v_actor.id)),
    'users', v_around.users,
    'online', v_around.online,
    'page', case when p_args ?| array['room', 'limit'] then
      rule.opening_page(v_actor.id, (p_args->>'room')::bigint, coalesce((p_args->>'limit')::int, 50)) end);
end $$;
