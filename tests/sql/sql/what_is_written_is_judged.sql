-- Before something is posted or edited, api.judge says whether a rule is against it, and which; what the rule does is done by the
-- post itself, in its transaction.
create function test.judge(p_who text, p_args jsonb) returns text
language plpgsql as $$
declare
  v_code text;
begin
  return (select shown(status, body::jsonb, null, '$') from api.judge(token(p_who), p_args));
exception when others then
  get stacked diagnostics v_code = pg_exception_detail;
  return substr(sqlstate, 3) || ' ' || v_code;
end $$;
-- Posts as parley-api does: judged, then with the rule that was found.
create function test.write(p_who text, p_room bigint, p_text text) returns text
language plpgsql as $$
declare
  v_verdict text := judge(p_who, jsonb_build_object('room', p_room, 'text', p_text));
begin
  return case when v_verdict like '200%' then ask(p_who, 'post_message', jsonb_build_object('room', p_room, 'text', p_text, 'client_id', gen_random_uuid())
                || (substr(v_verdict, 5)::jsonb), '$.message.keyvalue() ? (@.key == "text" || @.key == "deleted").value') else v_verdict end;
end $$;
select come('root', 4), come('mod', 2), come('bob', 1), come('ana', 1) \g /dev/null
select body from api.guard(null, '{}');
select ask('root', 'create_rule', '{"kind": "words", "pattern": "forbidden", "action": "refuse"}', '$.rule.id');
select ask('root', 'create_rule', '{"kind": "words", "pattern": "loud", "action": "mute", "minutes": 10, "name": "shouting"}', '$.rule.id');
select ask('root', 'create_rule', '{"kind": "links", "pattern": "*", "action": "hide", "name": "links"}', '$.rule.id');
select ask('root', 'create_rule', '{"kind": "words", "pattern": "rude", "action": "report", "name": "rude words"}', '$.rule.id');
select body from api.guard(null, '{}');

-- Refused, let through, exempt by rank; of a room that one is not in, or in a repetition, there is nothing to judge.
select write('bob', 1, 'hello'), write('bob', 1, 'FORBIDDEN'), write('mod', 1, 'forbidden');
select judge('bob', '{"room": 99, "text": "forbidden"}'), judge(null, '{"room": 1, "text": "x"}');
select judge('bob', jsonb_build_object('room', 1, 'text', 'forbidden', 'client_id', (select client_id from data.message where text = 'hello')));

-- Reported: it is there, and in the queue, by the rule.
select head() as before \gset
select write('bob', 1, 'that is rude');
select log_after(:before);
select ask('mod', 'list_reports', '{}', '$.reports[*].keyvalue() ? (@.key == "user" || @.key == "rule" || @.key == "held" || @.key == "reason").value');
select ask('mod', 'resolve_report', '{"report": 1, "action": "dismiss"}');

-- Hidden until reviewed: a tombstone for everybody, the author included; its words are in the report only.
select head() as before \gset
select write('bob', 1, 'buy at https://shop.example @ana');
select log_after(:before);
select count(*) from data.mention;
select ask(who, 'list_messages', '{"room": 1}', '$.messages[last].keyvalue() ? (@.key == "text" || @.key == "deleted").value') from unnest('{bob,ana,mod}'::text[]) who;
select ask('mod', 'list_reports', '{}', '$.reports[*].message.text');
-- Dismissed, it is there again, with its mentions, and can be found.
select head() as before \gset
select ask('mod', 'resolve_report', '{"report": 2, "action": "dismiss"}');
select log_after(:before);
select ask('ana', 'list_mentions', '{}', '$.mentions[*].text');
-- Removed by its author meanwhile, it stays away; removed by a moderator, too.
select write('bob', 1, 'www.one.example');
select ask('bob', 'remove_message', jsonb_build_object('message', (select max(id) from data.message)));
select ask('mod', 'resolve_report', '{"report": 3, "action": "dismiss"}'), ask('ana', 'list_messages', '{"room": 1}', '$.messages[last].deleted.by');
select write('bob', 1, 'www.two.example');
select ask('mod', 'resolve_report', '{"report": 4, "action": "remove"}'), ask('ana', 'list_messages', '{"room": 1}', '$.messages[last].deleted.by');

-- An edit is judged like a post.
select write('bob', 1, 'harmless');
select max(id) as message from data.message \gset
select judge('bob', jsonb_build_object('message', :message, 'text', 'forbidden')), judge('ana', jsonb_build_object('message', :message, 'text', 'forbidden'));
select ask('bob', 'edit_message', jsonb_build_object('message', :message, 'text', 'www.three.example') || substr(judge('bob', jsonb_build_object('message', :message, 'text', 'www.three.example')), 5)::jsonb);
select ask('ana', 'get_message', jsonb_build_object('message', :message), '$.message.deleted.by');
select ask('mod', 'resolve_report', '{"report": 5, "action": "dismiss"}'), ask('ana', 'get_message', jsonb_build_object('message', :message), '$.message.text');

-- Muted instead of posted; the mute stays although the post was refused.
select head() as before \gset
select write('bob', 1, 'so LOUD'), (select count(*) from data.message where text like '%LOUD');
select log_after(:before);
select write('bob', 1, 'hello?');
select ask('mod', 'unmute_member', jsonb_build_object('room', 1, 'user', id_of('bob')));

-- A rule for some rooms; and in direct rooms only a refusal counts, so that no rule shows moderators what is said in private.
select ask('ana', 'open_direct', jsonb_build_object('user', id_of('bob')), '$.room.id');
select write('bob', 2, 'rude'), write('bob', 2, 'loud'), write('bob', 2, 'http://x.example'), write('bob', 2, 'forbidden');
select ask('root', 'change_rule', '{"rule": 1, "rooms": [1]}'), write('bob', 2, 'forbidden'), write('bob', 1, 'forbidden');

-- What is said of images, by the post or else with the upload.
select ask('root', 'change_rule', '{"rule": 1, "rooms": null}');
select judge('bob', '{"room": 1, "text": "see", "images": [1], "alts": {"1": "a forbidden thing"}}'), judge('bob', '{"room": 1, "text": "see", "images": [1], "alts": {"1": "a rude thing"}}'), judge('bob', '{"room": 1, "text": "see", "alts": "forbidden"}');
select status from api.store_image(token('bob'), '{"width": 3, "height": 2, "animated": false, "thumb_width": 3, "thumb_height": 2, "alt": "forbidden"}', '\x89', '\x77');
select judge('bob', args) from unnest(array['{"room": 1, "text": "", "images": [1]}', '{"room": 1, "text": "see", "images": [1], "alts": {"1": "a cat"}}', '{"room": 1, "text": "see", "images": null}']::jsonb[]) args;
-- What rooms and people are called and say of themselves: there only a refusal counts.
select judge('bob', args) from unnest(array['{"room": 1, "topic": "Forbidden"}', '{"kind": "group", "name": "the forbidden"}', '{"status": "for\u200bbidden"}', '{"name": "forbidden"}', '{"status": "rude and loud"}', '{"name": null}']::jsonb[]) args;
-- A change of a room that names nothing is no post: it is no flood.
select ask('root', 'change_settings', '{"flood_rooms_per_minute": 1}'), judge('bob', '{"room": 1, "text": "a"}'), judge('bob', '{"room": 1, "slow_mode": 5}'), judge('bob', '{"room": 1, "topic": "a"}');
select ask('root', 'change_settings', '{"flood_rooms_per_minute": null}');

-- What the rules did stands in the audit as theirs.
select actor_id, via, action, person_id, message_id is not null as message, reason from data.audit where via like 'rule%' order by id;

-- One person's reports by one rule are twenty at most, until somebody has looked at them.
select count(*) from (select write('bob', 1, 'rude ' || i) from generate_series(1, 25) i offset 0) said;
select count(*) from data.report where rule_id = 4 and resolved_at is null;
update data.report set resolved_at = now(), action = 'dismiss' where rule_id = 4 and resolved_at is null;
select left(write('bob', 1, 'rude again'), 3), (select count(*) from data.report where rule_id = 4 and resolved_at is null);
select count(*) from data.report where rule_id = 4 and resolved_at is null;
