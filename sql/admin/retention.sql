-- Counts what retention would take away now, as it is set or with other days; touches nothing.
-- Variables: [message_days], [log_days], [audit_days]
--   psql -X -U parley_admin -d parley -v message_days=90 -f sql/admin/retention.sql
\ir lib/start.psql
select what.key as what, what.value as number
from api.preview_retention(null, jsonb_strip_nulls(jsonb_build_object('message_days', nullif(:'message_days', '')::int, 'log_days', nullif(:'log_days', '')::int,
                                                                      'audit_days', nullif(:'audit_days', '')::int))), json_each(body) as what;
