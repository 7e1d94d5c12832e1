-- A room ban: out at once, and no way back in, by oneself, by others or by an invitation, until it is lifted or has run out.
select come('mod', 2), come('ana', 1), come('bob', 1), come('joe', 1) \g /dev/null
select ask('ana', 'create_room', jsonb_build_object('kind', kind, 'name', 'den', 'members', jsonb_build_array(id_of('bob'), id_of('joe'))), '$.room.id')
from unnest('{channel,group}'::text[]) kind;
select ask('bob', 'create_invite', '{"rooms": [3]}', '$.invite.rooms[*].id');
select ask('ana', 'create_invite', '{"rooms": [2, 3]}', '$.token.type()');
update data.invite set token_hash = token('invite') where person_id = id_of('ana');

select head() as before \gset
select ask('ana', 'ban_member', jsonb_build_object('room', room, 'user', id_of('bob'), 'reason', 'shouting')) from unnest('{2,3}'::int[]) room;
select log_after(:before);
select replayed('bob', :before);
select rooms from data.invite where person_id = id_of('bob');

-- Every door.
select ask('bob', 'join_room', '{"room": 2}');
select ask('bob', 'accept_invite', '{"invite": "invite"}');
select ask('joe', 'put_member', jsonb_build_object('room', room, 'user', id_of('bob'))) from unnest('{2,3}'::int[]) room;
select ask('mod', 'put_member', jsonb_build_object('room', 2, 'user', id_of('bob')));
select ask('bob', 'list_rooms', '{}', '$.rooms[*].name'), ask('bob', 'list_rooms', '{"all": true}', '$.rooms[*].name');
select ask('bob', 'list_messages', '{"room": 2}'), ask('bob', 'list_messages', '{"room": 3}');
select say('bob', 2, 'let me in');

-- Somebody who is not in the room can be banned from it; what is banned stands in the room's list.
select ask('ana', 'ban_member', jsonb_build_object('room', 2, 'user', id_of('mod'), 'reason', 'x'));
select ask('ana', 'list_sanctions', '{"room": 2}', '$.sanctions[*]');
select ask('joe', 'list_sanctions', '{"room": 2}');

-- Lifted: may join again, but nobody is put back. Run out by itself: the same.
select ask('ana', 'unban_member', jsonb_build_object('room', 2, 'user', id_of('bob')));
select ask('bob', 'join_room', '{"room": 2}', '$.room.my.role');
select ask('ana', 'ban_member', jsonb_build_object('room', 2, 'user', id_of('bob'), 'reason', 'x', 'until', '2999-01-01T00:00:00Z'));
select ask('bob', 'join_room', '{"room": 2}');
update data.sanction set until = now();
select ask('bob', 'join_room', '{"room": 2}', '$.room.my.role');

-- A banned room owner hands on.
select ask('mod', 'ban_member', jsonb_build_object('room', 2, 'user', id_of('ana'), 'reason', 'x'));
select ask('joe', 'list_members', '{"room": 2}', '$.members[*].user.name'), ask('joe', 'list_members', '{"room": 2}', '$.members[*].role');
select ask('mod', 'list_audit', '{"room": 2}', '$.audit[*].action');

-- Nor in disguise: the bots of the banned one go, and do not come in; neither does one that is new.
select ask('joe', 'create_bot', jsonb_build_object('name', name, 'new_token', token(name)), '$.user.name') from unnest('{jbot,jbot2}'::text[]) name;
select ask('jbot', 'join_room', '{"room": 2}', '$.room.id'), ask('mod', 'create_bot', jsonb_build_object('name', 'mbot', 'new_token', token('mbot')), '$.user.name');
select head() as before \gset
select ask('mod', 'ban_member', jsonb_build_object('room', room, 'user', id_of('joe'), 'reason', 'x')) from unnest('{1,2}'::int[]) room;
select log_after(:before);
select ask(bot, 'join_room', '{"room": 2}', '$.room.id') from unnest('{jbot,jbot2,mbot}'::text[]) bot;
select ask('joe', 'create_bot', jsonb_build_object('name', 'jbot3', 'new_token', token('jbot3')), '$.user.name'), ask('jbot3', 'list_rooms', '{}', '$.rooms[*].id');
