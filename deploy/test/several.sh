# shellcheck shell=bash disable=SC2154 # work, name and the machines belong to who sources this
# What `make test-ha` does to its machines, step by step. Sourced by ha.

all_steps='up dump look switch kill return node'

take_commit() {
  in_checkout fetch -q origin HEAD
  in_checkout checkout -q --detach --force FETCH_HEAD
}

# --- Who leads --------------------------------------------------------------------------------------------------------------

cluster() { # HOST: a line NAME ROLE STATE for each member, as HOST sees it
  on "$1" python3 -c '
import json, urllib.request
for member in json.load(urllib.request.urlopen("http://'"${machine_addresses[$1]}"':8008/cluster", timeout=5))["members"]:
    print(member["name"], member["role"], member["state"])'
}

leader() { # seen from HOST
  cluster "$1" | awk '$2 == "leader" { print $1 }'
}

other() {
  if [[ $1 == db1 ]]; then echo db2; else echo db1; fi
}

leads() { # HOST
  [[ $(leader "$1" 2>/dev/null) == "$1" ]]
}

has_standby() { # HOST: one that has every commit
  cluster "$1" 2>/dev/null | grep -q ' sync_standby '
}

# --- Steps ------------------------------------------------------------------------------------------------------------------

step_up() {
  check 'two hosts of PostgreSQL by the playbook' playbook cluster cluster.yml || return 1
  check 'two hosts of Parley by the playbook' playbook site site.yml || return 1
  check 'the same again' playbook cluster-again cluster.yml || true
  check 'changes nothing in the cluster' changes_nothing cluster-again || true
  check 'and again' playbook site-again site.yml || true
  check 'changes nothing in Parley' changes_nothing site-again || true
}

no_password_printed() {
  ! grep -l geheim "$work"/log/cluster*.log "$work"/log/site*.log
}

step_look() {
  local host
  for host in app1 app2; do
    check "$host: the smoke test" smoke "${machine_addresses[$host]}" || true
    check "$host: parley status: all is well" on "$host" parley status || true
  done
  check 'one of the hosts has every commit' has_standby db1 || true
  check 'no password was printed' no_password_printed || true
}

as_written() { # HOST HEADING
  local code
  code=$(written "$2") || return 1
  on "$1" env PGPASSWORD=geheim-p bash -euxo pipefail -c "$code"
}

step_dump() {
  check 'a dump of the cluster' on app1 sh -c 'parley backup && cp "$(ls -t /var/backups/parley/*.dump | head -n 1)" /root/parley.dump' || return 0
  check 'is restored into it, by the runbook' as_written app1 'Splitting to several' || true
  check 'and it runs, on the other host too' wait_for 10 on app2 parley status || true
}

# As one does it before the host that leads is taken down for a while.
switch_over() {
  local from to
  from=$(leader db1) to=$(other "$from")
  on "$from" patronictl -c /etc/patroni/config.yml switchover --master "$from" --candidate "$to" --force
  wait_for 60 leads "$to" && wait_for 60 has_standby "$to"
}

step_switch() {
  check 'the lead changes hands under load, and nothing is lost' talking "$both" switch_over || true
  show_talk
}

kill_leader() {
  local from to
  from=$(leader db1) to=$(other "$from")
  echo "$from" >"$work/killed"
  machine_kill "$from"
  wait_for 90 leads "$to"
}

step_kill() {
  check 'the host that leads is gone in the middle of it, and nothing that was acknowledged is lost' talking "$both" kill_leader || true
  show_talk
}

come_back() {
  local host
  host=$(cat "$work/killed")
  machine_boot "$host"
  wait_for 120 has_standby "$(other "$host")"
}

step_return() {
  check 'the host that was gone comes back, and has every commit again' talking "$both" come_back || true
  show_talk
  check 'parley status: nothing is wrong but what was refused meanwhile' well_but_for_refusals || true
}

well_but_for_refusals() {
  local said
  said=$(on app1 parley status) || true
  echo "$said"
  [[ -n $said ]] && ! grep '^! ' <<<"$said" | grep -v 'requests failed since the start'
}

# The name leads to both: who loses one goes to the other.
lose_node() {
  machine_kill app2
}

step_node() {
  check 'app2 is gone in the middle of it, and nothing is lost' talking "$both" lose_node || true
  show_talk
}

