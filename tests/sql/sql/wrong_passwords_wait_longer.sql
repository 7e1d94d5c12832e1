-- Wrong passwords are counted by account and by address, and each more makes the next try wait longer; but not where the account's
-- owner is known to be, and never long on the account alone.
create function test.try(p_name text, p_address text) returns text
language sql as $$
  select regexp_replace(ask(null, 'password_of', jsonb_build_object('name', p_name, 'address', p_address), '$.hash'), 'in \d+ s|: \d+}', '', 'g');
$$;
create function test.fail(p_name text, p_address text, p_times int) returns bigint
language sql as $$
  select count(a) from (select ask(null, 'note_wrong_password', jsonb_build_object('name', p_name, 'address', p_address, 'i', i)) as a from generate_series(1, p_times) i offset 0) tries where a like '401%';
$$;
select ask(null, 'register_user', jsonb_build_object('name', 'ana', 'password_hash', 'hash', 'new_token', token('ana'), 'address', '192.0.2.1'), '$.user.name');
select ask(null, 'note_wrong_password', '{"name": "Ana", "address": "198.51.100.1"}'), fail('ana', '198.51.100.1', 3), try('ana', '198.51.100.1');
select fail('ana', '198.51.100.1', 2), try('ana', '198.51.100.1');
-- Whoever has not failed yet does not wait for others; once they have, as long as the account is tried at.
select try('ana', '198.51.100.2'), try('ana', '192.0.2.1'), try('bob', '198.51.100.2');
select fail('ana', '198.51.100.2', 1), try('ana', '198.51.100.2'), try('bob', '198.51.100.2');
-- However long others go on from ever new addresses: after one's own failure it is a minute, and after none it is nothing.
select sum(fail('ana', '203.0.113.' || i, 1)) from generate_series(1, 12) i;
update data.attempt set at = at - interval '61 seconds' where what like 'pair:%198.51.100.2%';
select sum(fail('ana', '203.0.114.' || i, 1)) from generate_series(1, 12) i;
select try('ana', '198.51.100.2'), try('ana', '198.51.100.3'), try('ana', '203.0.114.7');
-- Where many share an address, in a private network, only the account counts.
select fail('carl', '10.0.0.1', 20), try('carl', '10.0.0.1'), try('bob', '10.0.0.1');
delete from data.attempt where what ~ ' |^address:(203|198.51.100.2)' and what !~ ' 198.51.100.1/' or what = 'name:' || rule.token_hash('carl');
-- At home one waits for one's own mistakes, and for nobody else's: neither for those of others at other accounts, nor they for these.
select fail('carl', '192.0.2.1', 20), try('ana', '192.0.2.1'), try('carl', '192.0.2.1');
select fail('ana', '192.0.2.1', 20), try('ana', '192.0.2.1'), try('ana', '192.0.2.2');
update data.attempt set at = at - interval '61 seconds' where what like 'pair%';
select try('ana', '192.0.2.1');
-- The address waits for every name.
select try('bob', '198.51.100.1'), try('nobody', '198.51.100.1');
-- Longer each time: a minute at most for the account, an hour for the address.
select fail('ana', '198.51.100.1', 20);
select left(what, 12) as what, used, rule.delay_after(what, used) from data.attempt order by 1, 2;
select s, rule.delay_after('address:x', s), rule.delay_after('name:x', s) from unnest('{0,4,5,6,8,12,17,1000000}'::int[]) s;
update data.attempt set at = at - interval '61 seconds';
select try('ana', '198.51.100.2'), try('ana', '198.51.100.1');
-- Right at last: the account is forgiven, the address is not.
select ask(null, 'sign_in', jsonb_build_object('name', 'ana', 'verified_hash', 'hash', 'new_token', token('ana2'), 'address', '192.0.2.1'), '$.user.name');
select what, used from data.attempt order by what;
-- After a day without a failure counting begins anew. Without limits nothing waits.
update data.attempt set at = at - interval '25 hours';
select try('ana', '198.51.100.1'), fail('ana', '198.51.100.1', 1);
select used from data.attempt where what like 'address%' order by what;
select fail('ana', '198.51.100.1', 20), try('ana', '198.51.100.1');
set parley.limits = off;
select try('ana', '198.51.100.1');
-- The old password of who is signed in is tried, counted and forgiven as at signing in.
set parley.limits = on;
delete from data.attempt;
select ask('ana', 'note_wrong_old_password', '{"address": "198.51.100.9"}') from generate_series(1, 20);
select left(what, 5) as what, used from data.attempt order by what;
select try('ana', '198.51.100.9'), regexp_replace(ask('ana', 'my_password', '{"address": "198.51.100.9"}'), 'in \d+ s|: \d+}', '', 'g'), ask('ana', 'my_password', '{"address": "198.51.100.8"}');
select ask('ana', 'change_password', '{"password_hash": "H2"}');
select left(what, 5) as what from data.attempt;
