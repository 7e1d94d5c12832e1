-- verify.sql ends a deploy: for each thing that it looks for, it fails.
\set verify `cat "$PARLEY_ROOT"/sql/verify.sql`
:verify
begin; alter function api.health(text, jsonb) security invoker;
:verify
rollback;
begin; alter function api.health(text, jsonb) reset search_path;
:verify
rollback;
begin; alter function api.health(text, jsonb) set search_path = pg_temp, data, rule;
:verify
rollback;
begin; grant execute on function api.health(text, jsonb) to public;
:verify
rollback;
begin; grant execute on function rule.lock_log() to parley_api;
:verify
rollback;
begin; grant execute on function rule.show_time(timestamptz) to parley_stream;
:verify
rollback;
begin; alter function rule.lock_log() security definer;
:verify
rollback;
begin; grant select on data.setting to parley_api;
:verify
rollback;
begin; grant select on data.setting to public;
:verify
rollback;
begin; grant update (rank) on data.person to parley_stream;
:verify
rollback;
begin; grant usage on sequence data.log_id to parley_image;
:verify
rollback;
begin; grant insert on data.setting to parley_backup;
:verify
rollback;
begin; grant create on schema api to parley_api;
:verify
rollback;
begin; grant usage on schema data to parley_moderator;
:verify
rollback;
begin; grant parley_owner to parley_admin;
:verify
rollback;
begin; create view api.people as select id from data.person;
:verify
rollback;
begin; create table rule.notes (id int);
:verify
rollback;
begin; alter table data.room add column maker_id bigint references data.person;
:verify
rollback;
