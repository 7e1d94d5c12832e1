-- Any member adds people; those who moderate remove whom they outrank; roles go strictly downwards.
select come('owen', 1), come('mod'), come('mem'), come('new'), come('amy', 3), come('mo', 2);
select ask('owen', 'create_room', '{"kind": "group", "name": "g", "members": [2, 3, 3]}', '$.room.members');
select ask('owen', 'create_room', '{"kind": "channel", "name": "c", "members": [2, 3]}', '$.room.members');
create function put(p_who text, p_room int, p_user text, p_role text default null) returns text language sql
as $$ select ask(p_who, 'put_member', jsonb_build_object('room', p_room, 'user', id_of(p_user), 'role', p_role)); $$;
create function remove(p_who text, p_room int, p_user text) returns text language sql
as $$ select ask(p_who, 'remove_member', jsonb_build_object('room', p_room, 'user', id_of(p_user))); $$;

-- Adding: an event for all, which for the added one carries the room; once more changes nothing.
select say('owen', 2, 'history');
select head() as mark \gset
select put('mem', 2, 'new');
select put('mem', 2, 'new');
select log_after(:mark);
select data_own::jsonb->'room' from api.read_log(:mark, 10);
select ask('new', 'list_messages', '{"room": 2}', '$.messages[*].text');

-- Not somebody who is banned, erased or not there; not into a direct room.
insert into data.sanction (person_id, room_id, kind) values (id_of('amy'), 2, 'ban'), (id_of('mo'), 0, 'ban');
select put('mem', 2, 'amy'), put('mem', 2, 'mo'), put('mem', 2, 'nobody');
delete from data.sanction;
update data.person set erased_at = now() where name = 'mo';
select put('mem', 2, 'mo');
update data.person set erased_at = null;
select ask('owen', 'open_direct', jsonb_build_object('user', id_of('mem')), '$.room.id');
select put('owen', 4, 'new');
select remove('owen', 4, 'mem');
select remove('owen', 4, 'owen');

-- Roles: who gives which to whom. In a channel the server's ranks stand above all.
select put('mem', 2, 'mem', 'moderator');
select put('mem', 2, 'new', 'moderator');
select put('owen', 2, 'mod', 'moderator');
select put('mod', 2, 'new', 'moderator');
select put('mod', 2, 'owen', 'member');
select put('owen', 2, 'mod', 'boss');
select put('owen', 3, 'mod', 'moderator');
select put('mo', 3, 'mod', 'owner');
select put('mo', 3, 'owen', 'member');
select put('amy', 2, 'new', 'moderator');
select room_id, person_id, role from data.member where room_id in (2, 3) order by 1, 2;

-- Being put in with a role at once needs the rank for it; else nobody is added.
select remove('owen', 2, 'new');
select put('mod', 2, 'new', 'moderator');
select ask('owen', 'list_members', '{"room": 2}', '$.members[*].user.name');
select put('owen', 2, 'new', 'owner');
select put('owen', 2, 'new', 'member');

-- Removing: by those who moderate, whom they outrank; nobody who is not in.
select remove('mem', 2, 'mod');
select remove('mod', 2, 'owen');
select remove('mod', 2, 'mod');
select remove('owen', 2, 'mod');
select head() as mark \gset
select remove('owen', 2, 'mem');
select log_after(:mark);
select ask('mem', 'get_room', '{"room": 2}');
select remove('mo', 3, 'mem');
select ask('mem', 'join_room', '{"room": 3}', '$.room.id');
select actor_id, action, person_id, room_id, detail from data.audit order by id;

-- The list of members, and its pages.
select ask('owen', 'list_members', '{"room": 3}', '$.members[*].keyvalue() ? (@.key != "joined_at").value');
select ask('owen', 'list_members', '{"room": 3, "limit": 2}', '$.members[*].user.id') , ask('owen', 'list_members', '{"room": 3, "limit": 2}', '$.keyvalue() ? (@.key != "members").value');
