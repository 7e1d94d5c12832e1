-- The roles. Only the deploying role may become parley_owner; the login roles see no table, they execute what grants.sql lists.
select format('create role %I %s', name, kind)
from (values
  ('parley_owner',     'nologin'),
  ('parley_api',       'login'),  -- parley-api: everything that a client may call
  ('parley_stream',    'login'),  -- parley-stream: the log, the readers, presence
  ('parley_image',     'login'),  -- parley-image: store one image
  ('parley_moderator', 'login'),  -- psql, daily work: rank moderator
  ('parley_admin',     'login'),  -- psql, roles, sign-in links, settings: rank owner
  ('parley_backup',    'login')   -- pg_dump
) as wanted(name, kind)
where not exists (select from pg_roles where rolname = name)
\gexec

grant pg_read_all_data to parley_backup;
grant pg_read_all_stats to parley_owner;                 -- api.server_status: whose transaction is old, which replica is behind

-- An open transaction in somebody's psql holds the log lock: it ends after 5 s.
alter role parley_api       set idle_in_transaction_session_timeout = '5s';
alter role parley_stream    set idle_in_transaction_session_timeout = '5s';
alter role parley_image     set idle_in_transaction_session_timeout = '5s';
alter role parley_moderator set idle_in_transaction_session_timeout = '5s';
alter role parley_admin     set idle_in_transaction_session_timeout = '5s';
alter role parley_api       set statement_timeout = '10s';
-- Every query of the programs is a look-up by index. A plan that was made while the tables were small is kept by its connection,
-- and must not stay a scan when they have grown (measured: 3,000 instead of 15,000 posts/s after a minute).
alter role parley_api       set enable_seqscan = off;
alter role parley_stream    set enable_seqscan = off;
alter role parley_image     set enable_seqscan = off;
alter role parley_moderator set statement_timeout = '60s';
alter role parley_admin     set statement_timeout = '60s';

select format('revoke all on database %I from public', current_database()) \gexec
select format('grant connect on database %I to parley_api, parley_stream, parley_image, parley_moderator, parley_admin, parley_backup',
              current_database()) \gexec
select format('grant create on database %I to parley_owner', current_database()) \gexec
revoke all on schema public from public;

-- Global on purpose: the form IN SCHEMA leaves PUBLIC able to call.
alter default privileges for role parley_owner revoke execute on functions from public;
