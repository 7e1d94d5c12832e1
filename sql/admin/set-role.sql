-- Gives somebody a role on the server: guest, member, moderator, admin or owner.
-- Nobody takes an owner down.
-- Variables: user, role, [reason], [yes]
--   psql -X -U parley_admin -d parley -v user=ana -v role=moderator -f sql/admin/set-role.sql
\ir lib/start.psql
\set question :user ' would become ' :role '.'
\ir lib/confirm.psql
\if :go
select format('%s is %s now.', :'user', :'role') as done
from api.set_role(null, jsonb_build_object('user', api.person_named(:'user'), 'role', :'role', 'reason', :'reason'));
\endif
