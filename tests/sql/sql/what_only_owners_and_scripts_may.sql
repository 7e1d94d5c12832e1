-- Refusals that only the scripts and owners meet, and bounds that nobody reaches in a day.
select come('own', 4), come('adm', 3), come('ana', 1), come('bob') \g /dev/null
select ask('ana', 'create_bot', jsonb_build_object('name', 'robot', 'new_token', token('robot')), '$.user.id');

-- A sign-in link is made by an owner, for a person who is there and not banned, not for a bot.
select ask('adm', 'make_sign_in_link', jsonb_build_object('user', id_of('ana')));
select ask('own', 'make_sign_in_link', jsonb_build_object('user', id_of('robot')));
insert into data.sanction (person_id, room_id, kind) values (id_of('bob'), 0, 'ban');
select ask('own', 'make_sign_in_link', jsonb_build_object('user', id_of('bob')));
select ask('own', 'make_sign_in_link', '{"user": 4000}');
select ask('own', 'make_sign_in_link', jsonb_build_object('user', id_of('ana')));
select ask('adm', 'make_first_owner');

-- A role below one's own; a bot stays below its keeper.
select ask('adm', 'set_role', jsonb_build_object('user', id_of('ana'), 'role', 'admin'));
select ask('own', 'set_role', jsonb_build_object('user', id_of('robot'), 'role', 'moderator'));

-- What was done by psql as parley_admin is undone by owners only; as parley_moderator, by admins, too.
select id_of('ana') as ana, id_of('bob') as bob \gset
set session authorization parley_admin;
select api.mute_member(null, json_build_object('room', 1, 'user', :ana, 'reason', 'loud')::jsonb);
set session authorization parley_moderator;
select api.mute_member(null, json_build_object('room', 1, 'user', :bob, 'reason', 'loud')::jsonb);
reset session authorization;
select a.via, ask('adm', 'undo', jsonb_build_object('act', a.id), '$.acts[*].state') from data.audit a order by id desc limit 2;
select a.via, ask('own', 'undo', jsonb_build_object('act', a.id), '$.acts[*].state') from data.audit a where via = 'psql:parley_admin';

-- A name that several channels have, and one that is none.
set session authorization parley_moderator;
select api.room_named('');
reset session authorization;
select ask('ana', 'create_room', '{"kind": "channel", "name": "Tea"}', '$.room.id'), ask('ana', 'create_room', '{"kind": "channel", "name": "tea"}', '$.room.id');
set session authorization parley_moderator;
select api.room_named('TEA');
select api.room_named('#3');
reset session authorization;

-- The two hundred and first rule.
select left(ask('adm', 'create_rule', '{"kind": "words", "pattern": "x", "action": "report"}'), 18) as answer, count(*) from generate_series(1, 201) group by 1 order by 1;

-- The address of somebody whose whole network came in: the next is told when to try again.
insert into data.setting values ('arrivals_per_hour', '1');
select left(ask(null, 'sign_in_guest', jsonb_build_object('name', 'one', 'new_token', 'f1', 'address', '203.0.113.1')), 3);
select regexp_replace(ask(null, 'sign_in_guest', jsonb_build_object('name', 'two', 'new_token', 'f2', 'address', '203.0.113.1')), '\d+}', 'N}');
