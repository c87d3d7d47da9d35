# Shared by the tool tests; source it with the program as the first argument of the test.
# Makes $work (removed at the end), sets $program, $root and $samples, and stops what start_server started.
# shellcheck shell=bash
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program=$(realpath "${1:?the program}")
samples=$root/tests/data npm=$root/tests/npm
work=$(mktemp -d)
server_pid=

finish() {
  local status=$?
  stop_server
  ((status == 0)) || { [[ -f $work/server.log ]] && tail -n 20 "$work/server.log" >&2; echo "failed with $status" >&2; }
  rm -rf "$work"
}
trap finish EXIT

say() { printf '%s\n' "-- $*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# expect WHAT COMMAND...: the command succeeds.
expect() {
  local what=$1
  shift
  "$@" >"$work/last" 2>&1 || { cat "$work/last" >&2; fail "$what"; }
}

# refuse WHAT COMMAND...: the command fails, by an exit of its own and not by a signal.
refuse() {
  local what=$1 status=0
  shift
  "$@" >"$work/last" 2>&1 || status=$?
  ((status != 0 && status < 126)) || { cat "$work/last" >&2; fail "not refused (exit $status): $what"; }
}

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# start_server DATA [ARGUMENT...]: sets $base; returns when the list is served.
start_server() {
  local data=$1 port
  shift
  port=$(free_port)
  base=http://127.0.0.1:$port
  timeout 280 "$program" serve --data "$data" --listen "127.0.0.1:$port" "$@" >"$work/server.log" 2>&1 &
  server_pid=$!
  for _ in $(seq 150); do
    curl -sf -o /dev/null "$base/v1/list.json" && return 0
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 0.2
  done
  fail "the server did not come up"
}

stop_server() {
  [[ -n $server_pid ]] || return 0
  kill "$server_pid" 2>/dev/null || :
  wait "$server_pid" || :
  server_pid=
}

# new_register DATA [FILE]: init, and import of FILE.
new_register() {
  expect init "$program" init --data "$1" --origin liu.example.jp/log
  [[ -z ${2-} ]] || expect "import $2" "$program" import --data "$1" "$2"
}

# The data folder contradicts itself nowhere.
fsck() { expect "fsck $1" "$program" fsck --data "$1"; }
