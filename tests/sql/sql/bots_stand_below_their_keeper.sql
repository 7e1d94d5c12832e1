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

-- Its name is never lost, however long it is silent.
delete from data.session;
update data.person set seen_at = now() - interval '100 days';
select ask(null, 'sign_in_guest', '{"name": "helper", "new_token": "f2"}');
