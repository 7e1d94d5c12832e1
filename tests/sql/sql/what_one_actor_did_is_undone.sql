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

-- Who waited for somebody else has the later number and the earlier time: it is listed by the time all the same.
select now() + interval '1 hour' as since \gset
insert into data.audit (at, via, action, reason) select :'since'::timestamptz + case i when 1 then interval '1 second' else '-1 second' end, 'rule:99', 'sample', i from generate_series(1, 20) i;
select ask('root', 'list_audit', jsonb_build_object('since', :'since'), '$.audit[*].reason'), (select string_agg(reason, ' ') from rule.acts_to_undo(jsonb_build_object('since', :'since', 'rule', 99)));

-- A rule that was too eager: what it hid and whom it muted.
select ask('root', 'create_rule', '{"kind": "words", "pattern": "the", "action": "hide"}', '$.rule.id');
select ask('ana', 'post_message', jsonb_build_object('room', 1, 'text', 'the thing', 'client_id', gen_random_uuid(), 'rule', 2), '$.message.deleted.by');
select a->>'action', a->>'state', a->>'via' from api.undo(token('root'), jsonb_build_object('rule', 2, 'since', now() - interval '1 hour')), json_array_elements(body->'acts') a;
select ask('bob', 'list_messages', '{"room": 1}', '$.messages[last].text');
select ask('root', 'undo', '{"rule": 2}'), ask('root', 'undo', jsonb_build_object('since', now())), ask('root', 'undo', jsonb_build_object('since', now(), 'actor', id_of('root')), '$.acts.size()');

-- Another evening, by an admin: what stood there before comes back, not merely what was there in general.
select come('bad', 3), come('joe', 2), come('kim', 1) \g /dev/null
select ask('joe', 'create_bot', jsonb_build_object('name', 'jim', 'new_token', token('jim')), '$.user.role');
select ask('mod', 'create_rule', jsonb_build_object('kind', 'words', 'pattern', name, 'action', 'refuse', 'name', name), '$.rule.id') from unnest('{mine,yours}'::text[]) name;
select ask('root', 'create_network_ban', jsonb_build_object('network', network, 'until', now() + interval '1 day', 'reason', 'bots', 'scope', 'everything'), '$.network_ban.id') from unnest('{198.51.100.0/24,192.0.2.0/24}'::text[]) network;
select ask('root', 'ban_member', jsonb_build_object('room', 1, 'user', id_of('kim'), 'reason', 'as before', 'until', '2999-01-01T00:00:00Z')), ask('root', 'mute_member', jsonb_build_object('room', 2, 'user', id_of('kim'), 'reason', 'as before'));
select come('cy2', 1) \g /dev/null
select split_part(say('cy2', 1, 'hidden since then'), ' ', 1), ask('root', 'ban_user', jsonb_build_object('user', id_of('cy2'), 'reason', 'as before', 'messages', 'hide'));
insert into data.blob (sha256, type, width, height, animated, picture, thumb, thumb_width, thumb_height) values (sha256('x'), 'image/webp', 1, 1, false, 'x', 'x', 1, 1);
insert into data.image (person_id, sha256) values (id_of('ana'), sha256('x')), (id_of('ana'), sha256('x'));
select split_part(say('ana', 1, 'look, @joe', '{"images": [1]}'), ' ', 1), split_part(say('ana', 1, 'and look', '{"images": [2]}'), ' ', 1);
select ask('joe', 'report_message', jsonb_build_object('message', max(id), 'reason', 'not nice'), '$.report.id') from data.message;
select max(id) as reported, min(id) filter (where text like 'look%') as looked from data.message \gset

select ask('bad', 'remove_message', jsonb_build_object('message', :looked)), ask('bad', 'resolve_report', '{"report": 3, "action": "dismiss"}'), ask('bad', 'set_role', jsonb_build_object('user', id_of('joe'), 'role', 'guest'));
select ask('bad', 'change_rule', '{"rule": 3, "pattern": "everything*", "action": "mute"}'), ask('bad', 'delete_rule', '{"rule": 4}');
select ask('bad', 'create_network_ban', jsonb_build_object('network', '198.51.100.0/24', 'until', now() + interval '1 hour'), '$.network_ban.id'), ask('bad', 'delete_network_ban', '{"ban": 3}');
select ask('bad', 'ban_member', jsonb_build_object('room', 1, 'user', id_of('kim'), 'reason', 'x', 'until', now() + interval '1 hour')), ask('bad', 'unmute_member', jsonb_build_object('room', 2, 'user', id_of('kim')));
select ask('bad', 'unban_user', jsonb_build_object('user', id_of('cy2'))), ask('bad', 'change_settings', '{"guests": false, "name": "Hell", "flood_mentions": 3}'), ask('bad', 'change_settings', '{"name": "Hell itself"}');
select ask('bad', 'change_room', '{"room": 2, "topic": "one"}'), ask('bad', 'change_room', '{"room": 2, "topic": "two"}');
select name, rank from data.person where name in ('joe', 'jim') order by id;
select ask(who, 'get_image', '{"image": 1}') from unnest('{ana,mod}'::text[]) who;

create or replace function test.undo(p_more jsonb default '{}') returns table (action text, who text, state text)
language sql as $$
  select a->>'action', a->'user'->>'name', a->>'state'
  from api.undo(token('root'), jsonb_build_object('actor', id_of('bad'), 'since', now() - interval '1 hour') || p_more), json_array_elements(body->'acts') a;
$$;
select * from undo('{"dry_run": true}');
select count(*) from data.audit where action = 'undo' and person_id = id_of('joe');
select count(*), count(*) filter (where state = 'undone') as undone from undo();
select ask('ana', 'get_message', jsonb_build_object('message', :looked), '$.message.keyvalue() ? (@.key == "text" || @.key == "mentions").value'), ask('ana', 'get_message', jsonb_build_object('message', :looked), '$.message.images[*].id');
select ask('root', 'list_reports', '{}', '$.reports[*].id'), (select string_agg(name || ' ' || rank, ', ' order by id) from data.person where name in ('joe', 'jim'));
select id, pattern, action, enabled, (select min(anchor) from data.rule_line where rule_id = r.id) as anchor from data.rule r where id > 2 order by id;
select network, scope, reason, until > now() + interval '2 hours' as as_before from data.network_ban order by network;
select p.name, s.room_id, s.kind, s.reason, masked(rule.show_time(s.until)) from data.sanction s join data.person p on p.id = s.person_id where p.name in ('kim', 'cy2') order by 1, 2;
select ask('ana', 'list_messages', '{"room": 1}', '$.messages[*] ? (@.user.name == "cy2").text'), (select topic from data.room where id = 2);
select key, value from data.setting;
select ask('root', 'undo', jsonb_build_object('rule', 3, 'since', now() - interval '1 hour'), '$.acts.size()');

-- What is removed is kept aside for some days, and not longer; nor when its author does not want it, or is erased, or the setting says so.
create function test.removed(p_text text) returns bigint
language plpgsql as $$
declare
  v_image bigint;
  v_message bigint;
begin
  insert into data.image (person_id, sha256) values (id_of('ana'), sha256('x')) returning id into v_image;
  perform say('ana', 1, p_text, jsonb_build_object('images', array[v_image]));
  v_message := head();
  perform ask('mod', 'remove_message', jsonb_build_object('message', v_message));
  return v_message;
end $$;
create view test.kept as select (select count(*) from data.removal) as removals, (select count(*) from data.image where at > '-infinity') as images;
select removed(text) is not null from unnest('{old,unwanted,new}'::text[]) text;
select * from kept;
update data.removal set at = now() - interval '8 days' where text = 'old';
select rule.retire_removals(50), rule.retire_removals(50);
select * from kept;
select ask('ana', 'remove_message', jsonb_build_object('message', (select message_id from data.removal where text = 'unwanted')));
select * from kept;
select ask('root', 'change_settings', '{"removed_days": 0}'), removed('at once') is not null;
select * from kept;
select ask('root', 'change_settings', '{"removed_days": null}'), removed('erased') is not null, ask('ana', 'erase_me', '{"messages": "keep"}');
select * from kept;

-- What a rule reported or held goes out of the queue with it; and what a rogue moderator showed of it is held again.
select come('eve', 1), ask('root', 'create_rule', '{"kind": "words", "pattern": "cat", "action": "report"}', '$.rule.id');
select ask('eve', 'post_message', jsonb_build_object('room', 1, 'text', text, 'client_id', gen_random_uuid(), 'rule', rule), '$.message.text') from (values ('a cat', 5), ('the dog', 2), ('the other dog', 2)) as t(text, rule);
select ask('bad', 'resolve_report', jsonb_build_object('report', id, 'action', 'dismiss')) from data.report where copy->>'text' = 'the other dog';
select ask('root', 'list_messages', '{"room": 1, "limit": 3}', '$.messages[*].text'), ask('root', 'list_reports', '{}', '$.reports[*].message.text');
select * from undo();
select ask('root', 'list_messages', '{"room": 1, "limit": 3}', '$.messages[*].text'), ask('root', 'list_reports', '{}', '$.reports[*].message.text');
select a->>'action', a->>'state' from unnest('{2,5}'::int[]) rule, api.undo(token('root'), jsonb_build_object('rule', rule, 'since', now() - interval '1 hour')), json_array_elements(body->'acts') a;
select ask('root', 'list_messages', '{"room": 1, "limit": 3}', '$.messages[*].text'), ask('root', 'list_reports', '{}', '$.reports[*].message.text');
