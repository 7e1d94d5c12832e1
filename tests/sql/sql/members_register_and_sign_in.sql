-- Member accounts: the program hashes and verifies passwords, the rules decide who may have one.
select ask(null, 'register_user', jsonb_build_object('name', 'ana', 'password_hash', 'H1', 'new_token', token('ana')));
select ask(null, 'register_user', jsonb_build_object('name', 'ana', 'password_hash', 'H1', 'new_token', token('ana')), '$.user.id');
select ask(null, 'register_user', '{"name": "Ana", "password_hash": "H2", "new_token": "f0"}');

-- The hash to verify against; null for a name that nobody has, and for guests.
select ask(null, 'password_of', '{"name": "ANA"}');
select ask(null, 'password_of', '{"name": "nobody"}');
select ask('ana', 'my_password');
select ask(null, 'my_password');

-- Signing in, from a second browser; not as a guest, not as nobody.
select come('gus');
select ask(null, 'sign_in', '{"name": "ana", "verified_hash": "H1", "new_token": "f1"}');
select ask(null, 'sign_in', '{"name": "ana", "new_token": "f1"}', '$.user.id');
select ask(null, 'sign_in', '{"name": "gus", "new_token": "f2"}');
select ask(null, 'sign_in', '{"name": "nobody", "verified_hash": "H1", "new_token": "f2"}');
-- Nor with what was verified against a password that has changed meanwhile.
select ask(null, 'sign_in', '{"name": "ana", "verified_hash": "H0", "new_token": "f2"}'), ask(null, 'sign_in', '{"name": "ana", "new_token": "f2"}');
select count(*) from data.session where person_id = id_of('ana');
-- Blanks around a name are nothing, as when it was taken; nor do they give more tries.
select ask(null, 'password_of', '{"name": "\u3000ana "}'), ask(null, 'sign_in', '{"name": " ana\u00a0", "verified_hash": "H1", "new_token": "f9"}', '$.user.id');
delete from data.session where token_hash = 'f9';
select rule.attempt_keys('{"name": " ana "}') = rule.attempt_keys('{"name": "ana"}');

-- Banned: the reason and the end are said.
insert into data.sanction (person_id, room_id, kind, until, reason) values (id_of('ana'), 0, 'ban', 'infinity', 'spam');
select ask(null, 'sign_in', '{"name": "ana", "verified_hash": "H1", "new_token": "f3"}');
update data.sanction set until = now() - interval '1 second';
select ask(null, 'sign_in', '{"name": "ana", "verified_hash": "H1", "new_token": "f3"}', '$.user.banned');

-- A new password ends all other sessions, bearer tokens too.
select ask('ana', 'create_token', '{"label": "bot", "new_token": "f4"}', '$');
select ask('ana', 'change_password', '{"password_hash": "H3"}');
select ask('ana', 'my_password');
select count(*) from data.session where person_id = id_of('ana');
select kind, audience, audience_id, data from api.read_log(head() - 3, 10);

-- Registration by invitation only, and closed.
insert into data.setting values ('registration', '"invite"');
select ask(null, 'register_user', '{"name": "bo", "password_hash": "H", "new_token": "f5"}');
select ask('gus', 'upgrade_me', '{"password_hash": "H"}');
select ask(null, 'register_user', '{"name": "bo", "password_hash": "H", "new_token": "f5", "invite": "unknown"}');
insert into data.invite (token_hash, person_id, until, uses_left) values (token('welcome'), id_of('ana'), now() + interval '1 day', 1);
select ask(null, 'register_user', '{"name": "bo", "password_hash": "H", "new_token": "f5", "invite": "welcome"}', '$.user');
select ask(null, 'register_user', '{"name": "cy", "password_hash": "H", "new_token": "f6", "invite": "welcome"}');
select come('ida');
insert into data.invite (token_hash, person_id, until, uses_left) values (token('again'), id_of('ana'), now() + interval '1 day', 1);
select ask('ida', 'upgrade_me', '{"password_hash": "H"}'), ask('ida', 'upgrade_me', '{"password_hash": "H", "invite": "welcome"}'), ask('ida', 'upgrade_me', '{"password_hash": "H", "invite": "again"}');
select uses_left, used from data.invite where token_hash = token('again');
update data.setting set value = '"closed"';
select ask(null, 'register_user', '{"name": "cy", "password_hash": "H", "new_token": "f6"}');
update data.setting set value = '"open"';

-- A guest becomes a member and keeps id, name, sessions and messages; once.
select say('gus', 1, 'before');
select ask('gus', 'upgrade_me', '{"password_hash": "H"}');
select ask('gus', 'get_me', '{}', '$.user');
select ask('gus', 'upgrade_me', '{"password_hash": "H"}');
select come('hal');
select ask('hal', 'upgrade_me', '{"password_hash": "H", "name": "gus"}');
select ask('hal', 'upgrade_me', '{"password_hash": "H", "name": "Hal"}');
select ask(null, 'sign_in', '{"name": "hal", "verified_hash": "H", "new_token": "f7"}', '$.user');
