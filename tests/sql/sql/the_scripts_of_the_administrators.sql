-- The scripts of sql/admin run as their roles, and are refused what those may not. (No terminal here: nothing is asked.)
select come('ana', 2), come('bob', 1), come('owner', 4) \g /dev/null
select split_part(say('bob', 1, 'spam ' || i), ' ', 1) from generate_series(1, 60) i \g /dev/null
select ask('ana', 'report_message', jsonb_build_object('message', (select max(id) from data.message), 'reason', 'spam'), '$.report.id');
\setenv RUN 'run() { role=$1 script=$2; shift 2; echo "== $script $*"; for v; do set -- "$@" -v "$v"; shift; done; PGTZ=UTC PGDATESTYLE=ISO psql -X -A -U $role "$@" -f "$PG_ABS_SRCDIR/../../sql/admin/$script.sql" 2>&1 </dev/null | sed -E "s/^psql:[^ ]*admin.[a-z-]*.sql:[0-9]+: //; s/[0-9]{4}(-[0-9]{2}){2} [0-9:]{8}[+]00/TIME/g; s#link/[A-Za-z0-9_-]{43}#link/TOKEN#"; }'

-- Daily work.
\! eval "$RUN"; run parley_moderator list-online; run parley_moderator room-members room=lobby; run parley_moderator find-user user=BO
\! eval "$RUN"; run parley_moderator mute user=bob room=lobby 'for=2 hours' 'reason=calm down'; run parley_moderator room-members 'room=#1' | cut -d'|' -f 2,7; run parley_moderator unmute user=bob room=lobby
\! eval "$RUN"; run parley_moderator reports; run parley_moderator reports report=1 action=remove reason=spam; run parley_moderator reports report=1 action=remove; run parley_moderator reports state=all | cut -d'|' -f 1,9
select text is null from data.message where id = (select message_id from data.report);
select min(id) as message from data.message \gset
\setenv MESSAGE :message
\! eval "$RUN"; run parley_moderator remove-message message=$MESSAGE "reason=it's spam" >/dev/null; run parley_moderator remove-message; run parley_moderator remove-message message=999999
\! eval "$RUN"; run parley_moderator remove-messages-of user=bob reason=spam; run parley_moderator remove-messages-of user=bob room=lobby yes=1
select count(*) filter (where text is null), count(*) from data.message;
\! eval "$RUN"; run parley_moderator ban user=bob reason=spam 'for=2 days' messages=hide yes=1; run parley_moderator bans | cut -d'|' -f 1,2,4; run parley_moderator find-user user=bob | cut -d'|' -f 2,14; run parley_moderator unban user=bob
\! eval "$RUN"; run parley_moderator ban user=bob room=lobby reason=spam; run parley_moderator unban user=bob room=lobby
\! eval "$RUN"; run parley_moderator close-registration guests=off; run parley_moderator stats | grep -E 'people|reports'
select ask(null, 'sign_in_guest', jsonb_build_object('name', 'joe', 'new_token', 'f0'));
\! eval "$RUN"; run parley_moderator audit limit=6 | cut -d'|' -f 3-6,9

-- A raid, and what somebody did since a time taken back.
\! eval "$RUN"; run parley_moderator raid on=2h | sed 's/until .*/until TIME/'; run parley_moderator raid off=1; run parley_moderator raid on=soon
\! eval "$RUN"; run parley_admin undo user=#1 'since=1 hour'; run parley_moderator undo user=#1 'since=1 hour'; run parley_admin undo rule=1 since=2001-01-01; run parley_admin undo since=never user=#1

-- What retention would take, for admins.
\! eval "$RUN"; run parley_admin retention message_days=36500; run parley_moderator retention

-- A network shut out, and let in again; always with an end, and never one's own.
insert into data.session (person_id, token_hash, address) values (id_of('bob'), token('bob there'), '203.0.113.7');
\! eval "$RUN"; run parley_moderator network-bans network=203.0.113.0/24 'for=2 days' reason=bots | sed -E 's/until .*/until TIME/'; run parley_moderator network-bans; run parley_moderator network-bans lift=1; run parley_moderator network-bans network=203.0.113.0/24; run parley_moderator network-bans network=10.0.0.1 'for=1 hour'; run parley_moderator network-bans lift=1

-- What a moderator may not: people of equal and higher rank, roles, links, settings; and who is not there.
\! eval "$RUN"; run parley_moderator ban user=ana reason=x; run parley_moderator mute user=owner room=lobby; run parley_moderator ban user=nobody; run parley_moderator ban; run parley_moderator mute user=bob room=nowhere
\! eval "$RUN"; run parley_moderator set-role user=bob role=admin; run parley_moderator reset-password user=owner; run parley_moderator settings; run parley_moderator first-owner
-- What an admin may, but not: take an owner down.
\! eval "$RUN"; run parley_admin set-role user=bob role=moderator 'reason=he is kind'; run parley_admin set-role user=owner role=admin; run parley_admin set-role user=bob role=king; run parley_admin ban user=owner
\! eval "$RUN"; run parley_admin reset-password user=owner url=https://chat.example.org; run parley_admin reset-password user=#2
\! eval "$RUN"; run parley_admin settings key=registration value=invite; run parley_admin settings key=guests value=null; run parley_admin settings key=guests value=maybe; run parley_admin settings | head -n 4
\! eval "$RUN"; run parley_admin audit user=bob limit=1 | cut -d'|' -f 3-
-- The program's role runs none of them, and neither psql role has what is personal.
\! eval "$RUN"; run parley_api ban user=bob; run parley_api find-user user=bob; run parley_api list-online; run parley_api reset-password user=owner
\! psql -X -U parley_moderator -c "select api.post_message(null, '{}')" -c "select * from data.person" 2>&1
\! psql -X -U parley_admin -c "select api.block_user(null, '{}')" -c "update data.audit set reason = ''" -c "select rule.note_audit(null, 'x')" 2>&1
