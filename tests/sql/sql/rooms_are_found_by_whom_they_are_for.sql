-- A channel is seen and joined by anyone; a group or a direct room of others does not exist.
select come('ana', 1), come('bo'), come('cy');
select ask('ana', 'create_room', '{"kind": "channel", "name": " General  ", "topic": "all and sundry"}');
select ask('ana', 'create_room', '{"kind": "group", "name": "plans", "members": [2]}', '$.room.id');
select ask('ana', 'open_direct', '{"user": 2}', '$.room.id');
select ask('ana', 'list_rooms', '{}', '$.rooms[*].name');
select ask('bo', 'list_rooms', '{}', '$.rooms[*].id');
select ask('cy', 'list_rooms', '{}', '$.rooms[*].id');

-- Every channel that I may join: by name and topic, without those I am banned from, without `my` where I am not in.
select ask('cy', 'list_rooms', '{"all": true}', '$.rooms[*].id');
select ask('cy', 'list_rooms', '{"all": true, "q": "SUNDRY"}', '$.rooms[*]');
select ask('cy', 'list_rooms', '{"all": true, "q": "plans"}');
insert into data.sanction (person_id, room_id, kind) values (3, 2, 'ban');
select ask('cy', 'list_rooms', '{"all": true}', '$.rooms[*].id');
select ask('cy', 'join_room', '{"room": 2}');
delete from data.sanction;

-- Of a channel that one is not in: the room, and not its messages. Of a room of others: nothing.
select say('ana', 2, 'for members'), say('ana', 3, 'for two'), say('ana', 4, 'for one');
select ask('cy', 'get_room', '{"room": 2}', '$.room.my');
select ask('cy', f, '{"room": 2, "text": "x", "up_to": 1, "level": "all", "client_id": "00000000-0000-4000-8000-000000000000"}') as answer,
       string_agg(f, ' ' order by f)
from unnest(array['list_messages', 'post_message', 'mark_read', 'set_level', 'set_typing', 'list_members', 'list_pins']) as f group by 1;
select ask('cy', f, jsonb_build_object('room', room, 'text', 'x', 'user', 3, 'up_to', 1, 'level', 'all', 'client_id', gen_random_uuid())) as answer, count(*)
from unnest(array[3, 4, 99]) as room,
     unnest(array['get_room', 'change_room', 'join_room', 'leave_room', 'list_messages', 'post_message', 'mark_read', 'set_level',
                  'set_typing', 'list_members', 'put_member', 'remove_member', 'list_pins']) as f group by 1;

-- The same of a message there, by its id.
select id as in_channel from data.message where room_id = 2 \gset
select id as in_group from data.message where room_id = 3 \gset
select message, ask('cy', f, jsonb_build_object('message', message, 'text', 'x', 'emoji', '👍', 'reason', '')) as answer, count(*)
from unnest(array[:in_channel, :in_group, 9999]) as message,
     unnest(array['get_message', 'edit_message', 'add_reaction', 'remove_reaction', 'pin_message', 'unpin_message', 'remove_message']) as f group by 1, 2 order by 1, 2;
select count(*) from data.message where deleted_at is null and edited_at is null;

-- Joining: the mark stands at the end, once more is no error; leaving a channel one is not in neither.
select ask('cy', 'join_room', '{"room": 2}', '$.room.my');
select ask('cy', 'join_room', '{"room": 2}', '$.room.members');
select ask('cy', 'list_messages', '{"room": 2}', '$.messages[*].text');
select ask('cy', 'leave_room', '{"room": 2}');
select ask('cy', 'leave_room', '{"room": 2}');
select ask('cy', 'get_room', '{"room": 2}', '$.room.members');

-- Without a session nothing at all.
select ask(null, f, '{"room": 1}') from unnest(array['get_state', 'list_rooms', 'get_room', 'list_messages', 'join_room', 'create_room']) as f;

-- What a room must not be.
select ask('ana', 'create_room', '{"kind": "direct", "name": "x"}');
select ask('ana', 'create_room', '{"name": "x"}');
select ask('ana', 'create_room', '{"kind": "group", "name": "  "}');
select ask('ana', 'create_room', '{"kind": "group"}');
select ask('ana', 'create_room', jsonb_build_object('kind', 'group', 'name', repeat('x', 81)));
select ask('ana', 'create_room', jsonb_build_object('kind', 'group', 'name', 'x', 'topic', repeat('x', 251)));
select ask('ana', 'create_room', '{"kind": "group", "name": "x", "topic": "two\nlines"}');
select ask('ana', 'create_room', '{"kind": "group", "name": "x", "members": [99]}');
select ask('ana', 'create_room', jsonb_build_object('kind', 'group', 'name', 'x', 'members', array(select 1 from generate_series(1, 501))));
select count(*) from data.room;
