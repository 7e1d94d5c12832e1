-- The room of us two: the same from both sides, made once; it has a peer instead of a name.
select come('ana'), come('bo'), come('cy');
select head() as mark \gset
select ask('bo', 'open_direct', '{"user": 1}');
select log_after(:mark);
select ask('ana', 'open_direct', '{"user": 2}', '$.room.id');
select ask('ana', 'get_room', '{"room": 2}', '$.room.peer.name');
select ask('ana', 'open_direct', '{"user": 3}', '$.room.id');
select pair_low, pair_high, members from data.room where kind = 'direct' order by id;
select ask('ana', 'open_direct', '{"user": 1}');
select ask('ana', 'open_direct', '{"user": 99}');
select ask(null, 'open_direct', '{"user": 1}');

-- A block stops messages both ways and does not say whose it is; the room stays readable; nothing new is opened.
select say('ana', 2, 'hello');
insert into data.block (person_id, blocked_id) values (2, 1);
select say('ana', 2, 'hello?'), say('bo', 2, 'no');
select id as first from data.message \gset
select ask('ana', 'add_reaction', jsonb_build_object('message', :first, 'emoji', '👍'));
select ask('ana', 'list_messages', '{"room": 2}', '$.messages[*].text');
select ask('ana', 'open_direct', '{"user": 2}', '$.room.id');
insert into data.block (person_id, blocked_id) values (2, 3);
select ask('bo', 'open_direct', '{"user": 3}');
select ask('cy', 'open_direct', '{"user": 2}');

-- Not with somebody who was erased.
update data.person set erased_at = now() where id = 2;
delete from data.block;
select ask('cy', 'open_direct', '{"user": 2}');

-- What both are told of their room leaves out who the other one is: each knows that, and it is not the same.
select split_part(say('ana', 3, text), ' ', 1) from unnest('{older,newer}'::text[]) text;
update data.message set at = now() - interval '40 days' where text = 'older';
insert into data.setting values ('message_days', '30');
select head() as before \gset
select rule.retire_messages(10);
select log_after(:before);
