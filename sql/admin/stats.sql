-- Shows the house in numbers.
-- Variables: none
--   psql -X -U parley_moderator -d parley -f sql/admin/stats.sql
\ir lib/start.psql
select stats.* from api.server_stats(null, '{}'), json_to_recordset(body->'stats') as stats(what text, number bigint);
