-- Takes back all that one person, or one rule, did since a time; lists it and asks before. At most 500 acts: run it again for the rest.
-- Variables: user or rule (its number), since ('2 hours' ago, or a time), [reason], [yes]
--   psql -X -U parley_admin -d parley -v user=mallory -v since='2 hours' -f sql/admin/undo.sql
\ir lib/start.psql
\if :{?rule} \else \set rule '' \endif
select :'since' ~ '^\d{4}-' as is_time \gset
\if :is_time
select :'since'::timestamptz as since \gset
\else
select now() - :'since'::interval as since \gset
\endif
select jsonb_strip_nulls(jsonb_build_object('actor', case when :'rule' = '' then api.person_named(:'user') end, 'rule', nullif(:'rule', '')::bigint,
         'reason', nullif(:'reason', ''), 'since', :'since')) as args \gset
select a.at, a.action, a."user"->>'name' as "user", a.room_id as room, a.message_id as message, a.state
from api.undo(null, :'args'::jsonb || '{"dry_run":true}'),
     json_to_recordset(body->'acts') as a(at timestamptz(0), action text, "user" json, room_id bigint, message_id bigint, state text);
\set question 'What can be undone of this is going to be.'
\ir lib/confirm.psql
\if :go
select a.state, count(*) as acts from api.undo(null, :'args'), json_to_recordset(body->'acts') as a(state text) group by a.state order by 1;
\endif
