-- Retention: the beginning of a room goes, in slices, and nothing else; each room by its own days, else the server's.
select come('root', 4), come('own', 1), come('mod', 2), come('mem');
select ask('own', 'create_room', '{"kind": "group", "name": "g", "members": [4]}', '$.room.id'), ask('own', 'create_room', '{"kind": "channel", "name": "c"}', '$.room.id');
select string_agg(split_part(say('own', room, 'm' || i), ' ', 1), ' ') from unnest(array[1, 2]) room, generate_series(1, 5) i;
update data.message m set reply_to = (select id from data.message where room_id = m.room_id and n = 4) where n = 5;
select ask('own', 'pin_message', jsonb_build_object('message', (select min(id) from data.message where room_id = 1))), ask('mem', 'add_reaction', jsonb_build_object('message', (select min(id) from data.message where room_id = 1), 'emoji', '👍'));
select ask('mem', 'report_message', jsonb_build_object('message', (select min(id) from data.message where room_id = 1), 'reason', 'old'), '$.report.id');
insert into data.blob (sha256, type, width, height, animated, thumb_width, thumb_height, picture, thumb) values (sha256('\x01'), 'image/webp', 1, 1, false, 1, 1, '\x01', '\x01');
insert into data.image (person_id, sha256, message_id) select 2, sha256, (select min(id) from data.message where room_id = 1) from data.blob;
select rule.index_search(100);
update data.message set at = now() - interval '40 days' where n <= 4;
create function rooms() returns text language sql as $$
  select string_agg(format('room %s: first_n %s, last_n %s, unread %s, %s', r.id, room->'first_n', room->'last_n', room->'my'->'unread',
                           (select string_agg(text, ' ' order by id) from data.message m where m.room_id = r.id)), E'\n')
  from rule.show_rooms(4) r $$;

-- Nothing is set: all of it stays, however old.
select api.maintain('retire');
select rooms();
-- The dry run counts what would go, as it is set and as it might be.
select ask('root', 'preview_retention'), ask('root', 'preview_retention', '{"message_days": 30}'), ask('root', 'preview_retention', '{"message_days": 50}');
select ask('mod', 'preview_retention');

-- Who says how long: admins, the owner of a room no longer than the server, nobody else.
select ask('root', 'change_settings', '{"message_days": 60}');
select ask('mem', 'change_room', '{"room": 2, "message_days": 30}'), ask('own', 'change_room', '{"room": 2, "message_days": 0}'), ask('own', 'change_room', '{"room": 2, "message_days": 61}');
select ask('own', 'change_room', '{"room": 2, "message_days": 30}'), ask('mem', 'get_room', '{"room": 2}', '$.room.message_days');
select ask('root', 'change_room', '{"room": 3, "message_days": 0}'), ask('own', 'change_room', '{"room": 1, "message_days": 1}');
select ask('root', 'list_audit', '{"action": "change_room"}', '$.audit[*].detail');
select ask('root', 'preview_retention', '{}', '$.messages');

-- In slices; the room says where it begins, and unread is a subtraction still. Told once, when the last of them has gone.
select head() as mark \gset
select rule.retire_messages(3);
select rooms();
select rule.retire_messages(3), rule.retire_messages(3);
select rooms();
select id - :mark, kind, data->'first_n' from api.read_log(:mark, 10);
select ask('mem', 'list_messages', '{"room": 2}', '$.messages[*].reply_to'), ask('mem', 'list_messages', '{"room": 2}', '$.more_before');
-- All of a room: the next message goes on with the numbers.
update data.message set at = now() - interval '31 days' where room_id = 2;
select api.maintain('retire');
select say('mem', 2, 'afresh');
select rooms();

-- As the server's again; what hangs on a message goes along, the report keeps its copy.
select ask('own', 'change_room', '{"room": 2, "message_days": null}'), ask('root', 'change_settings', '{"message_days": 30}');
select api.maintain();
select rooms();
select api.maintain(), (select count(*) from data.pin), (select count(*) from data.reaction), (select count(*) from data.image), (select count(*) from data.blob), (select string_agg(folded, ' ') from data.search);
select ask('root', 'list_reports', '{}', '$.reports[*].keyvalue() ? (@.key == "removed" || @.key == "message").value');
-- Whoever comes back is shown nothing of a message that is no more.
select replayed('mem', (select min(id) from data.event where kind = 'message.posted' and room_id = 1) - 1, 1);

-- What an owner said while the server kept all for ever is no way around what the server says later; what an admin said is.
select ask('root', 'change_settings', '{"message_days": null}');
create function kept() returns text language sql as $$ select string_agg(format('room %s: %s', id, rule.days_kept(r, rule.setting_number('message_days')::int)), ', ' order by id) from data.room r $$;
select ask('own', 'change_room', '{"room": 2, "message_days": 0}'), ask('root', 'change_room', '{"room": 3, "message_days": 0}'), kept();
select ask('root', 'change_settings', '{"message_days": 30}'), kept();
select ask('root', 'change_settings', '{"message_days": null}'), ask('own', 'change_room', '{"room": 2, "message_days": 90}'), ask('own', 'change_room', '{"room": 3, "message_days": 0}'), kept();
select ask('root', 'change_settings', '{"message_days": 30}'), kept();
select ask('root', 'change_settings', '{"message_days": 100}'), kept();
select ask('root', 'change_settings', '{"message_days": 30}');
-- What an admin said, undone, is as its owner said it again, who has less of a say.
select ask('own', 'change_room', '{"room": 3, "message_days": 20}'), ask('root', 'change_room', '{"room": 3, "message_days": 0}'), kept();
select ask('root', 'undo', jsonb_build_object('act', max(id)), '$.acts[*].state') from data.audit;
select kept(), message_days, days_by_admin from data.room where id = 3;

-- It never looks further than a slice: what is young stays, also when something behind it says that it is older.
select string_agg(split_part(say('own', 1, 'm' || i), ' ', 1), ' ') from generate_series(6, 8) i;
update data.message set at = now() - interval '40 days' where room_id = 1 and text = 'm7';
select rule.retire_messages(10);
select rooms();
