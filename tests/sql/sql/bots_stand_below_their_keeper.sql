-- A bot of mine, with its first token, below my own rank and never above a member.
select come('guest'), come('mia', 1), come('amy', 3);
select ask('guest', 'create_bot', '{"name": "b1", "new_token": "f1"}');
select ask('mia', 'create_bot', jsonb_build_object('name', 'helper', 'new_token', token('helper')));
select ask('mia', 'create_bot', jsonb_build_object('name', 'helper', 'new_token', token('helper')), '$.user.id');
select ask('amy', 'create_bot', jsonb_build_object('name', 'robot', 'new_token', token('robot')), '$.user');
select ask('mia', 'create_bot', '{"name": "HELPER", "new_token": "f1"}');
select ask('helper', 'create_bot', '{"name": "b2", "new_token": "f1"}');
select ask('robot', 'create_bot', '{"name": "b2", "new_token": "f1"}');
select name, rank, (select k.name from data.person k where k.id = p.keeper_id) from data.person p where is_bot order by id;

-- A bot speaks like anybody else, and cannot become a person.
select say('helper', 1, 'beep');
select ask('helper', 'upgrade_me', '{"password_hash": "H"}');

-- A mute and a ban of its keeper hold for it, and it is shown so wherever it stands.
select come('mod', 2), ask('mod', 'mute_member', jsonb_build_object('room', 1, 'user', id_of('mia'), 'until', '2999-01-01T00:00:00Z', 'reason', 'x'));
select ask('helper', 'get_room', '{"room": 1}', '$.room.my.muted_until') = ask('mia', 'get_room', '{"room": 1}', '$.room.my.muted_until') as muted, ask('robot', 'get_room', '{"room": 1}', '$.room.my.muted_until');
select ask('mod', 'ban_user', jsonb_build_object('user', id_of('mia'), 'reason', 'x'));
select ask('amy', 'get_state', '{}', '$.users[*] ? (@.banned == true).name'), ask('amy', 'get_user', jsonb_build_object('user', id_of('helper')), '$.user.banned');

-- Its name is never lost, however long it is silent.
delete from data.session;
update data.person set seen_at = now() - interval '100 days';
select ask(null, 'sign_in_guest', '{"name": "helper", "new_token": "f2"}');
