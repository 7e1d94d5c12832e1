-- An owner who leaves hands on to the longest-serving moderator, else member, never to a bot; a group that is empty is archived.
select come('owen', 1), come('mem'), come('mod'), come('late');
select ask('owen', 'create_bot', '{"name": "bot", "new_token": "f1"}', '$.user.id');
select ask('owen', 'create_room', '{"kind": "group", "name": "g", "members": [5, 2, 3, 4]}', '$.room.id');
select ask('owen', 'put_member', '{"room": 2, "user": 4, "role": "moderator"}');
select ask('owen', 'put_member', '{"room": 2, "user": 3, "role": "moderator"}');

-- The last owner of a room leaves, but does not step down.
select ask('owen', 'put_member', '{"room": 2, "user": 1, "role": "member"}');
select head() as mark \gset
select ask('owen', 'leave_room', '{"room": 2}');
select log_after(:mark);
select ask('mod', 'leave_room', '{"room": 2}');
select person_id, role from data.member where room_id = 2 order by 1;

-- With two owners nothing is handed on, and one of them may step down; nobody raises themselves.
select ask('late', 'put_member', '{"room": 2, "user": 1, "role": "owner"}');
select ask('late', 'put_member', '{"room": 2, "user": 4, "role": "moderator"}');
select ask('late', 'put_member', '{"room": 2, "user": 4, "role": "owner"}');
select ask('owen', 'put_member', '{"room": 2, "user": 4, "role": "owner"}');
select ask('late', 'leave_room', '{"room": 2}');
select person_id, role from data.member where room_id = 2 order by 1;

-- The bot alone inherits nothing; when it goes, the group is archived.
select ask('owen', 'leave_room', '{"room": 2}');
select ask('mem', 'leave_room', '{"room": 2}');
select person_id, role from data.member where room_id = 2 order by 1;
update data.session set token_hash = token('bot') where token_hash = 'f1';
select head() as mark \gset
select ask('bot', 'leave_room', '{"room": 2}');
select log_after(:mark);
select archived_at is not null, members from data.room where id = 2;

-- A channel that is empty stays open, for whoever joins next.
select ask('owen', 'create_room', '{"kind": "channel", "name": "c"}', '$.room.id');
select ask('owen', 'leave_room', '{"room": 3}');
select archived_at is not null, members from data.room where id = 3;
select ask('mem', 'join_room', '{"room": 3}', '$.room.my.role');
