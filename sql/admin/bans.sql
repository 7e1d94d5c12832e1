-- Lists who is banned from the server, or with room= who is muted or banned in a channel.
-- Variables: [room]
--   psql -X -U parley_moderator -d parley -v room=lobby -f sql/admin/bans.sql
\ir lib/start.psql
select s."user"->>'name' as "user", s.kind, s.until, s.reason, s.by->>'name' as by, s.at
from api.list_sanctions(null, jsonb_strip_nulls(jsonb_build_object('room', case when :'room' <> '' then api.room_named(:'room') end))),
     json_to_recordset(coalesce(body->'bans', body->'sanctions')) as s("user" json, kind text, until timestamptz(0), reason text, by json, at timestamptz(0));
