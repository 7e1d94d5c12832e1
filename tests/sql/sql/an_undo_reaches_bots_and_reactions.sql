-- What a rogue moderator removed comes back with its reactions and its pin, and what their bots did is undone with what they did themselves.
select come('root', 4), come('rogue', 2), come('ana', 1), come('bob', 1) \g /dev/null
select ask('rogue', 'create_bot', jsonb_build_object('name', 'henchman', 'new_token', token('henchman')), '$.user.role');
update data.person set rank = 1 where name = 'henchman';
select ask('rogue', 'create_room', jsonb_build_object('kind', 'group', 'name', 'den', 'members', array[id_of('henchman'), id_of('bob')]), '$.room.id');
update data.member set role = 1 where person_id = id_of('henchman') and room_id = 2;
select say('ana', 1, 'liked and pinned');
select max(id) as message from data.message \gset
select ask(who, 'add_reaction', jsonb_build_object('message', :message, 'emoji', '👍')), ask(who, 'pin_message', jsonb_build_object('message', :message)) from unnest('{bob,ana}'::text[]) who;
select ask('rogue', 'remove_message', jsonb_build_object('message', :message)), ask('henchman', 'mute_member', jsonb_build_object('room', 2, 'user', id_of('bob'), 'reason', 'x'));
select head() as before \gset
select a->>'action', a->'actor'->>'name', a->>'state' from api.undo(token('root'), jsonb_build_object('actor', id_of('rogue'), 'since', now() - interval '1 hour')), json_array_elements(body->'acts') a;
select ask('ana', 'get_message', jsonb_build_object('message', :message), '$.message.keyvalue() ? (@.key == "text" || @.key == "reactions").value'), ask('ana', 'list_pins', '{"room": 1}', '$.pins[*].keyvalue() ? (@.key != "message" && @.key != "at").value.name');
select kind from data.event where id > :before and kind ~ '^(message|pin)' order by id;
-- Not those of somebody who was erased meanwhile, and nothing of what its author has removed.
select ask('rogue', 'remove_message', jsonb_build_object('message', :message));
update data.person set erased_at = now() where name = 'bob';
select count(*) from api.undo(token('root'), jsonb_build_object('actor', id_of('rogue'), 'since', now() - interval '1 hour'));
select count(*) filter (where person_id = id_of('bob')) as of_bob, count(*) from data.reaction;
