-- What is special about a post is found by its own call; all others of the batch are posted together, with the same answers.
select come('ana'), come('bo'), come('cy');
create function post(p_who text, p_text text, p_id int, p_more jsonb default '{}') returns json language sql
as $$ select json_build_object('function', 'post_message', 'token', token(p_who), 'args',
  jsonb_build_object('room', 1, 'text', p_text, 'client_id', '00000000-0000-4000-8000-' || lpad(p_id::text, 12, '0')) || p_more); $$;
create function together(p_calls json) returns text language sql as $$ select ords::text from rule.post_together(p_calls); $$;

-- Plain ones, and whatever is not: who posts together, what everybody gets.
select ask('ana', 'create_room', '{"kind": "channel", "name": "other"}', '$.room.id'), ask('bo', 'create_room', '{"kind": "channel", "name": "slow"}', '$.room.id');
select ask('ana', 'open_direct', '{"user": 2}', '$.room.id');
update data.room set slow_mode = 60 where id = 3;
insert into data.sanction (person_id, room_id, kind, until) values (3, 1, 'mute', 'infinity');
select json_build_array(
  post('ana', 'one', 1), post('bo', 'two', 2),
  post('bo', 'in the other one', 3, '{"room": 2}'),        -- not a member there
  post('ana', 'in the other one', 4, '{"room": 2}'),
  post('bo', 'slowly', 5, '{"room": 3}'), post('ana', 'to you', 6, '{"room": 4}'), post('ana', 'to none', 7, '{"room": 99}'),
  post('cy', 'muted', 8), post('nobody', 'x', 9),
  post('ana', '@bo', 10), post('ana', 'three', 1), post('ana', 'once', 11), post('bo', 'once', 11),
  post('ana', ' ', 12), post('ana', repeat('x', 8001), 13), post('ana', repeat('語', 8000), 14),
  post('ana', 'x', 15, '{"reply_to": 99}'), post('ana', 'x', 16, '{"images": [1]}'), post('ana', 'no images', 17, '{"images": []}'),
  post('ana', 'last', 18, '{"images": null, "reply_to": null}')) as calls \gset
begin;
select together(:'calls');
rollback;
select ord, status, body->>'code' as code, body->'message'->>'room_id' as room, (body->'message'->>'n')::int as n, left(body->'message'->>'text', 20) as text
from api.execute(:'calls');
select m.room_id, array_agg(m.n order by m.id) as n, count(*) = (select count(*) from data.event e where e.kind = 'message.posted' and e.audience_id = m.room_id) as "each has its event"
from data.message m group by 1 order by 1;

-- Shown as each by itself would be.
select (body->'message')::jsonb - 'at' from api.execute(json_build_array(post('ana', 'a "quoted" \ word', 20)));
select jsonb_object_agg(key, jsonb_typeof(value)) = (select jsonb_object_agg(key, jsonb_typeof(value)) from jsonb_each(
  (select body->'message' from api.post_message(token('ana'), (post('ana', 'x', 21)->'args')::jsonb))::jsonb)) as "the same shape"
from api.execute(json_build_array(post('ana', 'x', 22))), jsonb_each((body->'message')::jsonb);

-- One that cannot be read makes all go one by one, and the log of PostgreSQL says so.
set client_min_messages = log;
select together(json_build_array(post('ana', 'x', 30), post('ana', 'y', 31, '{"client_id": "none"}')));
reset client_min_messages;
select ord, status from api.execute(json_build_array(post('ana', 'x', 30), post('ana', 'y', 31, '{"client_id": "none"}')));
