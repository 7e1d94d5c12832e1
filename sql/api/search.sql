-- GET /api/search?q=&room=&from=&since=&until=&before=&after=&limit=: newest first, only what I may read, each with `highlight`.
create function api.search_messages(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_terms text[] := rule.search_terms(coalesce(p_args->>'q', ''));
  v_patterns text[] := array(select rule.like_pattern(t) from unnest(v_terms) t);
  v_limit int := coalesce((p_args->>'limit')::int, 50);
  v_rooms bigint[];
  v_where text;
  v_ids bigint[];
  v_blocks bigint[] := rule.blocks_of(v_actor.id);
begin
  perform rule.time_of(p_args, 'since'), rule.time_of(p_args, 'until');
  if p_args->>'room' is not null then
    v_rooms := array[(rule.joined_room(v_actor, (p_args->>'room')::bigint)).id];
  else
    v_rooms := array(select room_id from data.member where person_id = v_actor.id);
  end if;
  v_where := rule.search_condition(v_terms) || ' and ' || rule.search_bounds(p_args, v_rooms);
  v_ids := rule.search_fresh(p_args, v_rooms, v_patterns) || coalesce(rule.search_by_index(v_where), rule.search_by_walk(v_where, 2 * v_limit + 100));
  v_ids := rule.findable(v_ids, v_rooms, v_patterns, v_actor.id, v_limit + 1);
  status := 200;
  body := json_build_object(
    'messages', (select coalesce(json_agg(rule.show_message(m, v_blocks)::jsonb || jsonb_build_object('highlight', rule.highlight(m.text, v_terms)) order by m.id desc), '[]')
                 from data.message m where m.id = any(v_ids[1:v_limit])),
    'more_before', cardinality(v_ids) > v_limit,
    'more_after', p_args->>'before' is not null);
end $$;
