-- Network bans: an address or a network, always with an end, never one's own; for coming in, or for everything.
select come('root', 4), come('mod', 2), come('ana', 1) \g /dev/null
create function test.arrive(p_who text, p_address text) returns text
language sql as $$ select ask(null, 'sign_in_guest', jsonb_build_object('name', p_who, 'new_token', token(p_who), 'address', p_address), '$.user.name'); $$;
select arrive('v4', '203.0.113.7'), arrive('v4 too', '203.0.113.8'), arrive('v6', '2001:db8:1:2:3::4'), arrive('v6 near', '2001:db8:1:2:ffff::1'), arrive('v6 far', '2001:db8:1:3::1'), arrive('mapped', '::ffff:203.0.113.9');
update data.session set is_token = true, address = null where token_hash = token('v4 too');

-- Whom it would hit, first.
select ask('mod', 'create_network_ban', jsonb_build_object('network', network, 'until', now() + interval '1 day', 'dry_run', true), '$.users[*].name') from unnest('{203.0.113.7,203.0.113.0/24,2001:db8:1:2::99,2001:db8::/32}'::text[]) network;
select now() + interval '1 day' as tomorrow \gset
select ask('mod', 'create_network_ban', jsonb_build_object('network', '203.0.113.9/24', 'until', :'tomorrow', 'dry_run', true), '$.keyvalue() ? (@.key != "users").value'), (select count(*) from data.network_ban), (select count(*) from data.audit);

-- Refused: without an end, too long, too large, one's own, nonsense, who is not a moderator, where somebody above is signed in.
select ask('mod', 'create_network_ban', jsonb_build_object('network', network, 'until', :'tomorrow')) from unnest('{127.0.0.1,10.1.2.3,192.168.0.0/16,172.20.0.1,::1,fe80::1,fc00::/8,::ffff:127.0.0.1,0.0.0.0/0,198.0.0.0/7,2000::/3,nonsense}'::text[]) network;
select ask('root', 'change_settings', '{"proxy_networks": "198.51.100.0/28 nonsense"}'), ask('mod', 'create_network_ban', jsonb_build_object('network', '198.51.100.0/24', 'until', :'tomorrow'));
select ask('mod', 'create_network_ban', '{"network": "203.0.113.7", "until": "2999-01-01T00:00:00Z"}'), ask('ana', 'create_network_ban', jsonb_build_object('network', '203.0.113.7', 'until', :'tomorrow'));
update data.session set address = '198.18.0.1' where person_id = id_of('root');
select ask('mod', 'create_network_ban', jsonb_build_object('network', '198.18.0.0/16', 'until', :'tomorrow'));

-- For coming in: nobody does, in whatever way; who is in stays in.
select ask('mod', 'create_network_ban', jsonb_build_object('network', '203.0.113.0/24', 'until', :'tomorrow', 'reason', 'bots'), '$.network_ban.keyvalue() ? (@.key == "network" || @.key == "scope" || @.key == "reason").value');
select arrive('x', '203.0.113.77'), arrive('y', '::ffff:203.0.113.78'), arrive('z', '203.0.114.1');
update data.person set password_hash = 'x' where name = 'ana';
select ask(null, call, jsonb_build_object('name', 'ana', 'token', 'x', 'new_token', token('new'), 'address', '203.0.113.1')) from unnest('{sign_in,register_user,sign_in_link}'::text[]) call;
select ask('v4', 'get_me', '{}', '$.user.name'), body from api.guard(null, '{}');

-- For everything: sessions from there end, their streams with them; tokens of scripts have no address and stay.
select head() as before \gset
select ask('mod', 'create_network_ban', jsonb_build_object('network', '203.0.113.0/24', 'until', :'tomorrow', 'scope', 'everything'), '$.network_ban.scope');
select log_after(:before);
select ask('v4', 'get_me'), ask('v4 too', 'get_me', '{}', '$.user.name'), ask('mapped', 'get_me'), ask('v6', 'get_me', '{}', '$.user.name');
select body from api.guard(null, '{}');
select ask('mod', 'create_network_ban', jsonb_build_object('network', '2001:db8:1:2:3::4', 'until', :'tomorrow', 'scope', 'everything'), '$.network_ban.network');
select ask('v6', 'get_me'), ask('v6 near', 'get_me'), ask('v6 far', 'get_me', '{}', '$.user.name');

-- It ends by itself, or by hand.
select ask('mod', 'list_network_bans', '{}', '$.network_bans[*].network');
update data.network_ban set until = now() where family(network) = 6;
select arrive('back', '2001:db8:1:2::1'), ask('mod', 'delete_network_ban', '{"ban": 1}'), ask('mod', 'delete_network_ban', '{"ban": 1}'), arrive('back too', '203.0.113.7');
select via, action, reason, masked(detail::text) from data.audit where action like '%network%' order by id;

-- New people from one public address are counted, IPv6 by its /64; private ones are not.
select ask('root', 'change_settings', '{"arrivals_per_hour": 2}');
select split_part(arrive('n' || i, address), ' ', 1), address from unnest('{198.51.101.1,198.51.101.1,198.51.101.1,198.51.101.2,2001:db8:9::1,2001:db8:9::2,2001:db8:9::3,10.0.0.1,10.0.0.1,10.0.0.1}'::text[]) with ordinality as a(address, i);
update data.attempt set at = at - interval '2 hours';
select split_part(arrive('later', '198.51.101.1'), ' ', 1);
