-- Rules: made, changed and taken away by moderators of the server, regular expressions by admins; each with its audit row, and
-- moderators' pages are told.
select come('root', 4), come('mod', 2), come('ana', 1) \g /dev/null
select head() as before \gset
select ask('mod', 'create_rule', '{"kind": "words", "pattern": "spam\neggs", "action": "refuse", "name": "no spam"}', '$.rule');
select ask('root', 'create_rule', '{"kind": "regex", "pattern": "a{5}", "action": "mute", "minutes": 5, "rooms": [1], "exempt": "admin", "enabled": false}', '$.rule');
select ask('mod', 'change_rule', '{"rule": 1, "enabled": false, "pattern": "eggs"}'), ask('mod', 'change_rule', '{"rule": 1}');
select ask('mod', 'list_rules', '{}', '$.rules[*].keyvalue() ? (@.key == "pattern" || @.key == "enabled" || @.key == "exempt").value');
select ask('mod', 'delete_rule', '{"rule": 1}'), ask('mod', 'delete_rule', '{"rule": 1}'), ask('mod', 'change_rule', '{"rule": 1}');
select log_after(:before);
select actor_id, via, action, reason, detail from data.audit order by id;

-- Not by everybody, and not everything.
select ask('ana', call, '{"rule": 2, "kind": "words", "pattern": "x", "action": "hide"}') from unnest('{list_rules,create_rule,change_rule,delete_rule,try_rule}'::text[]) call;
select ask('mod', call, '{"rule": 2, "kind": "regex", "pattern": "x", "action": "hide"}') from unnest('{create_rule,change_rule,delete_rule,try_rule}'::text[]) call;
select ask('mod', 'change_rule', '{"rule": 2, "kind": "words"}');
-- (Whether an expression is one is only asked by the check that goes before, without the lock.)
select ask('root', 'check_rule', '{"action": "hide"}' || wrong) from unnest(array[
  '{"kind": "regex", "pattern": "("}', '{"kind": "regex", "pattern": "a*"}', '{"kind": "words", "pattern": " \n "}', '{"kind": "words", "pattern": "**"}',
  '{"kind": "links", "pattern": "http://a.example/"}', '{"kind": "links", "pattern": "localhost"}', '{"kind": "words", "pattern": "x", "rooms": [99]}',
  '{"kind": "words", "pattern": "x", "name": "a\nb"}']::jsonb[]) wrong;

select ask('root', 'check_rule', '{"kind": "regex", "pattern": "a+", "action": "hide"}'), ask('mod', 'check_rule', '{"rule": 2, "name": "x"}'), ask('root', 'check_rule', '{"rule": 2, "pattern": "("}'), ask('ana', 'check_rule', '{"kind": "words", "pattern": "x", "action": "hide"}');
-- Tried on what was said: only what the one who tries may see, and nothing is done.
select ask('ana', 'create_room', '{"kind": "group", "name": "den"}', '$.room.id');
select split_part(say('ana', room, text), ' ', 1) from (values (1, 'ham and eggs'), (1, 'SPAM'), (1, 'bread'), (2, 'spam in private')) t(room, text);
select split_part(say('mod', 1, 'spam by a moderator'), ' ', 1);
select ask('mod', 'try_rule', '{"kind": "words", "pattern": "spam\neggs"}', '$.keyvalue() ? (@.key != "messages").value'), ask('mod', 'try_rule', '{"kind": "words", "pattern": "spam\neggs"}', '$.messages[*].text');
select ask('root', 'try_rule', '{"kind": "words", "pattern": "spam", "exempt": "nobody"}', '$.messages[*].text');
update data.message set at = now() - interval '31 days' where text = 'SPAM';
select ask('mod', 'try_rule', '{"kind": "words", "pattern": "spam"}', '$.hits');
