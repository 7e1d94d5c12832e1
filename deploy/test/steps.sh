# shellcheck shell=bash disable=SC2154,SC2034 # work, passed and failed belong to who sources this
# How steps are told: a line for each, and the end of what a failed one said. Sourced by run and fresh, which set
#   work             the folder of this run; what a step says goes to log/ in it, and checkout/ is what is tested
#   passed, failed   0, to begin with
# A step whose failure leaves nothing to test after it returns 1; all others count what failed and go on.

die() {
  echo "$*" >&2
  exit 1
}

ok() {
  echo "ok   $*"
  passed=$((passed + 1))
}

bad() {
  echo "FAIL $*"
  failed=$((failed + 1))
}

# check TEXT COMMAND...: passes when COMMAND does; shows the end of what it said otherwise.
check() {
  local text=$1 log
  log=$work/log/$(printf %s "$1" | tr -c 'A-Za-z0-9' -).log
  shift
  if "$@" >"$log" 2>&1; then
    ok "$text"
  else
    tail -n 25 "$log" | sed 's/^/     /'
    bad "$text (all of it in $log)"
    return 1
  fi
}

# The shell that stands under a heading of deploy/README.md, for root on the server.
written() { # HEADING
  local code
  code=$(awk -v heading="### $1" '$0 == heading { here = 1; next } /^##/ { here = 0 } here && /^ *```sh/ { code = 1; next } /^ *```/ { code = 0 } here && code' \
    "$work/checkout/deploy/README.md")
  [[ -n $code ]] || { echo "the page says nothing under $1" >&2; return 1; }
  echo "$code"
}
