# Shared by the tool tests; source it with the program as the first argument of the test.
# Makes $work (removed at the end), sets $program, $root and $samples, and stops what start_server started.
# shellcheck shell=bash
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program=$(realpath "${1:?the program}")
samples=$root/tests/data npm=$root/tests/npm
work=$(mktemp -d)
server_pid=
port=
server_env=()

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

# start_server DATA [ARGUMENT...]: sets $base; returns when the server is ready. The port stays the same from one start to
# the next, so that clients find the server again. What stands in the array server_env is set for the server alone.
start_server() {
  local data=$1
  shift
  port=${port:-$(free_port)}
  base=http://127.0.0.1:$port
  env "${server_env[@]}" timeout 280 "$program" serve --data "$data" --listen "127.0.0.1:$port" "$@" >>"$work/server.log" 2>&1 &
  server_pid=$!
  for _ in $(seq 600); do
    curl -sf -o /dev/null "$base/readyz" && return 0
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 0.05
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

# List, checkpoint and feed that the server at $base shows are of one generation. To be asked when nothing is published,
# or another publication may fall between two downloads.
one_generation() {
  curl -sSf -o "$work/list.json" "$base/v1/list.json"
  curl -sSf -o "$work/checkpoint" "$base/log/checkpoint"
  curl -sSf -o "$work/feed" "$base/v1/events.atom"
  local ver
  ver=$(jq .ver "$work/list.json")
  grep -q " ver=\"$ver\"" "$work/feed" || return 1
  [[ $(jq -j .checkpoint "$work/list.json" | sha256sum) == $(sha256sum <"$work/checkpoint") ]]
}

# The data folder contradicts itself nowhere.
fsck() { expect "fsck $1" "$program" fsck --data "$1"; }
