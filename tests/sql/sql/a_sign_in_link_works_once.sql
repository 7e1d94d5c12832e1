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
