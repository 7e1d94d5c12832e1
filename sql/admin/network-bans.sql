-- Lists the networks that are shut out, or with network= shuts one out, or with lift= lets one in again.
-- Shows whom it would hit and asks. scope=registration: nobody comes in from there, neither new nor known; scope=everything: who is in
-- from there is signed out, too, and nothing is answered.
-- Variables: [network] (192.0.2.7 or 192.0.2.0/24), [until] (a time) or [for] ('2 days'), [scope] (registration or everything), [reason], [lift] (the number of a ban), [yes]
--   psql -X -U parley_moderator -d parley -v network=192.0.2.0/24 -v for='2 days' -v reason=bots -f sql/admin/network-bans.sql
\ir lib/start.psql
\if :{?network} \else \set network '' \endif
\if :{?scope} \else \set scope '' \endif
\if :{?lift} \else \set lift '' \endif
select :'network' <> '' as bans, :'lift' <> '' as lifts \gset
\if :lifts
select format('Ban %s is lifted.', :'lift') as done from api.delete_network_ban(null, jsonb_build_object('ban', :'lift'));
\elif :bans
select jsonb_strip_nulls(jsonb_build_object('network', :'network', 'scope', nullif(:'scope', ''), 'reason', :'reason',
         'until', coalesce(nullif(:'until', '')::timestamptz, now() + nullif(:'for', '')::interval))) as args \gset
select hit.id, hit.name, hit.role
from api.create_network_ban(null, :'args'::jsonb || '{"dry_run":true}'), json_to_recordset(body->'users') as hit(id bigint, name text, role text);
\set question 'These people are signed in from ' :network ' and would be hit.'
\ir lib/confirm.psql
\if :go
select format('%s is shut out until %s.', body->'network_ban'->>'network', body->'network_ban'->>'until') as done from api.create_network_ban(null, :'args');
\endif
\else
select b.id, b.network, b.scope, b.until, b.reason, b.by->>'name' as by
from api.list_network_bans(null, '{}'), json_to_recordset(body->'network_bans') as b(id bigint, network text, scope text, until timestamptz(0), reason text, by json);
\endif
