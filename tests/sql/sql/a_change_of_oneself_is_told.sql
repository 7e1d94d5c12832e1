-- Name, status and settings; a change of name or status is an event for everyone who shares a room.
select come('ana'), come('bo');
select head() as mark \gset
select ask('ana', 'change_me', '{"name": " Anna ", "status": "at lunch"}');
select log_after(:mark);
select head() as mark \gset

-- What did not change is not told; settings are one's own affair.
select ask('ana', 'change_me', '{"name": "Anna", "status": "at lunch"}', '$.user.name');
select ask('ana', 'change_me', '{"settings": {"theme": "dark", "sound": true}}', '$.user.settings');
select ask('ana', 'change_me', '{"settings": {"sound": null, "lang": "en"}}', '$.user.settings');
select ask('ana', 'change_me', '{"status": null, "settings": null}', '$.user');
select ask('bo', 'get_user', jsonb_build_object('user', id_of('Anna')));
select log_after(:mark);

select ask('ana', 'change_me', jsonb_build_object('status', repeat('s', 101)));
select ask('ana', 'change_me', '{"status": "two\nlines"}');
select ask('ana', 'change_me', jsonb_build_object('settings', jsonb_build_object('big', repeat('x', 17000))));
select ask('bo', 'change_me', '{"name": "anna"}');
select ask('bo', 'get_user', '{"user": 99}');
select ask(null, 'get_user', '{"user": 1}');

-- Looking people up: whose name begins with q, then whose name holds it; no pattern characters.
select come('Joanna'), come('50%_off'), come('an apple');
select ask('bo', 'find_users', '{"q": "AN"}', '$.users[*].name');
select ask('bo', 'find_users', '{"q": "%_"}', '$.users[*].name');
select ask('bo', 'find_users', '{"q": "zz"}', '$.users[*].name');
select ask('bo', 'find_users', '{"limit": 2}', '$.users[*].name');

-- What somebody says of themselves: active or idle.
select ask('ana', 'set_activity', '{"state": "idle"}');
select ask('ana', 'set_activity', '{"state": "away"}');
select ask(null, 'set_activity', '{"state": "idle"}');
