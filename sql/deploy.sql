-- The manifest: psql -X -v ON_ERROR_STOP=1 -d parley -f sql/deploy.sql
-- One transaction, run again as often as you like: steps run once, functions are dropped and rebuilt.
\set ON_ERROR_STOP on
\set QUIET on
set client_min_messages = warning;
begin;
set local lock_timeout = '10s';                          -- a deploy fails rather than queueing all traffic behind it
select pg_advisory_xact_lock(7265108, 1) \g /dev/null
-- two deploys queue

\ir roles.sql
set local role parley_owner;
set local plpgsql.extra_errors = 'all';

create schema if not exists data;
create schema if not exists rule;
create schema if not exists api;
create schema if not exists ext;                         -- what other people wrote
create extension if not exists pg_trgm schema ext;
create table if not exists data.step (name text primary key, done_at timestamptz not null default now());

-- Functions go first: a table may depend on none of them, and the drop fails loudly if one does.
select 'drop routine ' || string_agg(oid::regprocedure::text, ', ')
from pg_proc where pronamespace in ('rule'::regnamespace, 'api'::regnamespace)
having count(*) > 0
\gexec

\set steps ''
\set step 0001_log
\ir step.sql
\set step 0002_presence
\ir step.sql
\set step 0003_people
\ir step.sql
\set step 0004_rooms
\ir step.sql
\set step 0005_messages
\ir step.sql
\set step 0006_moderation
\ir step.sql
\set step 0007_images
\ir step.sql
\set step 0008_reports
\ir step.sql
\set step 0009_search
\ir step.sql
\set step 0010_rules
\ir step.sql
\set step 0011_erasure
\ir step.sql
\set step 0012_search_again
\ir step.sql
\set step 0013_undo
\ir step.sql
\set step 0014_search_windows
\ir step.sql
\set step 0015_search_marks
\ir step.sql
\set step 0016_days_of_rooms
\ir step.sql
\set step 0017_posts_of_a_person
\ir step.sql
\set step 0018_rules_have_a_rank
\ir step.sql
\set step 0019_sessions_by_link
\ir step.sql
\set step 0020_erased_words
\ir step.sql
\set step 0021_lines_of_rules
\ir step.sql
\set step 0022_removals_with_signs
\ir step.sql
\set step 0023_lines_by_gram
\ir step.sql
\set step 0024_attempts_by_prefix
\ir step.sql
\set step 0025_audit_in_slices
\ir step.sql
\set step 0026_search_in_small_pieces
\ir step.sql

-- A database that is ahead keeps its functions: the programs of one version back work with them, theirs need not with its tables.
select exists (select from data.step where name <> all(string_to_array(:'steps', ' '))) as is_ahead \gset
\if :is_ahead
do $$ begin raise 'This database has steps that this version does not know: it belongs to a later one.'; end $$;
\endif

set local search_path = data, rule, pg_temp;
\ir rule/refuse.sql
\ir rule/text.sql
\ir rule/settings.sql
\ir rule/log.sql
\ir rule/limits.sql
\ir rule/presence.sql
\ir rule/people.sql
\ir rule/mentions.sql
\ir rule/rooms.sql
\ir rule/invites.sql
\ir rule/ranks.sql
\ir rule/images.sql
\ir rule/messages.sql
\ir rule/posts.sql
\ir rule/events.sql
\ir rule/retention.sql
\ir rule/search.sql
\ir rule/erase.sql
\ir rule/removal.sql
\ir rule/moderation.sql
\ir rule/reports.sql
\ir rule/export.sql
\ir rule/lookalikes.sql
\ir rule/forms.sql
\ir rule/judge.sql
\ir rule/rules.sql
\ir rule/networks.sql
\ir rule/audit.sql
\ir rule/undo.sql
\ir rule/status.sql
\ir rule/call.sql

\ir api/execute.sql
\ir api/hub.sql
\ir api/presence.sql
\ir api/hello.sql
\ir api/sessions.sql
\ir api/me.sql
\ir api/users.sql
\ir api/invites.sql
\ir api/state.sql
\ir api/rooms.sql
\ir api/messages.sql
\ir api/images.sql
\ir api/search.sql
\ir api/settings.sql
\ir api/erase.sql
\ir api/export.sql
\ir api/maintain.sql
\ir api/moderation.sql
\ir api/reports.sql
\ir api/blocks.sql
\ir api/audit.sql
\ir api/rules.sql
\ir api/network_bans.sql
\ir api/undo.sql
\ir api/admin.sql
\ir api/status.sql

\ir seed.sql
\ir grants.sql
\ir verify.sql
commit;
