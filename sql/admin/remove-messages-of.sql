-- Removes what somebody wrote in channels.
-- Shows how many and asks; goes by slices of 50. To hide all at once, and show all at once again: the script ban with messages=hide.
-- Variables: user, [room], [since] (a time), [for] (the last '2 hours'), [reason], [yes]
--   psql -X -U parley_moderator -d parley -v user=bob -v for='2 hours' -v reason=spam -f sql/admin/remove-messages-of.sql
\ir lib/start.psql
select jsonb_strip_nulls(jsonb_build_object('user', api.person_named(:'user'), 'room', case when :'room' <> '' then api.room_named(:'room') end,
         'since', coalesce(nullif(:'since', '')::timestamptz, now() - nullif(:'for', '')::interval), 'reason', :'reason')) as args \gset
select body->>'messages' as many, ceil((body->>'messages')::int / 50.0)::int as slices
from api.remove_messages_of(null, :'args'::jsonb || '{"dry_run":true}') \gset
\set question :many ' messages of ' :user ' would be removed.'
\ir lib/confirm.psql
\if :go
\pset tuples_only on
select format('select format(''%%s removed'', body->''messages'') from api.remove_messages_of(null, %L)', :'args')
from generate_series(1, :slices) \gexec
\endif
