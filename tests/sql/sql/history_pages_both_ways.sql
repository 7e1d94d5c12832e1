-- One page by keyset: the newest, or before, after or around an id, which need not be of this room. Ascending, with what lies beyond.
select come('ana'), ask('ana', 'create_room', '{"kind": "channel", "name": "other"}', '$.room.id');
create function page(p_args jsonb, p_room int default 1) returns text language sql as $$
  select replace(ask('ana', 'list_messages', p_args || jsonb_build_object('room', p_room), '$.messages[*].n'), '200', p_args::text || ' →')
      || coalesce((select ' ← ' || string_agg(key, ' ' order by key desc)
                   from api.list_messages(token('ana'), p_args || jsonb_build_object('room', p_room)) l, jsonb_each(l.body::jsonb)
                   where value = 'true'), '');
$$;

-- An empty room.
select page('{}'), page('{"before": 10}'), page('{"after": 10}'), page('{"around": 10}');

-- Seven messages, with ids 11, 13, … 23; the ids between are another room's.
select setval('data.log_id', 10);
select say('ana', 1, 'x'), say('ana', 2, 'y') from generate_series(1, 7);
select array_agg(id order by id) from data.message where room_id = 1;

select page('{}'), page('{"limit": 7}');
select page('{"limit": 3}');
select page('{"limit": 1}');

select page(jsonb_build_object('limit', 3, 'before', id)) from unnest(array[1, 11, 12, 13, 17, 19, 23, 24, 99]) as id;
select page(jsonb_build_object('limit', 3, 'after', id)) from unnest(array[1, 10, 11, 12, 16, 17, 21, 22, 23, 99]) as id;
select page(jsonb_build_object('limit', 3, 'around', id)) from unnest(array[1, 11, 12, 13, 17, 18, 21, 23, 24, 99]) as id;
select page(jsonb_build_object('limit', 1, 'around', id)) from unnest(array[11, 12, 17, 23]) as id;
select page(jsonb_build_object('limit', 4, 'around', id)) from unnest(array[11, 17, 23]) as id;

-- Both ends: a window, also an empty one.
select page('{"after": 11, "before": 17}'), page('{"after": 11, "before": 23, "limit": 2}');
select page('{"after": 11, "before": 12}'), page('{"after": 13, "before": 13}'), page('{"after": 19, "before": 12}');

-- Walking: forwards and backwards give every message once.
with recursive walk(ids, more) as (
  select array[0]::bigint[], true
  union all
  select array(select (m->>'id')::bigint from jsonb_array_elements(l.body::jsonb->'messages') m), (l.body->>'more_after')::boolean
  from walk, lateral api.list_messages(token('ana'), jsonb_build_object('room', 1, 'limit', 2, 'after', walk.ids[cardinality(walk.ids)])) l
  where walk.more)
select ids from walk where ids <> '{0}';
with recursive walk(ids, more) as (
  select array[99]::bigint[], true
  union all
  select array(select (m->>'id')::bigint from jsonb_array_elements(l.body::jsonb->'messages') m), (l.body->>'more_before')::boolean
  from walk, lateral api.list_messages(token('ana'), jsonb_build_object('room', 1, 'limit', 2, 'before', walk.ids[1])) l
  where walk.more)
select ids from walk where ids <> '{99}';

-- The same of lists by ids: mentions and members.
select page_of from (values ('{}'::jsonb), ('{"limit": 2}'), ('{"limit": 2, "before": 4}'), ('{"before": 2}'), ('{"limit": 2, "after": 4}'), ('{"after": 6}'),
  ('{"limit": 3, "around": 4}'), ('{"limit": 1, "around": 3}'), ('{"limit": 3, "around": 9}'), ('{"after": 2, "before": 6}'), ('{"after": 2, "before": 3}')) as v(args),
  lateral rule.page_of('{2,4,6}', args) as page_of;
