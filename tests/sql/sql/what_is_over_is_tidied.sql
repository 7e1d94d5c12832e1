-- The log, the audit, sessions and invitations that are over: each has its days.
select come('root', 4), come('ana', 1);
select say('ana', 1, 'old'), say('ana', 1, 'new');
insert into data.session (person_id, token_hash, expires_at) select 2, i, now() - interval '1 second' from generate_series(1, 3) i;
insert into data.invite (token_hash, person_id, until) values ('a', 2, now() - interval '31 days'), ('b', 2, now() - interval '29 days');
update data.event set at = now() - interval '8 days' where id <= (select min(id) from data.message);
alter table data.audit disable trigger audit_is_append_only;
insert into data.audit (at, via, action) values (now() - interval '366 days', 'web', 'old'), (now() - interval '364 days', 'web', 'young');
alter table data.audit enable trigger audit_is_append_only;
select ask('root', 'preview_retention');
select api.maintain('rest') > 0, api.maintain('rest');
select kind, data->>'text' from api.read_log(0, 10);
select (select count(*) from data.session where expires_at < now()), (select string_agg(token_hash, ' ') from data.invite), (select string_agg(action, ' ') from data.audit);
-- A client that was away for longer has to start afresh; the newest event stays, however old.
select cursor_known from api.load_readers('[{"k": 1, "token": null, "cursor_id": 1, "cursor_tag": "1"}]');
select say('ana', 1, 'newest');
update data.event set at = now() - interval '8 days';
select api.maintain('rest');
select kind, data->>'text' from api.read_log(0, 10);
select ask('root', 'change_settings', '{"log_days": 0}'), ask('root', 'change_settings', '{"audit_days": 364}');
