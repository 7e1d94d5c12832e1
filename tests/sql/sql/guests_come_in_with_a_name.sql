-- The quickest way in: a name alone, a session under the token's hash, a place in the lobby.
select ask(null, 'sign_in_guest', jsonb_build_object('name', 'ana', 'new_token', token('ana'), 'address', '10.0.0.7', 'agent', repeat('x', 300)));
select ask('ana', 'get_me');
select ask('ana', 'list_rooms', '{}', '$.rooms[*]');
select ask('ana', 'list_sessions', '{}', '$.sessions[*].keyvalue() ? (@.key != "agent").value');
select length(agent) from data.session;

-- The same new token again is the same call again.
select ask(null, 'sign_in_guest', jsonb_build_object('name', 'ana', 'new_token', token('ana')), '$.user.id');
select count(*) from data.person;

-- What a page needs before anybody signed in, and after.
select ask(null, 'hello');
select ask('ana', 'hello', '{}', '$.me.name');
select ask(null, 'health');

-- Refusals: no session, an unknown one, a name that somebody has, guests turned off.
select ask(null, 'get_me');
select ask('nobody', 'get_me');
select ask(null, 'sign_in_guest', '{"name": "ana", "new_token": "f0"}');
insert into data.setting values ('guests', 'false');
select ask(null, 'sign_in_guest', '{"name": "bo", "new_token": "f0"}');
select ask(null, 'hello', '{}', '$.guests');

-- A refused guest leaves nothing behind.
select count(*) from data.person;
select count(*) from data.session;
