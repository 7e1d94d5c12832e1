-- 429 says when to come back. Slow mode counts per person and room, but not for those who moderate.
select come('ana'), come('bo'), come('mo', 2);
update data.room set slow_mode = 30 where id = 1;
select say('ana', 1, 'one'), say('ana', 1, 'two'), say('bo', 1, 'mine'), say('mo', 1, 'a'), say('mo', 1, 'b');
update data.message set at = at - interval '20 seconds';
select say('ana', 1, 'two');
update data.message set at = at - interval '11 seconds';
select say('ana', 1, 'two');

-- What was posted is posted: the same client id again is no second post. A removed message counts; an edit is free.
select ask('ana', 'post_message', jsonb_build_object('room', 1, 'text', 'x', 'client_id', (select client_id from data.message order by id desc limit 1)), '$.message.text');
select ask('ana', 'edit_message', jsonb_build_object('message', (select max(id) from data.message), 'text', 'better'));
select ask('ana', 'remove_message', jsonb_build_object('message', (select max(id) from data.message)));
select left(say('ana', 1, 'three'), 14);

-- How much one person may do in a while; what is refused is not counted, and when the while is over it begins anew.
create function many(p_function text, p_args jsonb, p_count int) returns table (answer text, count bigint) language sql
as $$ select left(ask('ana', p_function, p_args || jsonb_build_object('new_token', p_function || i, 'name', p_function || i, 'status', i), '$'), 3), count(*) from generate_series(1, p_count) as i group by 1 order by 1; $$;
update data.person set rank = 1 where name = 'ana';
select many('create_room', '{"kind": "channel"}', 52);
select ask('ana', 'create_room', '{"kind": "channel", "name": "x"}');
select many('create_bot', '{}', 22);
select many('create_token', '{"label": "t"}', 32);
select many('change_me', '{}', 22);
select many('create_invite', '{}', 52);
select what, used from data.allowance order by what;
update data.allowance set since = since - interval '23 hours 59 minutes' where what = 'rooms';
select regexp_replace(ask('ana', 'create_room', '{"kind": "channel", "name": "x"}'), '"retry_after": (5.|60)}', '"retry_after": at most 60}');
update data.allowance set since = since - interval '2 minutes' where what = 'rooms';
select left(ask('ana', 'create_room', '{"kind": "channel", "name": "x"}'), 3);
select used from data.allowance where what = 'rooms';

-- A server without limits, for load tests.
set parley.limits = off;
select left(ask('ana', 'create_invite'), 3);
reset parley.limits;
select ask('ana', 'create_invite');
