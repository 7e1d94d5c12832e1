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

-- One page: the newest, or before or after an id; the more_… are of this search.
create function rule.search_page(p_args jsonb, p_viewer bigint, p_rooms bigint[], p_terms text[]) returns json
language plpgsql stable as $$
declare
  v_limit int := coalesce((p_args->>'limit')::int, 50);
  v_before bigint := (p_args->>'before')::bigint;
  v_after bigint := (p_args->>'after')::bigint;
  v_blocks bigint[] := rule.blocks_of(p_viewer);
  v_found record := rule.search_ids(p_args, p_viewer, p_rooms, p_terms, v_after is not null, v_limit + 1);
  v_goes_on boolean := cardinality(v_found.ids) > v_limit or v_found.reached is not null;
  v_ids bigint[] := v_found.ids[1:v_limit];
begin
  return json_build_object(
    'messages', (select coalesce(json_agg(rule.show_message(m, v_blocks)::jsonb || jsonb_build_object('highlight', rule.highlight(m.text, p_terms)) order by m.id desc), '[]')
                 from data.message m where m.id = any(v_ids)),
    'more_before', v_after is null and v_goes_on
                   or v_after is not null and rule.search_has(p_args, p_viewer, p_rooms, p_terms, 0, coalesce(v_ids[1], v_after + 1)),
    'more_after', v_after is not null and v_goes_on
                  or v_before is not null and rule.search_has(p_args, p_viewer, p_rooms, p_terms, v_before - 1, 9223372036854775807),
    'reached', v_found.reached);
end $$;
