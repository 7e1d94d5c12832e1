-- Closes registration, and with guests=off the door for guests too; who is in stays in.
-- An admin opens again, with the script settings: key=registration value=open.
-- Variables: [guests] (off), [reason], [yes]
--   psql -X -U parley_moderator -d parley -v guests=off -f sql/admin/close-registration.sql
\ir lib/start.psql
\set question 'Nobody new could come in.'
\ir lib/confirm.psql
\if :go
select 'Registration is closed.' as done
from api.close_registration(null, jsonb_strip_nulls(jsonb_build_object('guests', nullif(:'guests', '')::boolean, 'reason', :'reason')));
\endif
