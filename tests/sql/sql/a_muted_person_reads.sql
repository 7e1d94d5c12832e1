-- A mute: reads, but does not post, react, pin, edit or rename the room, and is told until when. It outlives leaving and joining.
select come('ana', 2), come('bob', 1), come('joe', 1) \g /dev/null
select ask('joe', 'create_room', jsonb_build_object('kind', 'group', 'name', 'den', 'members', jsonb_build_array(id_of('bob'), id_of('ana'))), '$.room.id');
select say('bob', room, 'hello') from unnest('{1,2}'::int[]) room;
select max(id) as message from data.message \gset
select head() as before \gset
select ask('joe', 'mute_member', jsonb_build_object('room', 2, 'user', id_of('bob'), 'until', '2999-01-01T00:00:00Z', 'reason', 'calm down'));
select log_after(:before);

select ask('bob', 'list_messages', '{"room": 2}', '$.messages[*].text');
select say('bob', 2, 'again');
select ask('bob', 'edit_message', jsonb_build_object('message', :message, 'text', 'again'));
select ask('bob', 'add_reaction', jsonb_build_object('message', :message, 'emoji', '👍'));
select ask('bob', 'pin_message', jsonb_build_object('message', :message));
select ask('bob', 'change_room', '{"room": 2, "name": "bobs den"}');
select ask('bob', 'set_typing', '{"room": 2}');
select ask('bob', 'get_room', '{"room": 2}', '$.room.my.muted_until');
select ask('joe', 'list_members', '{"room": 2}', '$.members[*].muted_until');
-- In other rooms nothing is changed; one's own message may be removed, and one may report and leave.
select say('bob', 1, 'here i can');
select ask('bob', 'remove_message', jsonb_build_object('message', :message));
select ask('bob', 'leave_room', '{"room": 2}'), ask('joe', 'put_member', jsonb_build_object('room', 2, 'user', id_of('bob')));
select say('bob', 2, 'and now?');

-- It ends by itself, and by being lifted, which is told once.
update data.sanction set until = now();
select say('bob', 2, 'at last');
select ask('ana', 'mute_member', jsonb_build_object('room', 2, 'user', id_of('bob'), 'reason', ''));
select say('bob', 2, 'again');
select head() as before \gset
select ask('ana', 'unmute_member', jsonb_build_object('room', 2, 'user', id_of('bob')));
select ask('ana', 'unmute_member', jsonb_build_object('room', 2, 'user', id_of('bob')));
select log_after(:before);
select say('bob', 2, 'thank you');
select ask('ana', 'mute_member', jsonb_build_object('room', 2, 'user', id_of('bob'), 'until', 'tomorrow or so'));
select ask('ana', 'mute_member', jsonb_build_object('room', 99, 'user', id_of('bob')));
select ask('ana', 'mute_member', '{"room": 2, "user": 99}');

-- Slow mode counts per person and room, those who moderate are exempt; 429 with the seconds left.
select ask('joe', 'change_room', '{"room": 2, "slow_mode": 30}');
select say('joe', 2, 'one'), say('joe', 2, 'two'), say('ana', 2, 'one'), say('ana', 2, 'two');
update data.message set at = at - interval '31 seconds' where person_id = id_of('bob');
select say('bob', 2, 'one'), say('bob', 1, 'elsewhere');
select say('bob', 2, 'two');
select ask('ana', 'list_audit', jsonb_build_object('user', id_of('bob')), '$.audit[*].action');
