-- The server is under attack: with on= no new accounts, guests and invitations, and newcomers write to nobody directly and add nobody to rooms. Ends by
-- itself.
-- Variables: [on] (for how long, at most 7 days: 2h, '30 minutes'; a number alone is hours; off: it is over), [off] (1, the same)
--   psql -X -U parley_moderator -d parley -v on=2h -f sql/admin/raid.sql
\ir lib/start.psql
\if :{?on} \else \set on '' \endif
\if :{?off} \else \set off '' \endif
select case when :'on' = 'off' then '1' else :'off' end as off \gset
select coalesce(time #>> '{}', '') as until
from to_json(now() + case when :'off' = '' then regexp_replace(coalesce(nullif(:'on', ''), '2h'), '^\s*\d+\s*$', '\& hours')::interval end) as time \gset
select case when :'off' = '' then format('The door is shut until %s.', :'until') else 'The raid is over.' end as done
from api.set_raid(null, jsonb_build_object('until', nullif(:'until', '')));
