-- Sessions are listed and ended; a session ends 30 days after its last use, a bearer token lasts until it is deleted.
select come('ana', 1), come('bo');
insert into data.session (person_id, token_hash, agent) values (id_of('ana'), token('laptop'), 'Firefox'), (id_of('ana'), token('phone'), 'curl');
select ask('ana', 'list_sessions', '{}', '$.sessions[*].id');
select ask('laptop', 'list_sessions', '{}', '$.sessions[*] ? (@.current == true).agent');

-- Ending one elsewhere; not that of another person, not twice.
select ask('ana', 'end_session', '{"session": 3}');
select ask('laptop', 'get_me');
select ask('ana', 'end_session', '{"session": 3}');
select ask('bo', 'end_session', '{"session": 1}');
select ask('ana', 'end_session', '{"session": 1}');
select ask('ana', 'get_me');
select ask('phone', 'sign_out');
select ask('phone', 'get_me');
select kind, audience, audience_id, data from api.read_log(0, 100) where kind = 'session.ended';

-- Use moves the end on, once an hour; an open stream is use.
select ask('bo', 'list_sessions', '{}', '$.sessions[*].id');
update data.session set used_at = now() - interval '29 days', expires_at = now() + interval '1 day';
select ask('bo', 'use_session');
select expires_at > now() + interval '29 days', used_at > now() - interval '1 minute' from data.session;
update data.session set used_at = now() - interval '29 days', expires_at = now() + interval '1 day';
select api.touch_sessions(array(select id from data.session));
select expires_at > now() + interval '29 days' from data.session;

-- What is over is over: asking again does not wake it.
update data.session set used_at = now() - interval '31 days', expires_at = now() - interval '1 second';
select ask('bo', 'use_session');
select ask('bo', 'get_me');
select api.touch_sessions(array(select id from data.session));
select ask('bo', 'get_me');
select ask('bo', 'hello', '{}', '$.me');

-- Tokens: a label, an id; the same token again is the same call; listed apart from sessions.
select come('di', 1);
select ask('di', 'create_token', jsonb_build_object('label', 'backup script', 'new_token', token('script')));
select ask('di', 'create_token', jsonb_build_object('label', 'backup script', 'new_token', token('script')));
select ask('di', 'create_token', jsonb_build_object('label', repeat('x', 81), 'new_token', 'f1'));
select ask('di', 'create_token', '{"label": "two\nlines", "new_token": "f1"}');
select ask('di', 'list_tokens', '{}', '$.tokens[*].label');
select ask('script', 'get_me', '{}', '$.user.name');
select ask('di', 'list_sessions', '{}', '$.sessions[*].id');

-- It outlasts its use.
update data.session set used_at = now() - interval '2 hours' where is_token;
select ask('script', 'use_session');
select expires_at, used_at > now() - interval '1 minute' from data.session where is_token;
update data.session set used_at = now() - interval '2 hours' where is_token;
select api.touch_sessions(array(select id from data.session));
select expires_at, used_at > now() - interval '1 minute' from data.session where is_token;

select ask('di', 'end_session', jsonb_build_object('session', (select id from data.session where is_token)));
select ask('ana', 'delete_token', jsonb_build_object('session', (select id from data.session where is_token)));
select ask('di', 'delete_token', jsonb_build_object('session', (select id from data.session where not is_token and person_id = id_of('di'))));
select ask('di', 'delete_token', jsonb_build_object('session', (select id from data.session where is_token)));
select ask('script', 'get_me');
