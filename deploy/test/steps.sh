# shellcheck shell=bash disable=SC2154 # work, all_steps, passed and failed belong to who sources this
# How steps are told: a line for each, and the end of what a failed one said. Sourced by run, ha and fresh, which set
#   work             the folder of this run; what a step says goes to log/ in it, and checkout/ is what is tested
#   all_steps        their names, in order; a step NAME is the function step_NAME
#   passed, failed   0, to begin with
# A step whose failure leaves nothing to test after it returns 1; all others count what failed and go on.

die() {
  echo "$*" >&2
  exit 1
}

check_tools() { # TARGET
  [[ $(id -u) == 0 ]] || die "$1: booting a machine takes root, so please run: sudo make $1"
  deploy/dev/install deploy
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

# run_steps [STEP...]: those of all_steps that are named, or all.
run_steps() {
  local step wanted=${*:-$all_steps}
  for step in $all_steps; do
    [[ " $wanted " == *" $step "* ]] || continue
    echo "--- $step"
    "step_$step" || break
  done
}

# conclude [FILE]: the sum. With KEEP=1 steps that somebody names are run once more, those of FILE as they are written by then, of what is
# committed by then; an empty line ends it.
conclude() {
  local wanted
  echo
  echo "$passed passed, $failed failed"
  while [[ ${KEEP:-} ]]; do
    echo "The machines are${PARLEY_TEST_LEADERS:+ (name=first process) $PARLEY_TEST_LEADERS}; steps to run once more, or Enter to end them:"
    read -r wanted && [[ $wanted ]] || break
    # shellcheck source=/dev/null
    [[ -z ${1:-} ]] || { source deploy/test/playbook.sh && source "$1" && take_commit; }
    passed=0 failed=0
    # shellcheck disable=SC2086 # words on purpose
    run_steps $wanted
    echo "$passed passed, $failed failed"
  done
  ((failed == 0 && passed > 0))
}

finish() {
  local status=$?
  trap '' INT TERM
  machines_down
  find "$work" -mindepth 1 -maxdepth 1 ! -name log -exec rm -rf {} +
  [[ $status != 0 ]] || rm -rf "$work"
}
