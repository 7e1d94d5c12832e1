-- Invitation links: an end, a number of uses, the rooms that they open.
select come('ana', 1), come('bo'), come('cy'), come('mo', 2);
select ask('ana', 'create_room', '{"kind": "group", "name": "plans"}', '$.room.id');
select ask('ana', 'create_room', '{"kind": "channel", "name": "general"}', '$.room.id');

select ask('ana', 'create_invite', '{"rooms": [2, 3], "uses": 2}');
select until between now() + interval '6 days 23 hours' and now() + interval '7 days' from data.invite;
update data.invite set token_hash = token('link');
select ask(null, 'get_invite', '{"invite": "link"}', '$.invite.rooms[*].name');
select ask(null, 'get_invite', '{"invite": "unknown"}');

-- Accepting it twice is one use; whoever is in all its rooms uses nothing up.
select head() as mark \gset
select ask('bo', 'accept_invite', '{"invite": "link"}');
select log_after(:mark);
select ask('bo', 'accept_invite', '{"invite": "link"}');
select uses_left, used from data.invite;
select ask('bo', 'get_room', '{"room": 2}', '$.room.my.role');
select ask('cy', 'accept_invite', '{"invite": "link"}');
select ask('mo', 'accept_invite', '{"invite": "link"}');
select ask(null, 'get_invite', '{"invite": "link"}');
select ask(null, 'accept_invite', '{"invite": "link"}');
select ask('ana', 'list_invites');

-- It ends with its time, and when it is deleted: by its maker, or by those who moderate the server.
select ask('ana', 'create_invite', '{"rooms": [2]}', '$.invite.id');
update data.invite set token_hash = token('second') where id = 2;
select ask('bo', 'delete_invite', '{"invite": 2}');
update data.invite set until = now() - interval '1 second' where id = 2;
select ask('mo', 'accept_invite', '{"invite": "second"}');
update data.invite set until = now() + interval '1 hour' where id = 2;
select ask('mo', 'delete_invite', '{"invite": 2}');
select via, action, actor_id = id_of('mo') as by_mo, person_id = id_of('ana') as of_ana, detail from data.audit;
select ask('mo', 'accept_invite', '{"invite": "second"}');
select ask('ana', 'delete_invite', '{"invite": 2}');

-- It opens no room to whom that room has banned, nor an archived one.
insert into data.invite (token_hash, person_id, until, rooms) values (token('third'), 1, now() + interval '1 day', '{2,3}');
insert into data.sanction (person_id, room_id, kind) values (4, 2, 'ban');
select ask('mo', 'accept_invite', '{"invite": "third"}');
select room_id from data.member where person_id = 4 order by 1;

-- An invitation into what is not open is refused, and not used up.
insert into data.invite (token_hash, person_id, until, uses_left, rooms) values (token('shut'), 1, now() + interval '1 day', 1, '{2}');
select ask('mo', 'accept_invite', '{"invite": "shut"}');
delete from data.sanction;
update data.room set archived_at = now() where id = 2;
select ask('mo', 'accept_invite', '{"invite": "shut"}'), ask('bo', 'accept_invite', '{"invite": "shut"}');
select uses_left, used from data.invite where token_hash = token('shut');
update data.room set archived_at = null where id = 2;

-- What an invitation must not be: too long, of a room that one may not add to, or of more rooms than there are.
select ask('ana', 'create_invite', '{"until": "2020-01-01T00:00:00Z"}');
select ask('ana', 'create_invite', jsonb_build_object('until', now() + interval '367 days'));
select ask('bo', 'create_invite', '{"rooms": [99]}');
select ask('mo', 'create_invite', '{"rooms": [2]}');
select ask('ana', 'leave_room', '{"room": 3}');
select ask('ana', 'create_invite', '{"rooms": [3]}');
select ask('ana', 'open_direct', '{"user": 2}', '$.room.id');
select ask('ana', 'create_invite', '{"rooms": [4]}');

-- A new account by invitation is put into its rooms.
select ask(null, 'register_user', '{"name": "new", "password_hash": "H", "new_token": "f1", "invite": "third"}', '$.user.id');
select room_id from data.member where person_id = id_of('new') order by 1;

-- Whoever is out of a group opens it for nobody any more, least of all for themselves; a channel is anybody's.
insert into data.invite (token_hash, person_id, until, rooms) values (token('mine'), 2, now() + interval '1 day', '{2,3}');
select ask('ana', 'remove_member', '{"room": 2, "user": 2}'), ask('bo', 'leave_room', '{"room": 3}');
select ask('bo', 'list_invites', '{}', '$.invites[*].rooms');
select ask('bo', 'accept_invite', '{"invite": "mine"}');
select room_id from data.member where person_id = 2 order by 1;
