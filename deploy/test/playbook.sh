# shellcheck shell=bash disable=SC2154 # work, root, name and the machines belong to who sources this
# What run and ha have in common: playbooks from the checkout, a certificate, people who talk meanwhile. Sourced by both.

in_checkout() {
  git -C "$work/checkout" -c user.name=test -c user.email=test@test.invalid -c commit.gpgsign=false "$@"
}

make_checkout() {
  mkdir -p "$work/log" "$cache/packages/partial"
  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
  [[ -z $(git status --porcelain) ]] || echo 'note: what is not committed is not tested'
  git clone -q "$root" "$work/checkout"
}

make_certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj "/CN=$name" -addext "subjectAltName=DNS:$name" \
    -keyout "$work/key.pem" -out "$work/certificate.pem" 2>"$work/log/openssl.log"
}

give_certificate() { # HOST
  on "$1" mkdir -p /etc/ssl/private
  on "$1" sh -c 'cat >/etc/ssl/chat.pem' <"$work/certificate.pem"
  on "$1" sh -c 'umask 077; cat >/etc/ssl/private/chat.key' <"$work/key.pem"
}

# playbook LOG PLAYBOOK ARGUMENTS...
playbook() {
  local log=$work/log/$1.log playbook=$2
  shift 2
  ANSIBLE_NOCOLOR=1 ANSIBLE_LOCALHOST_WARNING=0 ANSIBLE_SSH_PIPELINING=1 ANSIBLE_SSH_EXECUTABLE=$root/deploy/test/ssh \
    ANSIBLE_SSH_TRANSFER_METHOD=piped ANSIBLE_HOST_KEY_CHECKING=0 \
    ansible-playbook -i "$work/inventory" "$work/checkout/deploy/ansible/$playbook" "$@" >"$log" 2>&1 </dev/null || {
    local status=$?
    grep -A 12 -m 1 -E '^(fatal|failed|ERROR)' "$log" | cut -c1-2000 || tail -n 5 "$log"
    return $status
  }
}

changes_nothing() { # LOG
  ! grep -E '^changed: ' -B 3 "$work/log/$1.log" || return 1
  grep -q 'changed=0 ' "$work/log/$1.log" && ! grep -E 'changed=[1-9]|failed=[1-9]' "$work/log/$1.log"
}

# wait_for SECONDS COMMAND...
wait_for() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

# with_hosts 'ADDRESS...' COMMAND...: for clients, which go to and fro between these by the name that all of them have.
with_hosts() {
  local addresses=$1
  shift
  MACHINE=$addresses NAME=$name CERTIFICATE=$work/certificate.pem "$@"
}

smoke() { # ADDRESS
  with_hosts "$1" node --test deploy/test/smoke.test.mjs
}

# talking 'ADDRESS...' COMMAND...: people write and read there while COMMAND runs, and judge afterwards.
talking() {
  local addresses=$1 status=0 people
  shift
  mkfifo "$work/stop.$$"
  with_hosts "$addresses" node deploy/test/load.mjs <"$work/stop.$$" >"$work/log/talk.log" 2>&1 &
  people=$!
  exec 8>"$work/stop.$$"
  rm "$work/stop.$$"
  until grep -q 'under way' "$work/log/talk.log"; do
    kill -0 $people 2>/dev/null || { cat "$work/log/talk.log"; exec 8>&-; return 1; }
    sleep 0.1
  done
  "$@" || status=$?
  exec 8>&-
  wait $people || status=$?
  cat "$work/log/talk.log"
  return $status
}

# How much they said, and for how long they could not.
show_talk() {
  grep -h -E 'acknowledged|away' "$work/log/talk.log" | sed 's/^/     /' || true
}
