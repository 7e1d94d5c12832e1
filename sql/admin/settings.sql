-- Lists the settings, or with key= and value= changes one (value=null goes back to the default).
-- Variables: [key], [value]
--   psql -X -U parley_admin -d parley -v key=registration -v value=invite -f sql/admin/settings.sql
\ir lib/start.psql
select :'key' <> '' as changes \gset
\if :changes
select format('%s is %s.', :'key', :'value') as done
from api.change_settings(null, jsonb_build_object(:'key', case when :'value' ~ '^(true|false|null|[0-9]+)$' then :'value'::text::jsonb else to_jsonb(:'value'::text) end));
\else
select s.* from api.list_settings(null, '{}'), json_to_recordset(body->'settings') as s(key text, value json, "default" json, about text);
\endif
