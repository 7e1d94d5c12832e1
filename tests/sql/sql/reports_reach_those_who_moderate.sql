-- A report: its own copy of the message, live to those who moderate and to nobody else, resolved with an action in one step.
select come('mod', 2), come('mod2', 2), come('keen', 1), come('ana', 1), come('bob', 1) \g /dev/null
select ask('keen', 'create_room', jsonb_build_object('kind', 'group', 'name', 'den', 'members', jsonb_build_array(id_of('ana'), id_of('bob'), id_of('mod'))), '$.room.id');
select ask('ana', 'open_direct', jsonb_build_object('user', id_of('bob')), '$.room.id');
select split_part(say('bob', room, 'bad word ' || room), ' ', 1) from unnest('{1,2,3,2}'::int[]) room;
create function nth(p_n int) returns bigint language sql as $$ select id from data.message where person_id = test.id_of('bob') order by id offset p_n - 1 limit 1 $$;

select head() as before \gset
select ask('ana', 'report_message', jsonb_build_object('message', nth(n), 'reason', 'rude')) from generate_series(1, 3) n;
-- The same once more is the same report; a second reporter is a second one.
select ask('ana', 'report_message', jsonb_build_object('message', nth(1), 'reason', 'rude!'), '$.report.id');
select ask('keen', 'report_message', jsonb_build_object('message', nth(2), 'reason', 'rude'), '$.report.id');

-- Who is told: in the lobby and the group those who moderate there, mod2 of the group from outside; of the direct room the server's moderators.
select log_after(:before);
select who, r from unnest('{mod,mod2,keen,ana,bob}'::text[]) who, replayed(who, :before) r;

-- The queue: server ranks see all, keen what is of the group, others nothing. The copy stays as it was.
select ask('bob', 'edit_message', jsonb_build_object('message', nth(2), 'text', 'kind word'));
select ask(who, 'list_reports', '{}', '$.reports[*].id') from unnest('{mod,mod2,keen,ana,bob}'::text[]) who;
select ask('keen', 'list_reports', '{"limit": 1}', '$');
select ask('keen', 'list_reports', '{"state": "closed"}');

-- Resolving: an unknown action, one that the actor may not do, one of another room, one's own message.
select ask('keen', 'resolve_report', '{"report": 2, "action": "praise"}');
select ask('keen', 'resolve_report', '{"report": 2, "action": "ban"}');
select ask('keen', 'resolve_report', '{"report": 1, "action": "dismiss"}'), ask('ana', 'resolve_report', '{"report": 1, "action": "dismiss"}');
select count(*) from data.message where deleted_at is not null;

-- Muted and removed in one step, for both reports of the message; then somebody is too late.
select head() as before \gset
select ask('keen', 'resolve_report', '{"report": 2, "action": "mute", "until": "2999-01-01T00:00:00Z", "reason": "calm down"}');
select ask('mod', 'resolve_report', '{"report": 4, "action": "dismiss"}'), ask('keen', 'resolve_report', '{"report": 4, "action": "mute"}');
select log_after(:before);
select ask('mod', 'list_reports', '{"state": "resolved"}', '$.reports[*].id'), ask('mod', 'list_reports', '{"state": "resolved"}', '$.reports[*].message.text');
select ask('mod', 'list_audit', '{}', '$.audit[*].action');

-- In the direct room nobody is muted; the message is removed, or its author banned from the server.
select ask('mod', 'resolve_report', '{"report": 3, "action": "mute"}');
select ask('mod2', 'resolve_report', '{"report": 3, "action": "ban", "reason": "threats", "messages": "hide"}');
select ask('ana', 'list_messages', '{"room": 3}', '$.messages[*].deleted.by'), ask('bob', 'get_me');
select ask('mod', 'resolve_report', '{"report": 1, "action": "dismiss"}');

-- A moderator's own message: the one who reported is not named, and somebody else decides.
select split_part(say('mod', 1, 'i am the law'), ' ', 1);
select ask('ana', 'report_message', jsonb_build_object('message', (select max(id) from data.message), 'reason', 'is he?'), '$.report.id');
select ask('mod', 'list_reports', '{}', '$.reports[*].user'), ask('mod2', 'list_reports', '{}', '$.reports[*].user');
select ask('mod', 'resolve_report', '{"report": 5, "action": "dismiss"}'), ask('mod2', 'resolve_report', '{"report": 5, "action": "remove"}'), ask('mod2', 'resolve_report', '{"report": 5, "action": "dismiss"}');
-- What is removed or cannot be read cannot be reported.
select ask('ana', 'report_message', jsonb_build_object('message', nth(2), 'reason', 'x')), ask('mod2', 'report_message', jsonb_build_object('message', nth(4), 'reason', 'x'));
