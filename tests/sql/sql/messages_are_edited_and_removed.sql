-- Editing is the author's alone; removing also that of whoever moderates and stands strictly higher. A tombstone stays.
select come('ana'), come('bo'), come('mo', 2);
select say('ana', 1, 'frist');
select say('bo', 1, 'an answer', '{"reply_to": 5}');
create function edit(p_who text, p_message int, p_text text) returns text language sql
as $$ select ask(p_who, 'edit_message', jsonb_build_object('message', p_message, 'text', p_text)); $$;

select head() as mark \gset
select edit('bo', 5, 'mine now'), edit('mo', 5, 'mine now'), edit(null, 5, 'x');
select edit('ana', 5, ''), edit('ana', 5, repeat('x', 8001)), edit('ana', 99, 'x');
select edit('ana', 5, 'first @bo');
select log_after(:mark);
select ask('bo', 'get_message', '{"message": 6}', '$.message.reply_to');
select ask('bo', 'get_room', '{"room": 1}', '$.room.my.mentions');

-- The same text again is no edit.
select head() as mark \gset
select edit('ana', 5, 'first @bo'), head() = :mark;

-- Not when muted, in an archive, after leaving.
insert into data.sanction (person_id, room_id, kind) values (1, 1, 'mute');
select edit('ana', 5, 'x');
delete from data.sanction;
update data.room set archived_at = now() where id = 1;
select edit('ana', 5, 'x');
update data.room set archived_at = null where id = 1;
select ask('ana', 'leave_room', '{"room": 1}');
select edit('ana', 5, 'x');
select ask('ana', 'join_room', '{"room": 1}', '$.room.id');

-- An excerpt is at most 140 characters.
select edit('ana', 5, repeat('語', 200));
select ask('bo', 'get_message', '{"message": 6}', '$.message.reply_to.text') = '200 "' || repeat('語', 140) || '"';

-- Removing: not by an equal; the author; a moderator, with the reason in the audit; once more is no error.
select ask('bo', 'add_reaction', '{"message": 5, "emoji": "👍"}'), ask('bo', 'pin_message', '{"message": 5}');
select ask('bo', 'remove_message', '{"message": 5}');
select head() as mark \gset
select ask('ana', 'remove_message', '{"message": 5}');
select ask('mo', 'remove_message', '{"message": 6, "reason": "spam"}');
select ask('mo', 'remove_message', '{"message": 6}');
select log_after(:mark);
select ask('bo', 'get_message', jsonb_build_object('message', id)) from data.message order by id;
select actor_id, action, person_id, message_id, reason, detail from data.audit order by id;
select count(*) from data.reaction;
select count(*) from data.pin;
select count(*) from data.mention;

-- Nothing is done to what was removed; an answer to it still stands.
select edit('ana', 5, 'back again');
select ask('bo', 'add_reaction', '{"message": 5, "emoji": "👍"}'), ask('bo', 'pin_message', '{"message": 5}');
select ask('bo', 'remove_reaction', '{"message": 5, "emoji": "👍"}'), ask('bo', 'unpin_message', '{"message": 5}');
select ask('bo', 'post_message', '{"room": 1, "text": "late", "reply_to": 5, "client_id": "00000000-0000-4000-8000-000000000001"}', '$.message.reply_to');
