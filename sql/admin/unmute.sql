-- Lets somebody write again in a channel.
-- Variables: user, room, [reason]
--   psql -X -U parley_moderator -d parley -v user=bob -v room=lobby -f sql/admin/unmute.sql
\ir lib/start.psql
select format('%s is not muted in %s.', :'user', :'room') as done
from api.unmute_member(null, jsonb_build_object('user', api.person_named(:'user'), 'room', api.room_named(:'room'), 'reason', :'reason'));
