-- A pattern that takes for ever ends with the time-out of the statement, which judge catches: it says which rule it was, and the rule
-- is switched off with an audit row. All the others go on.
select come('root', 4), come('bob', 1) \g /dev/null
select ask('root', 'create_rule', '{"kind": "words", "pattern": "first", "action": "refuse"}', '$.rule.id');
select ask('root', 'create_rule', '{"kind": "regex", "pattern": "(.+)(.+)(.+)\\3\\2\\1x", "action": "refuse", "name": "catastrophe"}', '$.rule.id');
select ask('root', 'create_rule', '{"kind": "words", "pattern": "last", "action": "report"}', '$.rule.id');
select jsonb_build_object('room', 1, 'text', repeat('a', 400) || ' last x') as args \gset
set statement_timeout = '300ms';
select * from api.judge(token('bob'), :'args');
reset statement_timeout;
select head() as before \gset
select ask(null, 'switch_off_rule', '{"rule": 2}'), ask(null, 'switch_off_rule', '{"rule": 2}'), ask(null, 'switch_off_rule', '{"rule": 99}');
select log_after(:before);
select via, action, reason, detail->'rule' from data.audit where action = 'switch_off_rule';
select ask('root', 'list_rules', '{}', '$.rules[1].keyvalue() ? (@.key == "enabled" || @.key == "slow_at").value');
select * from api.judge(token('bob'), :'args');
-- Tried, it is slow, too, and says so.
set statement_timeout = '300ms';
select body->>'slow' from api.try_rule(token('root'), '{"kind": "regex", "pattern": "(.+)(.+)(.+)\\3\\2\\1x"}');
select split_part(say('bob', 1, repeat('a', 400) || ' x'), ' ', 1);
select body->>'slow' from api.try_rule(token('root'), '{"kind": "regex", "pattern": "(.+)(.+)(.+)\\3\\2\\1x"}');
reset statement_timeout;
-- Switched on again by somebody who has looked at it.
select ask('root', 'change_rule', '{"rule": 2, "pattern": "^a+c$", "enabled": true}'), ask('root', 'list_rules', '{}', '$.rules[1].keyvalue() ? (@.key == "enabled" || @.key == "slow_at").value');
-- One that is no expression (any more) is named, too.
update data.rule set pattern = '(' where id = 2;
select * from api.judge(token('bob'), '{"room": 1, "text": "last"}');
