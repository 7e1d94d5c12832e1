-- Lists the people of a channel: roles, mutes, and who is banned from it.
-- Variables: room
--   psql -X -U parley_moderator -d parley -v room=lobby -f sql/admin/room-members.sql
\ir lib/start.psql
select member.*
from api.inspect_room(null, jsonb_build_object('room', api.room_named(:'room'))),
     json_to_recordset(body->'members') as member(id bigint, name text, server_role text, room_role text, online boolean, joined timestamptz(0),
       muted_until timestamptz(0), banned_until timestamptz(0));
