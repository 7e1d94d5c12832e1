-- A server ban: sessions, tokens, streams, invitations, sign-in links and unfinished uploads end in the same transaction, those of the
-- person's bots too; the name and the memberships stay.
select come('mod', 2), come('bob', 1), come('ana', 1), come('far', 1) \g /dev/null
select ask('bob', 'create_room', '{"kind": "group", "name": "den"}', '$.room.id');
select ask('bob', 'put_member', jsonb_build_object('room', 2, 'user', id_of('ana')));
select ask('bob', 'create_token', jsonb_build_object('label', 'script', 'new_token', token('bob-script')), '$.id');
select ask('bob', 'create_bot', jsonb_build_object('name', 'bobot', 'new_token', token('bobot')), '$.user.name');
select ask('bob', 'create_invite', '{"rooms": [2]}', '$.invite.id');
select say('bob', room, 'from bob') from unnest('{1,1,1,2}'::int[]) room;
select say('bobot', 1, 'from the bot'), say('ana', 1, 'from ana');
select ask('bob', 'remove_message', jsonb_build_object('message', (select min(id) from data.message)));
insert into data.blob (sha256, type, width, height, animated, picture, thumb, thumb_width, thumb_height) values (sha256('x'), 'image/webp', 1, 1, false, 'x', 'x', 1, 1);
insert into data.image (person_id, sha256) values (id_of('bob'), sha256('x')), (id_of('ana'), sha256('x'));
update data.session set expires_at = now() + interval '1 hour' where token_hash = token('bob');

-- A dry run: exact numbers, and nothing is touched.
select head() as before \gset
select ask('mod', 'ban_user', jsonb_build_object('user', id_of('bob'), 'reason', 'spam', 'messages', 'hide', 'dry_run', true));
select ask('mod', 'ban_user', jsonb_build_object('user', id_of('bob'), 'reason', 'spam', 'messages', 'burn', 'dry_run', true));
select ask('mod', 'ban_user', jsonb_build_object('user', id_of('bob'), 'reason', 'spam', 'until', '2001-01-01T00:00:00Z'));
select head() = :before, (select count(*) from data.audit where action = 'ban_user'), (select count(*) from data.session);

-- The ban, with the messages hidden: what the log says, and to whom.
select ask('mod', 'ban_user', jsonb_build_object('user', id_of('bob'), 'reason', 'spam', 'until', '2999-01-01T00:00:00Z', 'messages', 'hide'));
select log_after(:before);
select ask('bob', 'get_me'), ask('bob-script', 'get_me'), ask('bobot', 'get_me');
select count(*) filter (where person_id <> id_of('ana')) as others, count(*) from data.image;
select count(*) from data.invite;
select ask('ana', 'get_user', jsonb_build_object('user', id_of('bob')), '$.user.banned');

-- Hidden to everyone, moderators included, like removed by a moderator; n, counts and the rows stay; the bot's and others' words stay.
select ask(who, 'list_messages', '{"room": 1}', '$.messages[*].deleted.by'), ask(who, 'list_messages', '{"room": 1}', '$.messages[*].text') from unnest('{ana,mod}'::text[]) who;
select ask('ana', 'get_message', jsonb_build_object('message', (select min(id) from data.message where room_id = 2)), '$.message.text');
select ask('far', 'list_rooms', '{}', '$.rooms[*].last_n');

-- What ana, who was away, is sent: the hidden text is in no frame. far shares the lobby only.
select count(*) from replayed('ana', 0) r where r like '%from bob%';
select replayed('ana', :before);
select replayed('far', :before);

-- The way back in is shut, and the name is taken.
select ask(null, 'sign_in_guest', jsonb_build_object('name', 'BOB', 'new_token', token('bob2')));
update data.person set password_hash = 'x' where name = 'bob';
select ask(null, 'sign_in', jsonb_build_object('name', 'bob', 'verified_hash', 'x', 'new_token', token('bob2')));
select ask('ana', 'put_member', jsonb_build_object('room', 2, 'user', id_of('bob')));

-- Banned once more, later and without a word on the messages: they stay hidden. With `keep` they are shown.
select ask('mod', 'ban_user', jsonb_build_object('user', id_of('bob'), 'reason', 'again'));
select ask('ana', 'list_messages', '{"room": 2}', '$.messages[*].deleted.by');
select ask('mod', 'ban_user', jsonb_build_object('user', id_of('bob'), 'reason', 'again', 'messages', 'keep'));
select ask('ana', 'list_messages', '{"room": 2}', '$.messages[*].text');
select ask('mod', 'ban_user', jsonb_build_object('user', id_of('bob'), 'reason', 'again', 'messages', 'hide'));

-- Lifting brings the hidden back, but not what was removed; sessions do not come back.
select head() as before \gset
select ask('mod', 'unban_user', jsonb_build_object('user', id_of('bob')));
select ask('mod', 'unban_user', jsonb_build_object('user', id_of('bob')));
select log_after(:before);
select ask('ana', 'list_messages', '{"room": 1}', '$.messages[*].text');
select ask('bob', 'get_me');
select ask(null, 'sign_in', jsonb_build_object('name', 'bob', 'verified_hash', 'x', 'new_token', token('bob3')), '$.user.name');

-- A ban has an end by itself; what it hid is shown by lifting it, also afterwards; what is written since is seen.
select ask('mod', 'ban_user', jsonb_build_object('user', id_of('bob'), 'reason', 'x', 'messages', 'hide', 'until', '2999-01-01T00:00:00Z'));
update data.sanction set until = now();
select ask(null, 'sign_in', jsonb_build_object('name', 'bob', 'verified_hash', 'x', 'new_token', token('bob4')), '$.user.banned');
select say('bob4', 2, 'i am back');
select ask('ana', 'list_messages', '{"room": 2}', '$.messages[*].text');
select ask('mod', 'unban_user', jsonb_build_object('user', id_of('bob')));
select ask('ana', 'list_messages', '{"room": 2}', '$.messages[*].text');

-- Who was erased is nobody any more: lifting a ban brings nothing of them back.
select ask('far', 'erase_me', '{"messages": "remove"}') ~ '^20';
select ask('mod', 'unban_user', jsonb_build_object('user', id_of('removed person'))), ask('mod', 'ban_user', jsonb_build_object('user', id_of('removed person'), 'reason', 'x'));

-- Who did it, to whom, until when and why.
select ask('mod', 'list_audit', jsonb_build_object('user', id_of('bob')), '$.audit[*]');
select ask('ana', 'list_audit');
update data.audit set reason = 'nothing';
delete from data.audit;
truncate data.audit;
