-- Bans somebody from the server, or with room= from one channel.
-- From the server: shows what would end and asks. Sessions, tokens, invitations and unfinished uploads end at once, also those of the
-- person's bots; messages=hide hides all that was written so far.
-- Variables: user, [room], [until] (a time) or [for] ('2 days'; without either until lifted), [reason], [messages] (keep or hide), [yes]
--   psql -X -U parley_moderator -d parley -v user=bob -v reason=spam -v messages=hide -f sql/admin/ban.sql
\ir lib/start.psql
select jsonb_strip_nulls(jsonb_build_object('user', api.person_named(:'user'), 'room', case when :'room' <> '' then api.room_named(:'room') end,
         'reason', :'reason', 'messages', nullif(:'messages', ''),
         'until', coalesce(nullif(:'until', '')::timestamptz, now() + nullif(:'for', '')::interval))) as args,
       :'room' <> '' as of_room \gset
\if :of_room
select format('%s is banned from %s.', :'user', :'room') as done from api.ban_member(null, :'args');
\else
select touched.* from api.ban_user(null, :'args'::jsonb || '{"dry_run":true}'),
  json_to_record(body) as touched(bots int, sessions int, tokens int, invites int, uploads int, messages bigint, rooms bigint);
\set question 'This is what ' :user ' has now. The messages are hidden with messages=hide only.'
\ir lib/confirm.psql
\if :go
select format('%s is banned.', :'user') as done from api.ban_user(null, :'args');
\endif
\endif
