-- Finds people by a part of the name, with what a moderator wants to know of them.
-- Variables: user (a part of the name, or #ID)
--   psql -X -U parley_moderator -d parley -v user=bob -f sql/admin/find-user.sql
\ir lib/start.psql
\x auto
select found.*
from api.inspect_users(null, jsonb_build_object('user', :'user')),
     json_to_recordset(body->'users') as found(id bigint, name text, role text, keeper text, state text, since timestamptz(0), seen timestamptz(0),
       sessions int, addresses text, rooms int, reports int, mutes int, banned_until timestamptz(0), hidden boolean);
