-- A guest who was away for 7 days without any session gives the name back, and is name#ID from then on.
select come('ana'), come('bo'), come('cy'), come('di', 1);
select say('ana', 1, 'my words stay');
update data.person set seen_at = now() - interval '8 days' where name in ('ana', 'cy', 'di');

-- Not with a session, not before seven days, not a member account.
select ask(null, 'sign_in_guest', '{"name": "ana", "new_token": "f1"}');
delete from data.session;
select ask(null, 'sign_in_guest', '{"name": "bo", "new_token": "f1"}');
select ask(null, 'sign_in_guest', '{"name": "di", "new_token": "f1"}');
select ask(null, 'sign_in_guest', '{"name": "Ana", "new_token": "f1"}', '$.user.id');
select id, name, name_key from data.person where name like '%na%' order by id;
select kind, data->>'name' from api.read_log(head() - 2, 10);

-- A banned one keeps it: the ban is known by the name.
insert into data.sanction (person_id, room_id, kind) values (id_of('cy'), 0, 'ban');
select ask(null, 'sign_in_guest', '{"name": "cy", "new_token": "f2"}');

-- The days are a setting; a session that is over does not count.
delete from data.sanction;
insert into data.setting values ('guest_name_days', '30');
select ask(null, 'sign_in_guest', '{"name": "cy", "new_token": "f2"}');
update data.person set seen_at = now() - interval '31 days' where name = 'cy';
insert into data.session (person_id, token_hash, expires_at) values (id_of('cy'), 'old', now() - interval '1 second');
select ask(null, 'sign_in_guest', '{"name": "cy", "new_token": "f2"}', '$.user.name');

-- Somebody has taken the name#ID before: no two people have one name.
select come('eva');
select come('eva#' || id_of('eva'));
update data.person set seen_at = now() - interval '31 days' where name = 'eva';
delete from data.session where person_id = id_of('eva');
select ask(null, 'sign_in_guest', '{"name": "eva", "new_token": "f3"}', '$.user.name');
select id, name, name_key from data.person where name like 'eva%' order by id;
-- Nor does it go on, or another one, by itself.
select rule.release_lost_guests(10);

-- Whoever has a password keeps the name, also as a guest again.
select come('fay');
update data.person set seen_at = now() - interval '31 days', password_hash = 'H' where name = 'fay';
delete from data.session where person_id = id_of('fay');
select ask(null, 'sign_in_guest', '{"name": "fay", "new_token": "f5"}'), rule.release_lost_guests(10);

-- The longest name and a number still fit in 40 characters.
select come(repeat('m', 40));
update data.person set seen_at = now() - interval '31 days' where name = repeat('m', 40);
delete from data.session where person_id = id_of(repeat('m', 40));
select ask(null, 'sign_in_guest', jsonb_build_object('name', repeat('m', 40), 'new_token', 'f4'), '$.user.id');
select name, length(name) from data.person where name like 'mmm%' order by id;
