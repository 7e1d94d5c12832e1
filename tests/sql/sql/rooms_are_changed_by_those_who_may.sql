-- In a group every member changes name and topic; in a channel those who moderate it; an archive is its owner's.
select come('owen', 1), come('mod'), come('mem'), come('amy', 3);
select ask('owen', 'create_room', '{"kind": "group", "name": "g", "members": [2, 3]}', '$.room.id');
select ask('owen', 'create_room', '{"kind": "channel", "name": "c", "members": [2, 3]}', '$.room.id');
select ask('owen', 'put_member', '{"room": 2, "user": 2, "role": "moderator"}');
select ask('owen', 'put_member', '{"room": 3, "user": 2, "role": "moderator"}');
create function try(p_room int, p_args jsonb) returns setof text language sql
as $$ select who || ': ' || ask(who, 'change_room', p_args || jsonb_build_object('room', p_room)) from unnest(array['mem', 'mod', 'owen', 'amy']) as who; $$;

select try(2, '{"name": "group", "topic": "t"}');
select try(2, '{"slow_mode": 10}');
select try(3, '{"name": "channel"}');
select try(3, '{"topic": "t"}');
select try(3, '{"slow_mode": 0}');
select head() as mark \gset
select try(2, '{"archived": true}');
select log_after(:mark);
select try(2, '{"name": "no more"}');
select try(3, '{"archived": true}');

-- An archived room is read, and nothing else.
select ask('mem', 'list_messages', '{"room": 3}');
select ask('mem', 'get_room', '{"room": 3}', '$.room.archived');
select say('mem', 3, 'x');
select ask('mem', 'put_member', '{"room": 3, "user": 4}');
select ask('mem', 'create_invite', '{"rooms": [3]}');
select ask('mem', 'set_typing', '{"room": 3}');
select come('new');
select ask('new', 'join_room', '{"room": 3}');
select ask('new', 'list_rooms', '{"all": true}', '$.rooms[*].name');
select ask('mem', 'leave_room', '{"room": 3}');
select ask('owen', 'change_room', '{"room": 3, "archived": false, "name": "back"}');
select say('owen', 3, 'and it goes on');

-- A muted person neither writes nor renames; names are checked here too.
insert into data.sanction (person_id, room_id, kind, until) values (3, 2, 'mute', 'infinity');
select ask('owen', 'change_room', '{"room": 2, "archived": false}');
select ask('mem', 'change_room', '{"room": 2, "name": "x"}');
insert into data.sanction (person_id, room_id, kind, until) values (1, 3, 'mute', 'infinity');
select ask('owen', 'change_room', '{"room": 3, "archived": true, "name": "x"}'), ask('owen', 'change_room', '{"room": 3, "archived": false}');
select ask('amy', 'change_room', '{"room": 3, "archived": true}'), ask('owen', 'change_room', '{"room": 3, "archived": false}');
select ask('amy', 'change_room', '{"room": 3, "archived": false}');
delete from data.sanction where person_id = 1;
select ask('owen', 'change_room', '{"room": 2, "name": "  "}');
select ask('owen', 'change_room', '{"room": 2, "name": null}');
select ask('owen', 'change_room', '{"room": 2, "topic": "two\nlines"}');
select ask('owen', 'change_room', '{"room": 2, "topic": null}');
select ask('owen', 'open_direct', '{"user": 2}', '$.room.id');
select ask('owen', 'change_room', '{"room": 4, "name": "x"}');
-- What changes nothing says nothing; an archived room is changed only as it is brought back.
select head() as mark, (select count(*) from data.audit) as acts \gset
select ask('owen', 'change_room', '{"room": 2}'), ask('owen', 'change_room', '{"room": 2, "topic": "", "name": " group ", "slow_mode": 10, "archived": false, "message_days": null}');
select ask('owen', 'change_room', '{"room": 2, "archived": null}');
select count(*) from api.read_log(:mark, 10);
select ask('owen', 'change_room', '{"room": 2, "archived": true, "topic": "last"}'), ask('owen', 'change_room', '{"room": 2, "archived": true, "topic": "last"}');
select ask('owen', 'change_room', '{"room": 2, "archived": true, "topic": "x"}'), ask('owen', 'change_room', '{"room": 2, "topic": "x"}'), ask('owen', 'change_room', '{"room": 2, "archived": null, "topic": "x"}');
select count(*) from api.read_log(:mark, 10);
select count(*) - :acts from data.audit;
select ask('owen', 'change_room', '{"room": 2, "archived": false, "topic": "t"}');
select id, name, topic, slow_mode, archived_at is not null from data.room order by id;
select actor_id, via, action, room_id, detail from data.audit order by id;
