-- All that a rogue moderator did since a time, listed first and then taken back in one step, as far as it can be.
select come('root', 4), come('rogue', 2), come('mod', 2), come('ana', 1), come('bob', 1), come('cy', 1) \g /dev/null
select ask('root', 'create_room', jsonb_build_object('kind', 'channel', 'name', 'plaza', 'topic', 'as it was', 'members', jsonb_build_array(id_of('ana'), id_of('bob'), id_of('rogue'))), '$.room.id');
select ask('rogue', 'mute_member', jsonb_build_object('room', 2, 'user', id_of('ana'), 'reason', 'before'));
select ask('mod', 'mute_member', jsonb_build_object('room', 1, 'user', id_of('cy'), 'until', '2999-01-01T00:00:00Z', 'reason', 'earned'));
update data.sanction set at = at - interval '1 day' where reason = 'before';
set session_replication_role = replica;
update data.audit set at = at - interval '1 day';
reset session_replication_role;
select split_part(say('bob', 2, text), ' ', 1) from unnest('{by bob,also by bob}'::text[]) text;
select ask('ana', 'report_message', jsonb_build_object('message', (select id from data.message where text = 'by bob'), 'reason', 'x'), '$.report.id');

-- A bad evening.
select ask('rogue', 'remove_message', jsonb_build_object('message', id)) from (select id from data.message order by id) m;
select ask('rogue', 'mute_member', jsonb_build_object('room', 1, 'user', id_of('bob'), 'reason', 'x')), ask('rogue', 'unmute_member', jsonb_build_object('room', 1, 'user', id_of('cy')));
select ask('rogue', 'remove_member', jsonb_build_object('room', 2, 'user', id_of('ana'))), ask('rogue', 'ban_member', jsonb_build_object('room', 2, 'user', id_of('bob'), 'reason', 'x'));
select ask('rogue', 'ban_user', jsonb_build_object('user', id_of('cy'), 'reason', 'x', 'messages', 'hide')), ask('rogue', 'change_room', '{"room": 2, "name": "mine", "topic": "ha", "slow_mode": 999}');
select ask('rogue', 'create_rule', '{"kind": "words", "pattern": "hello", "action": "refuse"}', '$.rule.id'), ask('rogue', 'create_network_ban', jsonb_build_object('network', '203.0.113.0/24', 'until', now() + interval '1 day'), '$.network_ban.id');
select ask('root', 'set_role', jsonb_build_object('user', id_of('bob'), 'role', 'moderator'));
select ask('mod', 'mute_member', jsonb_build_object('room', 2, 'user', id_of('ana'), 'reason', 'for another reason'));

-- Who may: admins, above the one; and what would come of it.
select ask('mod', 'undo', jsonb_build_object('actor', id_of('rogue'), 'since', now() - interval '1 hour'));
select body::text like '%"code"%' from api.execute(json_build_array(json_build_object('function', 'undo', 'token', token('mod'), 'args', json_build_object('actor', id_of('rogue'))))) e;
create function test.undo(p_more jsonb default '{}') returns table (action text, who text, state text)
language sql as $$
  select a->>'action', a->'user'->>'name', a->>'state'
  from api.undo(token('root'), jsonb_build_object('actor', id_of('rogue'), 'since', now() - interval '1 hour') || p_more), json_array_elements(body->'acts') a;
$$;
select * from undo('{"dry_run": true}');
select count(*) from data.audit where action = 'undo';

-- Undone; what somebody else decided since, stays; and once more, there is nothing left but that.
select head() as before \gset
select * from undo();
select log_after(:before);
select * from undo();
select p.name, s.room_id, s.kind, s.reason, masked(rule.show_time(s.until)) from data.sanction s join data.person p on p.id = s.person_id order by s.at;
select name, topic, slow_mode, members from data.room where id = 2;
select ask('bob', 'list_messages', '{"room": 2}', '$.messages[*].text'), enabled from data.rule;
select ask('cy', 'get_me'), (select hidden_up_to from data.person where name = 'cy'), (select count(*) from data.network_ban);
select action, actor_id, person_id, detail->>'action' from data.audit where action = 'undo' order by id;

-- A rule that was too eager: what it hid and whom it muted.
select ask('root', 'create_rule', '{"kind": "words", "pattern": "the", "action": "hide"}', '$.rule.id');
select ask('ana', 'post_message', jsonb_build_object('room', 1, 'text', 'the thing', 'client_id', gen_random_uuid(), 'rule', 2), '$.message.deleted.by');
select a->>'action', a->>'state', a->>'via' from api.undo(token('root'), jsonb_build_object('rule', 2, 'since', now() - interval '1 hour')), json_array_elements(body->'acts') a;
select ask('bob', 'list_messages', '{"room": 1}', '$.messages[last].text');
select ask('root', 'undo', '{"rule": 2}'), ask('root', 'undo', jsonb_build_object('since', now())), ask('root', 'undo', jsonb_build_object('since', now(), 'actor', id_of('root')), '$.acts.size()');
