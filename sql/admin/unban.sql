-- Lifts a ban from the server, and brings hidden messages back; or with room= from one channel.
-- Variables: user, [room], [reason]
--   psql -X -U parley_moderator -d parley -v user=bob -f sql/admin/unban.sql
\ir lib/start.psql
select jsonb_strip_nulls(jsonb_build_object('user', api.person_named(:'user'), 'room', case when :'room' <> '' then api.room_named(:'room') end,
         'reason', :'reason')) as args, :'room' <> '' as of_room \gset
\if :of_room
select format('%s is not banned from %s.', :'user', :'room') as done from api.unban_member(null, :'args');
\else
select format('%s is not banned.', :'user') as done from api.unban_user(null, :'args');
\endif
