-- GET /api/search?q=&room=&from=&since=&until=&before=&after=&limit=: newest first, only what I may read, each with `highlight`.
-- `reached`: the time was up before all was looked at; go on with before=REACHED (or after). What even so takes too long is refused with
-- 422: it is the query, not the server.
create function api.search_messages(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_terms text[] := rule.search_terms(coalesce(p_args->>'q', ''));
  v_rooms bigint[];
begin
  perform rule.time_of(p_args, 'since'), rule.time_of(p_args, 'until');
  if p_args->>'room' is not null then
    v_rooms := array[(rule.joined_room(v_actor, (p_args->>'room')::bigint)).id];
  else
    v_rooms := array(select room_id from data.member where person_id = v_actor.id);
  end if;
  status := 200;
  body := rule.search_page(p_args, v_actor.id, v_rooms, v_terms);
exception when query_canceled then
  perform rule.refuse_invalid('q', 'this takes too long to find: write more of the word, or name a room, an author or a time');
end $$;
