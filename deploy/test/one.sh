# shellcheck shell=bash disable=SC2154 # work, root, name and the like belong to who sources this
# What `make test-deploy` does to its machine, step by step. Sourced by run.
# shellcheck disable=SC2016 # what stands in single quotes is for the shell in the machine

all_steps='lint dry first second units smoke restart kill upgrade back broken operate size images elsewhere certbot runbooks moment restore uninstall'

site() { # LOG ARGUMENTS...
  local log=$1
  shift
  playbook "$log" site.yml "$@"
}

version() {
  curl -sf --cacert "$work/certificate.pem" --resolve "$name:443:$machine_address" "https://$name/api/health" |
    sed 's/.*"version":"[^"]*+\([0-9a-f]*\)".*/\1/'
}

says_version() { # COMMIT
  [[ $(version) == "$1" ]] || { echo "it says $(version), not $1"; return 1; }
}

# --- Versions ---------------------------------------------------------------------------------------------------------------

short() { # COMMIT
  in_checkout rev-parse --verify --quiet --short=12 "$1^{commit}"
}

# An upgrade goes from `before`, the version before the last change of the schema, to `commit`: ours and one more step, made here, which
# alters a table that everybody uses. Where the history has none that could be deployed (a shallow clone has none), ours is the one before.
take_commit() {
  in_checkout fetch -q origin HEAD
  in_checkout checkout -q --detach --force FETCH_HEAD
  before=$(short "$(in_checkout log -1 --format=%H -- sql)^") || before=''
  if [[ -z $before ]] || ! in_checkout grep -q WatchdogSec "$before" -- deploy/ansible; then
    before=$(short HEAD)
    echo "note: no version with another schema before $before is in the history"
  fi
  echo 'alter table data.message add column made_up text;' >"$work/checkout/sql/steps/9999_made_up.sql"
  sed -i '/^-- A database that is ahead/i \\\\set step 9999_made_up\n\\ir step.sql\n' "$work/checkout/sql/deploy.sql"
  in_checkout add sql
  in_checkout commit -qm 'one more step'
  commit=$(short HEAD)
}

# at COMMIT COMMAND...: with the playbook, too, of that version.
at() {
  local status=0
  in_checkout checkout -q "$1"
  shift
  "$@" || status=$?
  in_checkout checkout -q "$commit"
  return $status
}

# --- The steps --------------------------------------------------------------------------------------------------------------

step_lint() {
  check 'ansible-lint finds nothing' env ANSIBLE_NOCOLOR=1 ansible-lint --offline --nocolor deploy/ansible || true
  check 'shellcheck finds nothing' shellcheck -x deploy/test/run deploy/test/ha deploy/test/fresh deploy/test/ssh deploy/test/certbot || true
  check 'Prometheus takes its files, and each alert is told when it is due' prometheus_is_content || true
}

prometheus_is_content() {
  (cd deploy/prometheus && promtool check config prometheus.yml && promtool test rules alerts.test.yml)
}

step_dry() {
  check 'a dry run on a pristine host passes' site dry --check || true
  check 'Python comes' inside sh -c 'apt-get update && apt-get install -y --no-install-recommends python3 python3-apt'
  check 'a dry run on a host that has nothing but Python passes' site dry-python --check || true
}

step_first() {
  give_certificate "$machine"
  ip netns exec "$machine_netns" nft add table inet theirs
  firewall >"$work/firewall"
  check "a first run, of $before, whose schema is the one before ours" at "$before" site first || return 1
  check 'https answers with that version' says_version "$before" || return 1
}

step_second() {
  check 'a second run passes' at "$before" site second || return 1
  check 'a second run changes nothing' changes_nothing second || true
  check 'a dry run of it passes' at "$before" site dry-second --check || true
  check 'a dry run would change nothing' changes_nothing dry-second || true
  check 'no secret was printed' no_secret_printed || true
}

no_secret_printed() {
  local link
  link=$(inside sed 's,.*/link/,,' /root/parley-owner-link)
  [[ -n $link ]] || { echo 'there is no sign-in link'; return 1; }
  ! grep -lF -e "$link" -e geheim "$work"/log/*.log
}

units() {
  inside sh -c 'cd /etc/systemd/system && ls parley-*.service parley-*.socket | grep -v @'
}

units_verify() {
  local said
  said=$(inside sh -c 'cd /etc/systemd/system && systemd-analyze verify parley-*.service parley-*.socket  2>&1' | grep parley) || true
  [[ -z $said ]] || { echo "$said"; return 1; }
}

is_sealed() { # PROGRAM
  inside systemd-analyze security --no-pager --threshold=20 "parley-$1.service"
}

logs_are_logfmt() {
  ! inside journalctl -o cat _COMM="parley-$1" --no-pager | grep -v -E '^[a-z]+=[^ ]* ' | grep .
}

step_units() {
  local program
  check 'systemd finds nothing wrong with the units' units_verify || true
  for program in api stream image; do
    check "parley-$program: exposure at most 2.0" is_sealed "$program" || true
    check "parley-$program: its journal is logfmt" logs_are_logfmt "$program" || true
  done
  check 'nothing has failed' no_failed_units || true
  check 'limits are those of 100,000 streams' limits_are_large || true
  check "nginx's logs are rotated, and written on" logs_are_rotated || true
  check 'the firewall is as it was' firewall_is_as_it_was || true
}

# In force only where the host allows it, so it is asked what is said; the machine has the memory for 100,000.
limits_are_large() {
  local nginx descriptors connections workers
  nginx=$(inside nginx -T 2>/dev/null)
  descriptors=$(inside sed -n 's/^LimitNOFILE=//p' /etc/systemd/system/parley-stream.service)
  connections=$(sed -n 's/^ *worker_connections \([0-9]*\);/\1/p' <<<"$nginx")
  workers=$(inside nproc)
  echo "descriptors of the hub $descriptors, connections of $workers workers of nginx $connections each"
  ((descriptors > 100000 && connections * workers > 200000)) &&
    (($(sed -n 's/^worker_rlimit_nofile \([0-9]*\);/\1/p' <<<"$nginx") > connections)) &&
    grep -q 'listen .*:443 ssl http2 default_server reuseport backlog=4096;' <<<"$nginx" &&
    [[ $(inside sh -c 'grep -hx "Backlog=4096" /etc/systemd/system/parley-*.socket | wc -l') == 4 ]]
}

logs_are_rotated() {
  says_version "$before" && inside logrotate --force /etc/logrotate.d/nginx && says_version "$before" &&
    wait_for 10 inside grep -q 'uri="/api/health"' /var/log/nginx/access.log && inside test -s /var/log/nginx/access.log.1
}

# What somebody else has put there: before the first run, and still at the end.
firewall() {
  ip netns exec "$machine_netns" nft list ruleset
}

firewall_is_as_it_was() {
  diff "$work/firewall" <(firewall)
}

no_failed_units() {
  local said
  said=$(inside systemctl --failed --plain --no-legend | grep -E 'parley|nginx|postgres') || true
  [[ -z $said ]] || { echo "$said"; return 1; }
}

step_smoke() {
  check 'the smoke test through nginx with TLS' smoke "$machine_address" || true
}

well() {
  inside parley status
}

backup_is_made_at_night() {
  inside systemctl start parley-backup.service && inside sh -c 'ls -l /var/backups/parley; [ "$(find /var/backups/parley -name "parley-*.dump" -user parley-backup -perm 640 | wc -l)" -ge 1 ]' &&
    inside systemctl list-timers parley-backup.timer | grep -q parley-backup && inside journalctl -o cat -u parley-backup | grep 'msg="a dump is made"'
}

# What Prometheus would get of the host: at once, and not a minute later.
host_metrics() {
  inside systemctl start parley-metrics.service && inside node -e '
    require("https").get({ host: "127.0.0.1", servername: "'"$name"'", headers: { host: "'"$name"'" }, path: "/metrics/host", rejectUnauthorized: false },
      (answer) => { answer.pipe(process.stdout); process.exitCode = answer.statusCode === 200 ? 0 : 1 })' | tee "$work/host.prom" &&
    promtool check metrics <"$work/host.prom" && grep -q '^parley_backup_last_timestamp_seconds [0-9]' "$work/host.prom" && grep -q '^parley_certificate_ends_timestamp_seconds [0-9]' "$work/host.prom" &&
    grep -q '^parley_host_up{part="database"} 1' "$work/host.prom"
}

# Of what is not as it should be: in this machine that is what the host does not give.
doctor_is_content() {
  local said
  said=$(inside parley doctor) || true
  echo "$said"
  ! grep '^BAD' <<<"$said" | grep -v -e 'may hold only .* descriptors' -e 'nobody keeps the clock right' -e 'may track only' && grep -q '^ok  only nginx may reach the 4 sockets' <<<"$said"
}

step_operate() {
  check 'a dump is made' backup_is_made_at_night || true
  check 'parley status: all is well' well || true
  check 'the metrics of the host come through nginx' host_metrics || true
  check 'parley doctor finds nothing but what this machine cannot give' doctor_is_content || true
  check 'moderation by parley admin' inside parley admin do=stats || true
}

restart_all() {
  inside sh -c 'for i in 1 2 3; do for name in api stream image; do systemctl restart parley-$name || exit 1; done; done'
}

step_restart() {
  PATIENT=no check 'nine restarts under load refuse and lose nothing' talking "$machine_address" restart_all || true
}

# What hangs is as good as dead: only the watchdog can tell.
kill_and_hang() {
  inside sh -c 'processes() { systemctl show -P MainPID parley-api parley-stream parley-image | grep .; }
    for name in api stream image; do systemctl kill -s KILL parley-$name; done
    for i in $(seq 100); do ! processes | grep -qx 0 && break; sleep 0.1; done
    hanging=$(processes)
    for name in api stream image; do systemctl kill -s STOP parley-$name; done
    for i in $(seq 90); do processes | grep -qxF "$hanging" || exit 0; sleep 1; done
    echo "these hang and nobody did anything:"; processes | grep -xF "$hanging"; exit 1'
}

step_kill() {
  check 'killed and hanging programs come back, and nothing is lost' talking "$machine_address" kill_and_hang || true
}

step_upgrade() {
  check "an upgrade to $commit under load loses nothing" talking "$machine_address" site upgrade || true
  show_talk
  check 'https answers with the new version' says_version "$commit" || true
  check 'the smoke test after the upgrade' smoke "$machine_address" || true
}

step_back() {
  check 'one version back, under load' talking "$machine_address" at "$before" site back-one || true
  check 'https answers with that version' says_version "$before" || true
  check 'the smoke test of its programs on the newer schema' smoke "$machine_address" || true
  check 'and forward again' site forward || true
}

break_migration() {
  ! site broken || { echo 'the playbook passed'; return 1; }
  inside test "$(inside readlink /opt/parley/current)" = "/opt/parley/$commit"
}

step_broken() {
  echo 'create table data.half (id int); select 1 / 0;' >>"$work/checkout/sql/seed.sql"
  in_checkout commit -qam 'a migration that fails'
  check 'a migration that fails stops the playbook, under load, and loses nothing' talking "$machine_address" break_migration || true
  check 'the old version runs on' says_version "$commit" || true
  check 'nothing half-made is in the database' nothing_half_made || true
  in_checkout reset -q --hard "$commit"
}

nothing_half_made() {
  [[ $(inside runuser -u postgres -- psql -XAtd parley -c "select to_regclass('data.half') is null") == t ]]
}

step_size() {
  check '100, 1,000 and 10,000 streams over TLS: what they take' with_hosts "$machine_address" node deploy/test/size.mjs || true
  grep -h -e '^at rest' -e '^[0-9]* streams' "$work"/log/100--1-000*.log | sed 's/^/     /' || true
}

uploads_are_off() {
  [[ $(inside sh -c 'ls /etc/systemd/system | grep -c parley-image') == 0 ]] && inside test ! -S /run/parley/image.sock
}

step_images() {
  check 'without pictures: the program goes' site no-images -e parley_images=false || true
  check 'without pictures: nothing of it is left' uploads_are_off || true
  IMAGES=no check 'without pictures: the smoke test' smoke "$machine_address" || true
  check 'with pictures again' site images-again || true
}

# The same cluster, but by TCP and passwords, as somebody would have it who has a PostgreSQL already.
elsewhere=(-e parley_database_host=127.0.0.1 -e parley_database_options=sslmode=disable -e parley_database_admin_password=geheim-p
  -e '{"parley_database_passwords":{"parley_api":"geheim-a","parley_stream":"geheim:s","parley_image":"geheim\\i","parley_backup":"geheim-b","parley_admin":"geheim-d","parley_moderator":"geheim-m"}}')

step_elsewhere() {
  inside runuser -u postgres -- psql -XAtqc "alter role postgres password 'geheim-p'"
  check 'a PostgreSQL that is there already, by TCP and passwords' site elsewhere "${elsewhere[@]}" || true
  check 'the smoke test with it' smoke "$machine_address" || true
  check 'a second run with it' site elsewhere-second "${elsewhere[@]}" || true
  check 'a second run with it changes nothing' changes_nothing elsewhere-second || true
  check 'no password was printed, nor stands in a unit' no_password_shown || true
  check 'back to the one by peer' site elsewhere-back || true
}

no_password_shown() {
  ! grep -l geheim "$work"/log/elsewhere*.log && ! inside grep -rl geheim /etc/systemd /opt/parley/current/nginx /etc/nginx
}

step_certbot() {
  inside sh -c 'cat >/usr/local/bin/certbot && chmod 755 /usr/local/bin/certbot' <deploy/test/certbot
  check 'a certificate of its own making, as before the name leads here' site selfsigned -e parley_tls=selfsigned || true
  check 'a certificate by a stand-in for certbot, whose challenge is answered' site certbot -e parley_tls=certbot || true
  check 'https shows that certificate' says_version "$commit" || true
  check 'a second run with it' site certbot-second -e parley_tls=certbot || true
  check 'a second run with it changes nothing' changes_nothing certbot-second || true
  check 'back to a certificate from files' site certbot-back || true
  inside rm -rf /usr/local/bin/certbot /etc/letsencrypt
}

# --- The runbooks: what deploy/README.md says is what is done ----------------------------------------------------------------

as_written() { # HEADING
  local code
  code=$(written "$1") || return 1
  echo "$code"
  inside bash -euxo pipefail -c "$code"
}

says_of_itself() { # PATTERN
  local said
  said=$(inside parley status) && { echo "all is well: $said"; return 1; }
  echo "$said"
  grep -qE "^! .*$1" <<<"$said"
}

posts() { # STATUS
  local token status
  token=$(post_something /api/session/guest 'Content-Type: application/json' "{\"name\":\"someone $RANDOM$RANDOM\"}" | sed 's/.*"token":"\([^"]*\)".*/\1/')
  status=$(post_something /api/rooms/1/messages 'Content-Type: text/plain' 'is it well?' -H "Authorization: Bearer ${token:-none}" -o /dev/null -w '%{http_code}')
  [[ $status == "$1" ]] || { echo "posting gives $status"; return 1; }
}

post_something() { # PATH HEADER BODY CURL-ARGUMENTS...
  local path=$1 header=$2 body=$3
  shift 3
  curl -s --cacert "$work/certificate.pem" --resolve "$name:443:$machine_address" "https://$name$path" -H "$header" -d "$body" "$@"
}

# A disk of its own for PostgreSQL, so small that it can be filled.
small_disk() {
  inside sh -euc 'systemctl stop postgresql@15-main; mv /var/lib/postgresql /var/lib/postgresql.large; mkdir /var/lib/postgresql
    mount -t tmpfs -o size=$(($(du -sm /var/lib/postgresql.large | cut -f1) + 60))m tmpfs /var/lib/postgresql
    cp -a /var/lib/postgresql.large/. /var/lib/postgresql/; systemctl start postgresql@15-main
    dd if=/dev/zero of=/var/lib/postgresql/filler bs=1M status=none 2>/dev/null || true'
}

large_disk() {
  inside sh -euc 'systemctl stop postgresql@15-main; rm -f /var/lib/postgresql/filler; rm -rf /var/lib/postgresql.large/15; cp -a /var/lib/postgresql/15 /var/lib/postgresql.large/
    umount /var/lib/postgresql; rmdir /var/lib/postgresql; mv /var/lib/postgresql.large /var/lib/postgresql; systemctl start postgresql@15-main'
}

no_longer_posts() {
  local i
  for ((i = 0; i < 3000; i++)); do posts 201 >/dev/null || return 0; done
  echo 'the disk is full, and posting goes on'
  return 1
}

step_runbooks() {
  check 'a full disk: what is wrong is told' small_disk || true
  check 'a full disk: parley status names it' says_of_itself 'disk of /var/lib/postgresql is nearly full' || true
  check 'a full disk: the runbook' as_written 'The disk is full' || true
  inside rm -f /var/lib/postgresql/filler
  check 'a full disk: with room again posting goes on' wait_for 10 posts 201 || true
  check 'a full disk: the large one is back' large_disk || true

  inside systemctl stop postgresql@15-main
  check 'PostgreSQL away: parley status says so' says_of_itself 'PostgreSQL cannot be asked' || true
  check 'PostgreSQL away: the runbook' as_written 'PostgreSQL is away' || true
  check 'PostgreSQL away: posting goes on' wait_for 10 posts 201 || true

  check 'a certificate that ends: parley status says so' certificate_ends || true
  give_certificate "$machine"
  check 'a certificate that ends: the runbook' as_written 'The certificate has expired' || true
  check 'a certificate that ends: all is well' wait_for 10 well || true

  check 'a raid: somebody is there' make_person mallory || true
  check 'a raid: the runbook' as_written 'A raid' || true
  check 'a leaked token: its owner is there' make_person ana || true
  check 'a leaked token: the runbook' as_written 'A leaked token' || true
  check 'a leaked token: it opens nothing' token_opens_nothing || true
  check 'a lost password: the runbook' as_written 'A lost admin password' || true
}

certificate_ends() {
  inside sh -euc 'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN='"$name"'" -keyout /etc/ssl/private/chat.key -out /etc/ssl/chat.pem 2>/dev/null
    systemctl reload nginx'
  wait_for 10 says_of_itself 'the certificate ends in'
}

make_person() { # NAME
  post_something /api/users 'Content-Type: application/json' "{\"name\":\"$1\",\"password\":\"correct horse battery\"}" | tee "$work/log/person.json" | grep -q '"token"'
}

token_opens_nothing() {
  local token status
  token=$(sed 's/.*"token" *: *"\([^"]*\)".*/\1/' "$work/log/person.json")
  status=$(curl -s --cacert "$work/certificate.pem" --resolve "$name:443:$machine_address" "https://$name/api/me" -H "Authorization: Bearer $token" -o /dev/null -w '%{http_code}')
  [[ $status == 401 ]] || { echo "it gives $status"; return 1; }
}

# pgBackRest counts in seconds: to one in which the backup ended it does not go back.
is_after_the_backup() {
  inside sh -c "[ \$(date +%s) -gt \$(runuser -u postgres -- pgbackrest --stanza=parley --output=json info | grep -o '\"stop\":[0-9][0-9]*' | tail -n 1 | cut -d: -f2) ]"
}

# Messages before a moment are there after it, later ones are not.
back_to_a_moment() {
  local moment
  posts 201 && wait_for 5 is_after_the_backup || return 1
  moment=$(inside runuser -u postgres -- psql -XqAtd parley -c 'select clock_timestamp()') || return 1
  inside runuser -u postgres -- psql -XqAtd parley -c 'select count(*) from data.message' >"$work/count.before"
  posts 201 && posts 201 || return 1
  inside runuser -u postgres -- psql -XqAtd postgres -c 'select pg_switch_wal()'
  inside env moment="$moment" bash -euxo pipefail -c "$(written 'Back to a moment')" && wait_for 10 posts 201 || return 1
  [[ $(inside runuser -u postgres -- psql -XqAtd parley -c 'select count(*) from data.message') == $(($(cat "$work/count.before") + 1)) ]]
}

step_moment() {
  check 'pgBackRest by the runbook' as_written 'To any point in time' || return 0
  check 'the database goes back to a moment' back_to_a_moment || true
  inside sh -c 'systemctl disable --now pgbackrest.timer; rm -rf /etc/postgresql/15/main/conf.d/pgbackrest.conf /etc/systemd/system/pgbackrest.*; systemctl daemon-reload
    systemctl restart postgresql@15-main; apt-get purge -y pgbackrest; rm -rf /var/lib/pgbackrest' >"$work/log/no-pgbackrest.log" 2>&1
}

# --- A dump on an empty host ------------------------------------------------------------------------------------------------

# Every table, row by row, and where the sequences stand; sessions without when they were last used, presence not at all.
every_table() {
  inside runuser -u postgres -- psql -XqAtd parley <<'SQL'
select format('select %L, count(*), md5(string_agg(t::text, E''\n'' order by t::text)) from data.%I t', relname, relname)
from pg_class where relnamespace = 'data'::regnamespace and relkind = 'r' and relpersistence = 'p' order by relname
\gexec
select format('select %L, last_value from data.%I', relname, relname)
from pg_class where relnamespace = 'data'::regnamespace and relkind = 'S' order by relname
\gexec
SQL
}

# To another host, by way of this one: the machine is emptied in between. Nothing writes while the tables are looked at.
leave_with_dump() {
  inside systemctl stop 'parley-*.socket' parley-api parley-stream parley-image
  every_table >"$work/tables.before"
  [[ $(wc -l <"$work/tables.before") -gt 25 ]] || { echo 'where are the tables?'; return 1; }
  as_written 'Moving to a bigger host' && programs_start && with_hosts "$machine_address" node deploy/test/cursor.mjs lose "$work/cursor" || return 1
  inside cat /root/parley.dump >"$work/parley.dump"
  site leave -e parley_state=absent -e parley_remove_data=true && inside rm -rf /var/backups/parley /root/parley.dump
}

arrive_with_dump() {
  site arrive || return 1
  inside sh -c 'cat >/root/parley.dump' <"$work/parley.dump"
  inside systemctl stop nginx 'parley-*.socket' parley-api parley-stream parley-image
  as_written 'On the bigger host'
}

tables_are_the_same() {
  every_table >"$work/tables.after"
  diff "$work/tables.before" "$work/tables.after"
}

programs_start() {
  inside systemctl start parley-api parley-stream parley-image nginx
  wait_for 10 posts 201
}

step_restore() {
  check 'a reader before the dump' with_hosts "$machine_address" node deploy/test/cursor.mjs take "$work/cursor" || true
  check 'a dump, and messages that it has not' leave_with_dump || return 0
  check 'the dump on an empty host, by the runbook' arrive_with_dump || true
  check 'every table is as it was' tables_are_the_same || true
  check 'and it runs' programs_start || true
  check 'readers of what is lost start afresh, others go on' with_hosts "$machine_address" node deploy/test/cursor.mjs use "$work/cursor" || true
  check 'the smoke test after it' smoke "$machine_address" || true
}

nothing_left() {
  local left
  left=$(inside sh -c 'ls -d /etc/systemd/system/parley* /opt/parley /etc/parley /run/parley /var/lib/parley /etc/nginx/parley /usr/local/bin/parley 2>/dev/null
    grep -l parley /etc/passwd /etc/nginx/nginx.conf /etc/postgresql/15/main/pg_hba.conf /etc/postgresql/15/main/pg_ident.conf
    systemctl list-units --state=active,failed --plain --no-legend "parley*"; systemctl list-unit-files --no-legend "parley*"; dpkg --verify nginx nginx-common postgresql-15') || true
  [[ -z $left ]] || { echo "$left"; return 1; }
}

step_uninstall() {
  check 'the way out' site absent -e parley_state=absent || true
  check 'nothing is left but the data' nothing_left || true
  check 'the data are there' inside runuser -u postgres -- psql -XAtd parley -c 'select count(*) from data.message' || true
  check 'it can come back, with its data' site back || true
  check 'a message of before is there' has_messages || true
  check 'the way out with the data' site absent-data -e parley_state=absent -e parley_remove_data=true || true
  check 'nothing at all is left' nothing_at_all || true
}

has_messages() {
  (($(inside runuser -u postgres -- psql -XAtd parley -c 'select count(*) from data.message') > 0))
}

nothing_at_all() {
  nothing_left
  [[ $(inside runuser -u postgres -- psql -XAtc "select (select count(*) from pg_database where datname = 'parley') + (select count(*) from pg_roles where rolname ~ '^parley')") == 0 ]]
}

say_what_was_not_tested() {
  echo
  echo 'Not tested here:'
  echo '  - a certificate by the real certbot: takes a public name, and a CA that can reach it'
  echo '  - 100,000 streams: takes clients on other machines; the limits are set, not reached'
  local files
  files=$(inside sed -n 's/^LimitNOFILE=//p' /etc/systemd/system/parley-stream.service 2>/dev/null) || files=''
  if (($(ulimit -Hn) < 130000)); then echo "  - LimitNOFILE above $(ulimit -Hn), which is all that this machine gives to anybody (the unit asks for ${files:-more})"; fi
  echo '  - a kernel of its own: the machine is a container, so IPAddressDeny and memory limits need not be in force in it'
}
