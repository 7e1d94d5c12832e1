-- Lists who did what to whom, when and why: the newest 50 rows, or those about one person, in one room, of one action.
-- Variables: [user], [room], [action] (like ban_user), [limit] (up to 200)
--   psql -X -U parley_moderator -d parley -v user=bob -f sql/admin/audit.sql
\ir lib/start.psql
select a.id, a.at, coalesce(a.actor->>'name', a.via) as actor, a.action, a."user"->>'name' as "user", a.room_id as room, a.message_id as message,
       a.until, a.reason, a.detail
from api.list_audit(null, jsonb_strip_nulls(jsonb_build_object('user', case when :'user' <> '' then api.person_named(:'user') end,
       'room', case when :'room' <> '' then api.room_named(:'room') end, 'action', nullif(:'action', ''), 'limit', least(nullif(:'limit', '')::int, 200)))),
     json_to_recordset(body->'audit') as a(id bigint, at timestamptz(0), actor json, via text, action text, "user" json, room_id bigint,
       message_id bigint, until timestamptz(0), reason text, detail json);
