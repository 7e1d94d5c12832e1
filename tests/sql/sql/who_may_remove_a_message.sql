-- A message is removed by its author, or by someone of strictly higher rank who moderates there; of others' direct rooms and groups only
-- when it was reported. (ranks_are_strict has the whole ladder.)
select come('mod', 2), come('ana', 1), come('bob', 1) \g /dev/null
select ask('ana', 'open_direct', jsonb_build_object('user', id_of('bob')), '$.room.id');
select ask('ana', 'create_room', jsonb_build_object('kind', 'group', 'name', 'den', 'members', jsonb_build_array(id_of('bob'))), '$.room.id');
select split_part(say('bob', room, 'word ' || room), ' ', 1) from unnest('{1,1,2,3}'::int[]) room;
create function nth(p_n int) returns bigint language sql as $$ select id from data.message where person_id = test.id_of('bob') order by id offset p_n - 1 limit 1 $$;

-- By the author, after leaving too; only the audit says who it was, also of one's own.
select head() as before \gset
select ask('bob', 'remove_message', jsonb_build_object('message', nth(1)));
select ask('bob', 'leave_room', '{"room": 1}'), ask('mod', 'remove_message', jsonb_build_object('message', nth(2), 'reason', 'rude'));
select regexp_replace(log, '^\d+ ', '') from log_after(:before) log where log not like '%member.left%';
select ask('ana', 'list_messages', '{"room": 1}', '$.messages[*].deleted.by');
select ask('mod', 'list_audit', '{"action": "remove_message"}', '$.audit[*].actor.name'), ask('mod', 'list_audit', '{"action": "remove_message"}', '$.audit[*].detail');
-- Once more is no error and no second row.
select ask('mod', 'remove_message', jsonb_build_object('message', nth(2)));
select count(*) from data.audit where action = 'remove_message';

-- Who is not in the channel is told that first.
select come('eve', 1) \g /dev/null
select ask('eve', 'remove_message', jsonb_build_object('message', nth(1))), ask('eve', 'leave_room', '{"room": 1}'), ask('eve', 'remove_message', jsonb_build_object('message', nth(1)));

-- The direct room and the group of others are not there for the moderator, until somebody in them reports the message.
select ask('mod', 'remove_message', jsonb_build_object('message', nth(n))) from unnest('{3,4}'::int[]) n;
select ask('ana', 'remove_message', jsonb_build_object('message', nth(3)));
select ask('mod', 'report_message', jsonb_build_object('message', nth(3), 'reason', 'let me see'));
select ask('ana', 'report_message', jsonb_build_object('message', nth(n), 'reason', 'threats'), '$.report.state') from unnest('{3,4}'::int[]) n;
select ask('mod', 'remove_message', jsonb_build_object('message', nth(n))) from unnest('{3,4}'::int[]) n;
select ask('ana', 'list_messages', '{"room": 2}', '$.messages[*].deleted.by');
-- Nothing else of the room: neither reading it nor acting in it.
select ask('mod', 'list_messages', '{"room": 2}'), ask('mod', 'mute_member', jsonb_build_object('room', 3, 'user', id_of('bob')));

-- Mentions, reactions, pins and images go with it.
select ask('bob', 'join_room', '{"room": 1}', '$.room.id');
insert into data.blob (sha256, type, width, height, animated, picture, thumb, thumb_width, thumb_height) values (sha256('x'), 'image/webp', 1, 1, false, 'x', 'x', 1, 1);
insert into data.image (person_id, sha256) values (id_of('bob'), sha256('x'));
select split_part(say('bob', 1, 'look @ana', '{"images": [1]}'), ' ', 1);
select ask('ana', 'add_reaction', jsonb_build_object('message', nth(5), 'emoji', '👍')), ask('ana', 'pin_message', jsonb_build_object('message', nth(5)));
select ask('bob', 'remove_message', jsonb_build_object('message', nth(5)));
select (select count(*) from data.mention), (select count(*) from data.reaction), (select count(*) from data.pin), (select count(*) from data.image);
select ask('ana', 'get_message', jsonb_build_object('message', nth(5)), '$.message.keyvalue() ? (@.key != "id" && @.key != "client_id" && @.key != "at" && @.key != "deleted")');
-- Nobody edits another's text, whatever the rank.
update data.person set rank = 4 where name = 'mod';
select split_part(say('bob', 1, 'mine'), ' ', 1), ask('mod', 'edit_message', jsonb_build_object('message', nth(6), 'text', 'yours'));
