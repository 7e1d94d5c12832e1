-- Every kind of event: its audience, whom it concerns, and what it shows: never a text that was removed, edited away or hidden.
select come('ana'), come('bo'), come('cy'), come('mo', 2);
\set old 'the words of long ago'
select ask('ana', 'create_room', '{"kind": "group", "name": "plans", "topic": "t", "members": [2]}', '$.room.id');
select head() as mark \gset

select say('ana', 2, :'old');
select say('bo', 2, 'an answer', jsonb_build_object('reply_to', head()));
select id as first from data.message where n = 1 \gset
select id as second from data.message where n = 2 \gset
select log_after(:mark);
select id, author_id, quoted_id, room_role, rank, data_own from api.read_log(:mark, 100);

-- Edited: the first event shows the new text, too.
select ask('ana', 'edit_message', jsonb_build_object('message', :first, 'text', 'better words'));
select log_after(:mark);

-- Hidden: like removed by a moderator, also in what quotes it; shown again, they are back.
update data.person set hidden_up_to = :first, hidden_at = now() where id = 1;
select rule.log_event('user.hidden', 'rank', 0, p_person => 1) is not null;
select log_after(:mark);
update data.person set hidden_up_to = 0 where id = 1;
select rule.log_event('user.shown', 'rank', 0, p_person => 1) is not null;
select data::jsonb->'text' from api.read_log(:mark, 1);

-- Removed: gone from all of them.
select ask('ana', 'remove_message', jsonb_build_object('message', :first));
select log_after(:mark);
select count(*) from api.read_log(0, 1000) where data::text like '%words%' or data_own::text like '%words%';
select (select data->>'at' from api.read_log(:mark, 100) where kind = 'message.deleted')
     = (select to_char(deleted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from data.message where id = :first);

-- The table of the log has no text of anybody.
select distinct jsonb_object_keys(detail) from data.event order by 1;
select count(*) from data.event e where e::text like '%words%' or e::text like '%plans%' or e::text like '%ana%';

-- Reactions, pins.
select head() as mark \gset
select ask('ana', 'add_reaction', jsonb_build_object('message', :second, 'emoji', '👍')), ask('ana', 'remove_reaction', jsonb_build_object('message', :second, 'emoji', '👍')),
       ask('ana', 'pin_message', jsonb_build_object('message', :second)), ask('ana', 'unpin_message', jsonb_build_object('message', :second));
select log_after(:mark);

-- Rooms and members; the one concerned gets the room with `my`, the room gets it without.
select head() as mark \gset
select ask('ana', 'create_room', '{"kind": "channel", "name": "c"}', '$.room.id');
select ask('ana', 'put_member', '{"room": 3, "user": 3, "role": "moderator"}'), ask('ana', 'change_room', '{"room": 3, "name": "renamed"}'),
       ask('ana', 'remove_member', '{"room": 3, "user": 3}');
select log_after(:mark);
select id, kind, person_id, room_role, data_own::jsonb #- '{room,topic}' from api.read_log(:mark, 100);
select id, data_own::jsonb ? 'room' and not data::jsonb ? 'room' from api.read_log(:mark, 100) where kind = 'member.joined';

-- In rooms of more than 500 people joining and leaving is told only to the one concerned and to those who moderate.
update data.room set members = 501 where id = 3;
select head() as mark \gset
select ask('cy', 'join_room', '{"room": 3}', '$.room.members'), ask('cy', 'leave_room', '{"room": 3}');
select log_after(:mark);

-- People and sessions.
select head() as mark \gset
select ask('bo', 'change_me', '{"name": "Bob"}', '$.user.name'), ask('cy', 'upgrade_me', '{"password_hash": "H"}');
select ask('mo', 'sign_out');
select log_after(:mark);
select id, kind, rank from api.read_log(:mark, 100);

-- read_events gives the same rows for some ids, also for ids that there are not; both in ascending order, cut at the limit.
select (select json_agg(r) from api.read_events(array[5, 3, 999, 4]) r)::text = (select json_agg(r) from api.read_log(2, 3) r)::text;
select id from api.read_log(:mark, 2);
select count(*) from api.read_log(head(), 10);
select tag ~ '^[0-9a-f]+$' and at between extract(epoch from now()) - 60 and extract(epoch from now()) from api.read_log(:mark, 1);

-- Of a message that retention took before its events there is nothing to show.
delete from data.message where id = :second;
select distinct kind, data is null as nothing from api.read_log(0, 100) where message_id = :second order by 1;
