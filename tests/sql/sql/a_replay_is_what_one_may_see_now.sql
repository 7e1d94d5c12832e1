-- What was missed: by the memberships of now, of a room only what came after the joining, and one's own member.left.
select come('ana'), come('bo'), come('cy'), come('mo', 2);
select ask('ana', 'create_room', '{"kind": "group", "name": "plans", "members": [2]}', '$.room.id');
select head() as start \gset
select say('ana', 2, 'before cy'), say('ana', 1, 'lobby');
select ask('ana', 'put_member', '{"room": 2, "user": 3}');
select say('ana', 2, 'after cy');
select replayed('bo', :start);
select replayed('cy', :start);
select replayed('mo', :start);

-- Whoever is out gets the member.left, and nothing else of the room, neither before nor after.
select ask('ana', 'remove_member', '{"room": 2, "user": 2}');
select say('ana', 2, 'without bo');
select replayed('bo', :start);

-- Who comes back later: the leaving, the new joining, and what came after it.
select ask('ana', 'put_member', '{"room": 2, "user": 2}');
select say('ana', 2, 'bo is back');
select replayed('bo', :start);

-- What was removed or edited since is replayed as it is now.
select head() as mark \gset
select ask('ana', 'edit_message', jsonb_build_object('message', (select id from data.message where text = 'lobby'), 'text', 'LOBBY'));
select ask('ana', 'remove_message', jsonb_build_object('message', (select id from data.message where text = 'after cy')));
select count(*) from replayed('cy', 0) as r where r like '%"text": "lobby"%' or r like '%"text": "after%';

-- To one person, to who shares a room with somebody, to ranks, to those who moderate a room, to one session.
select ask('mo', 'leave_room', '{"room": 1}');
select head() as mark \gset
select rule.log_event('block.changed', 'person', 1, p_detail => '{"blocked_id": 2, "blocked": true}');
select ask('ana', 'change_me', '{"name": "Anna"}', '$.user.name');
select rule.log_event('report.opened', 'rank', 2, p_detail => '{"id": 1}');
update data.room set members = 502 where id = 2;
select ask('cy', 'leave_room', '{"room": 2}');
select rule.log_event('session.ended', 'session', 2, p_detail => '{"reason": "revoked"}');
select 'Anna', replayed('Anna', :mark);
select 'bo', replayed('bo', :mark);
select 'cy', replayed('cy', :mark);
select 'mo', replayed('mo', :mark);

-- Bounds: after, up to, at most so many; several readers at once, each in order; nobody in particular.
select replayed('Anna', :start, 2);
select replayed('Anna', head());
select replayed('nobody', 0);
select k, id from api.replay('[{"k": 2, "person": 2, "after": 0, "upto": 9999, "limit": 2}, {"k": 1, "person": 1, "after": 5, "upto": 8, "limit": 9}]');
select * from api.count_missed('[{"k": 2, "person": 2, "after": 0, "upto": 9999, "limit": 2}, {"k": 1, "person": 1, "after": 5, "upto": 8, "limit": 9}]');
