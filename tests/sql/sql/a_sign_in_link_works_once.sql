-- The first owner and its link, from psql; the link works once, within three days, and not for a banned person.
set session authorization parley_admin;
select status, body->>'token' ~ '^[\w-]{43}$' from api.make_first_owner(null, '{}');
select status, body from api.make_first_owner(null, '{}');
reset session authorization;
select id, name, rank from data.person;
select actor_id, via, action, person_id from data.audit;

insert into data.sign_in_link (token_hash, person_id, until) values (token('link'), 1, now() + interval '1 hour');
select ask(null, 'sign_in_link', jsonb_build_object('token', 'link', 'new_token', token('owner')));
select ask(null, 'sign_in_link', jsonb_build_object('token', 'link', 'new_token', token('owner')), '$.user.id');
select ask(null, 'sign_in_link', '{"token": "link", "new_token": "f1"}');
select ask(null, 'sign_in_link', '{"token": "unknown", "new_token": "f1"}');

-- Whoever stands above a guest sets the first password, and who came by a link a new one: within the hour, once, on this session alone.
select ask('owner', 'my_password'), ask('owner', 'get_me', '{}', '$.user.may_set_password');
select ask('owner', 'change_password', '{"password_hash": "H1"}');
select ask('owner', 'my_password'), ask('owner', 'get_me', '{}', '$.user.may_set_password');
insert into data.sign_in_link (token_hash, person_id, until) values (token('lost'), 1, now() + interval '1 hour');
select ask(null, 'sign_in_link', jsonb_build_object('token', 'lost', 'new_token', token('other')), '$.user.id');
select ask('other', 'my_password'), ask('other', 'get_me', '{}', '$.user.may_set_password'), ask('other', 'get_state', '{}', '$.me.may_set_password'), ask('owner', 'my_password');
update data.session set created_at = now() - interval '61 minutes' where token_hash = token('other');
select ask('other', 'my_password');
update data.session set created_at = now() where token_hash = token('other');
select ask('other', 'change_password', '{"password_hash": "H2"}'), ask('other', 'my_password'), ask('owner', 'my_password');
delete from data.session;
insert into data.session (person_id, token_hash) values (1, token('owner'));
-- A guest has an account to make first, and a bot never has a password.
select come('gus'), ask('gus', 'my_password');
select ask('owner', 'create_bot', jsonb_build_object('name', 'bot', 'new_token', token('bot')), '$.user.role'), ask('bot', 'my_password'), ask('bot', 'get_me', '{}', '$.user.may_set_password');

insert into data.sign_in_link (token_hash, person_id, until) values (token('late'), 1, now() - interval '1 second');
select ask(null, 'sign_in_link', '{"token": "late", "new_token": "f1"}');
insert into data.sign_in_link (token_hash, person_id, until) values (token('banned'), 1, now() + interval '1 hour');
insert into data.sanction (person_id, room_id, kind) values (1, 0, 'ban');
select ask(null, 'sign_in_link', '{"token": "banned", "new_token": "f1"}');
select count(*) from data.session;

-- Nobody but an owner makes a first owner.
set session authorization parley_moderator;
select * from api.make_first_owner(null, '{}');
reset session authorization;
select ask('owner', 'make_first_owner');
