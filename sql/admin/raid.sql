-- The server is under attack: with on= no new accounts, guests and invitations, and no direct messages from newcomers. Ends by itself.
-- Variables: [on] (for how long: 2h, '30 minutes'), [off] (1)
--   psql -X -U parley_moderator -d parley -v on=2h -f sql/admin/raid.sql
\ir lib/start.psql
\if :{?on} \else \set on '' \endif
\if :{?off} \else \set off '' \endif
select coalesce(time #>> '{}', '') as until
from to_json(now() + case when :'off' = '' then coalesce(nullif(:'on', ''), '2h')::interval end) as time \gset
select case when :'off' = '' then format('The door is shut until %s.', :'until') else 'The raid is over.' end as done
from api.set_raid(null, jsonb_build_object('until', nullif(:'until', '')));
