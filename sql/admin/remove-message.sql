-- Removes one message: a tombstone stays. For a week (the setting removed_days) the script undo can bring it back.
-- In direct rooms and in groups only when it was reported.
-- Variables: message (its id), [reason]
--   psql -X -U parley_moderator -d parley -v message=991 -v reason=spam -f sql/admin/remove-message.sql
\ir lib/start.psql
select format('Message %s is removed.', :'message') as done
from api.remove_message(null, jsonb_build_object('message', nullif(:'message', '')::bigint, 'reason', :'reason'));
