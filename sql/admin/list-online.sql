-- Lists who has a stream open now, and since when.
-- Variables: none
--   psql -X -U parley_moderator -d parley -f sql/admin/list-online.sql
\ir lib/start.psql
select online.*
from api.list_online(null, '{}'), json_to_recordset(body->'users') as online(id bigint, name text, role text, state text, since timestamptz(0), streams int);
