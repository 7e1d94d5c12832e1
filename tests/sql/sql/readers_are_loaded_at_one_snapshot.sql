-- What the hub loads of a reader: who it is, where, since when, whom it blocks; and whether its cursor names an event of this log.
select come('ana', 1), come('bo'), come('cy');
select ask('ana', 'create_room', '{"kind": "group", "name": "plans", "members": [2]}', '$.room.id');
select ask('bo', 'open_direct', '{"user": 1}', '$.room.id');
insert into data.block (person_id, blocked_id) values (1, 3);
create function load(p_readers jsonb) returns table (k int, head bigint, status int, known boolean, session bigint, person bigint, rank int, name text, days int, rooms json, blocks json)
language sql as $$
  select k, head_id, status, cursor_known, session_id, person_id, rank, name, round((expires_at - extract(epoch from now())) / 86400)::int, rooms, blocks
  from api.load_readers(p_readers) order by k;
$$;

select * from load(jsonb_build_array(
  jsonb_build_object('k', 1, 'token', token('ana')), jsonb_build_object('k', 2, 'token', token('bo')),
  jsonb_build_object('k', 3, 'token', token('nobody')), jsonb_build_object('k', 4, 'token', token('ana'))));

-- The cursor: number and tag must fit; the head's own is known.
select tag as tag from api.read_log(2, 1) \gset
select k, known from load(jsonb_build_array(
  jsonb_build_object('k', 1, 'token', token('ana'), 'cursor_id', 3, 'cursor_tag', :'tag'),
  jsonb_build_object('k', 2, 'token', token('ana'), 'cursor_id', 3, 'cursor_tag', 'other'),
  jsonb_build_object('k', 3, 'token', token('ana'), 'cursor_id', 3),
  jsonb_build_object('k', 4, 'token', token('ana'), 'cursor_id', 9999, 'cursor_tag', :'tag'),
  jsonb_build_object('k', 5, 'token', token('nobody'), 'cursor_id', 3, 'cursor_tag', :'tag'),
  jsonb_build_object('k', 6, 'token', token('ana'), 'cursor_id', (select id from api.log_head()), 'cursor_tag', (select tag from api.log_head()))));

-- A session that is over is none.
update data.session set expires_at = now() - interval '1 second' where person_id = 2;
select k, status, person, rooms from load(jsonb_build_array(jsonb_build_object('k', 1, 'token', token('bo'))));
select * from load('[]');

-- The same for a page: GET /api/state, one snapshot with the cursor to follow from.
select ask('ana', 'get_state');
select ask('cy', 'get_state', '{}', '$.users[*].name');
update data.room set members = 501 where id = 1;
select ask('ana', 'get_state', '{}', '$.users[*].name'), ask('cy', 'get_state', '{}', '$.users[*].name');
