-- A message is 1..8000 code points from a member who may write; what is refused leaves nothing behind.
select come('ana'), come('bo');
select say('ana', 1, 'x'), say('ana', 1, repeat('語', 8000));
select say('ana', 1, ''), say('ana', 1, E' \n\t ');
select say('ana', 1, E'\u00A0'), say('ana', 1, E'\u200B\u2060'), say('ana', 1, E'\u3000\uFEFF');
select say('ana', 1, repeat('x', 8001));
select ask('ana', 'post_message', '{"room": 1, "client_id": "00000000-0000-4000-8000-000000000001"}');
select say('ana', 1, 'x', '{"reply_to": 9999}');
select say('ana', 1, 'x', '{"images": [1]}');
select say('ana', 1, 'x', jsonb_build_object('images', array(select generate_series(1, 11))));
select say(null, 1, 'x'), say('nobody', 1, 'x'), say('ana', 99, 'x');

-- A reply to a message of another room.
select ask('ana', 'create_room', '{"kind": "channel", "name": "other"}', '$.room.id');
select say('ana', 2, 'elsewhere');
select max(id) as elsewhere from data.message \gset
select say('ana', 1, 'x', jsonb_build_object('reply_to', :elsewhere));

-- Muted, with the end or without; until the end.
insert into data.sanction (person_id, room_id, kind, until) values (2, 1, 'mute', '2400-01-02T03:04:05Z');
select say('bo', 1, 'x');
select ask('bo', f, jsonb_build_object('message', (select min(id) from data.message), 'room', 1, 'user', 1, 'text', 'x', 'emoji', '👍'))
from unnest(array['add_reaction', 'remove_reaction', 'pin_message', 'unpin_message', 'set_typing']) as f;
update data.sanction set until = 'infinity';
select say('bo', 1, 'x');
select ask('bo', 'list_messages', '{"room": 1, "limit": 1}', '$.messages[*].n'), ask('bo', 'mark_read', '{"room": 1, "up_to": 99}');
update data.sanction set until = now() - interval '1 second';
select say('bo', 1, 'x');

-- Gapless all the same.
select room_id, array_agg(n order by id) from data.message group by 1 order by 1;
