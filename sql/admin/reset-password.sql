-- Prints a link that signs somebody in once, within three days: for who lost the password.
-- Variables: user, [url] (where this server is, http://127.0.0.1:8080/)
--   psql -X -U parley_admin -d parley -v user=owner -v url=https://chat.example.org/ -f sql/admin/reset-password.sql
\ir lib/start.psql
\pset tuples_only on
\pset format unaligned
select rtrim(:'url', '/') || '/#/link/' || (body->>'token')
from api.make_sign_in_link(null, jsonb_build_object('user', api.person_named(:'user')));
