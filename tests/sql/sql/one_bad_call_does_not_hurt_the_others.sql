-- api.execute: one row a call, in order; each in its own subtransaction, with its own status.
select come('ana'), come('bo');
create function call(p_function text, p_who text, p_args jsonb) returns json language sql
as $$ select json_build_object('function', p_function, 'token', token(p_who), 'args', p_args); $$;
create function post(p_who text, p_text text, p_id int) returns json language sql
as $$ select call('post_message', p_who, jsonb_build_object('room', 1, 'text', p_text, 'client_id', '00000000-0000-4000-8000-' || lpad(p_id::text, 12, '0'))); $$;

select ord, status, body->>'code' as code, (body->'message'->>'n')::int as n, error from api.execute(json_build_array(
  post('ana', 'one', 1),
  post('bo', '', 2),                                       -- refused
  post('nobody', 'x', 3),
  post('bo', 'two', 4),
  call('no_such_function', 'ana', '{}'),
  call('log_head', 'ana', '{}'),                           -- not of the API's shape
  call('execute', 'ana', '{}'),
  call('post_message', 'ana', '{"room": 1, "text": "x", "client_id": "not a uuid"}'),
  call('post_message', 'ana', '{"room": 1, "text": "x"}'), -- the program gives one always
  call('get_room', 'bo', '{"room": "x"}'),
  call('leave_room', 'bo', '{"room": 1}'),
  call('list_messages', 'bo', '{"room": 1}'),
  post('bo', 'three', 5),
  post('ana', 'three', 6)));
select n, person_id, text from data.message order by id;

-- What was refused left nothing: not an event, not a count, not a half-made room.
select ask('ana', 'create_room', '{"kind": "group", "name": "x", "members": [2, 99]}');
select count(*) from data.room;
select count(*) from data.allowance;

-- What passes is 503, with when to come back; what is broken is 500 and tells the client nothing of the cause.
create function api.fail_with(p_token text, p_args jsonb, out status int, out body json) language plpgsql as $$
begin
  raise exception using errcode = p_args->>'errcode', message = 'secret detail', detail = 'secret', hint = coalesce(p_args->>'hint', '');
end $$;
select errcode, status, body, error
from unnest(array['53100', '53200', '55P03', '40001', '40P01', '40003', '25006', '57P01', '08006', '22021', '22P05', '22P02',
                  '22003', '22007', '22008', '22012', '23505', 'XX000', 'P0001']) as errcode,
     api.execute(json_build_array(call('fail_with', 'ana', jsonb_build_object('errcode', errcode))));
select status, body from api.execute(json_build_array(call('fail_with', 'ana', '{"errcode": "CH418", "hint": "{\"retry_after\": 3}"}')));

-- Nothing to do; no arguments.
select * from api.execute('[]');
select status from api.execute(json_build_array(json_build_object('function', 'health')));
select status, body->>'code' from api.execute(json_build_array(json_build_object('function', 'get_me')));
