-- Mutes somebody in a channel: reads, but does not write there.
-- Variables: user, room, [until] (a time) or [for] ('2 hours'; without either until lifted), [reason]
--   psql -X -U parley_moderator -d parley -v user=bob -v room=lobby -v for='2 hours' -v reason='calm down' -f sql/admin/mute.sql
\ir lib/start.psql
select format('%s is muted in %s.', :'user', :'room') as done
from api.mute_member(null, jsonb_build_object('user', api.person_named(:'user'), 'room', api.room_named(:'room'), 'reason', :'reason',
       'until', coalesce(nullif(:'until', '')::timestamptz, now() + nullif(:'for', '')::interval)));
