-- The same client_id again, from the same author, however much later: 200 and the first message, or its tombstone.
select come('ana'), come('bo');
create function post(p_who text, p_text text, p_room int default 1) returns text language sql
as $$ select ask(p_who, 'post_message', jsonb_build_object('room', p_room, 'text', p_text, 'client_id', '00000000-0000-4000-8000-000000000001')); $$;
select post('ana', 'first');
select head() as mark \gset
select post('ana', 'first');
select post('ana', 'another text');

-- Somebody else's same id is another message.
select post('bo', 'mine');

-- After an edit: as it is now. In another room: the first all the same. After leaving, and muted: it was posted.
select ask('ana', 'edit_message', jsonb_build_object('message', :mark, 'text', 'better'));
select post('ana', 'first');
select post('ana', 'first', 2);
insert into data.sanction (person_id, room_id, kind) values (1, 1, 'mute');
select ask('ana', 'leave_room', '{"room": 1}');
select post('ana', 'first');
select ask('ana', 'join_room', '{"room": 1}', '$.room.id');

-- After the removal: the tombstone.
select ask('ana', 'remove_message', jsonb_build_object('message', :mark));
select post('ana', 'first');
select post('ana', 'first');

-- Two of them in one batch: one message.
select ord, status, body->'message'->>'id' from api.execute(json_build_array(
  json_build_object('function', 'post_message', 'token', token('bo'), 'args', '{"room": 1, "text": "a", "client_id": "00000000-0000-4000-8000-000000000003"}'::json),
  json_build_object('function', 'post_message', 'token', token('bo'), 'args', '{"room": 1, "text": "a", "client_id": "00000000-0000-4000-8000-000000000003"}'::json)));
select n, client_id from data.message order by id;

-- Whoever was removed since has the own row back, and nothing of what others said and did there later.
select come('cy');
select ask('ana', 'create_room', '{"kind": "group", "name": "g", "members": [2]}', '$.room.id');
select say('ana', 2, 'quoted');
select head() as quoted \gset
create function answer() returns text language sql
as $$ select ask('bo', 'post_message', '{"room": 2, "text": "answer", "client_id": "00000000-0000-4000-8000-000000000004", "reply_to": 15}', '$.message.keyvalue() ? (@.key == "text" || @.key == "reply_to" || @.key == "reactions").value'); $$;
select answer();
select head() as answer \gset
select ask('ana', 'remove_member', '{"room": 2, "user": 2}');
select ask('ana', 'edit_message', jsonb_build_object('message', :quoted, 'text', 'after bo was gone')), ask('ana', 'add_reaction', jsonb_build_object('message', :answer, 'emoji', '👍'));
select answer();
select export->'message'->'text', export->'message'->'reply_to', export->'message'->'reactions' from api.export_me(token('bo')) export where export->'message'->>'id' = :'answer';
select ask('ana', 'put_member', '{"room": 2, "user": 2}');
select answer();
select export->'message'->'reply_to'->'text', export->'message'->'reactions' from api.export_me(token('bo')) export where export->'message'->>'id' = :'answer';
