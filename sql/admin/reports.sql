-- Lists what was reported, or with report= and action= resolves one.
-- The actions: dismiss, remove (the message), mute, room_ban or ban (its author, and the message goes too).
-- Variables: [state] (open, resolved, all), [report] (its id), [action], [until] (a time) or [for] ('2 hours'), [reason], [messages] (keep or hide)
--   psql -X -U parley_moderator -d parley -v report=5 -v action=remove -v reason=spam -f sql/admin/reports.sql
\ir lib/start.psql
select :'report' <> '' as resolves \gset
\if :resolves
select format('Report %s is resolved: %s.', :'report', :'action') as done
from api.resolve_report(null, jsonb_strip_nulls(jsonb_build_object('report', :'report', 'action', :'action', 'reason', :'reason', 'messages', nullif(:'messages', ''),
       'until', coalesce(nullif(:'until', '')::timestamptz, now() + nullif(:'for', '')::interval))));
\else
select r.id, r.at, r.reason, r."user"->>'name' as reporter, coalesce(nullif(r.room->>'name', ''), r.room->>'kind') as room,
       r.message->>'id' as message, r.message->'user'->>'name' as author, left(r.message->>'text', 60) as text, r.action
from api.list_reports(null, jsonb_build_object('state', coalesce(nullif(:'state', ''), 'open'))),
     json_to_recordset(body->'reports') as r(id bigint, at timestamptz(0), reason text, "user" json, room json, message json, action text);
\endif
