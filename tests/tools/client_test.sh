#!/usr/bin/env bash
# The clients of docs/examples, curl and Python, over a way that refuses, limits and loses answers: each files once, keeps
# the receipt that the list names, and learns the decision.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

data=$work/register examples=$root/docs/examples
new_register "$data" "$samples/operator-list.csv"
start_server "$data"
proxy_port=$(free_port)
proxy=http://127.0.0.1:$proxy_port
node "$npm/flaky-proxy.mjs" "$base" "$proxy_port" >"$work/proxy.log" &
proxy_pid=$!
trap 'kill "$proxy_pid" 2>/dev/null || :; finish' EXIT
until grep -q ready "$work/proxy.log"; do sleep 0.1; done

service=L25-0004
ISMAP_LIU_TOKEN=$("$program" token issue --data "$data" --role registrant --organisation 株式会社架空 --service "$service" --json | jq -r .token)
export ISMAP_LIU_TOKEN
filings() { curl -sSf -H "Authorization: Bearer $ISMAP_LIU_TOKEN" "$base/v1/filings"; }

# decide_when_received RECEIPT DECISION: once the client has its receipt.
decide_when_received() {
  until [[ -s $1 ]]; do sleep 0.1; done
  "$program" decide --data "$data" --role operator "$(filings | jq -r '.items[-1].id')" "$2" --article 14.2 --reason 確認した
}

# client NAME COMMAND...: an acceptance and a return.
client() {
  local name=$1 count
  shift
  say "$name: accepted"
  count=$(filings | jq .total)
  printf '{"url": "https://%s.example.jp/"}' "$name" >"$work/$name.json"
  decide_when_received "$work/$name.jwt" accept >"$work/decided" &
  expect "$name" "$@" "$proxy" "$service" "$work/$name.json" 試験 "$work/$name.jwt" 60
  wait $!
  grep -q '^11.5(2) /url: .* → https' "$work/last" || { cat "$work/last"; fail "$name: no difference shown"; }
  grep -q ' accepted (14.2): 確認した$' "$work/last" || { cat "$work/last"; fail "$name: not accepted"; }
  [[ $(filings | jq .total) == $((count + 1)) ]] || fail "$name filed more than once"
  [[ $(curl -sSf "$base/v1/services/$service/history" | jq -r '.events[-1].receipt') == "$(sha256sum <"$work/$name.jwt" | cut -d' ' -f1)" ]] ||
    fail "$name: the list names another receipt"

  say "$name: returned"
  printf '{"url": "https://%s.example.jp/again"}' "$name" >"$work/$name.json"
  decide_when_received "$work/$name.again.jwt" return >"$work/decided" &
  refuse "$name: a returned filing" "$@" "$base" "$service" "$work/$name.json" 試験 "$work/$name.again.jwt" 60
  wait $!
  grep -q ' returned ' "$work/last" || { cat "$work/last"; fail "$name: not returned"; }

  say "$name: every mistake by its article, and nothing is kept"
  count=$(filings | jq .total)
  printf '{"url": "no URL", "expires_on": "2030-01-01"}' >"$work/$name.json"
  refuse "$name: mistakes" "$@" "$base" "$service" "$work/$name.json" 試験 "$work/none.jwt"
  grep -q '^/changes/url 11.5(2) ' "$work/last" && grep -q '^/changes/expires_on 11.5(5) ' "$work/last" ||
    { cat "$work/last"; fail "$name does not say what is wrong"; }
  [[ $(filings | jq .total) == "$count" && ! -e $work/none.jwt ]] || fail "$name: something is kept"
}

client curl bash "$examples/file-a-change.sh"
client python python3 "$examples/file_a_change.py"
grep -q "$ISMAP_LIU_TOKEN" "$work/server.log" && fail "the token is in the log"
fsck "$data"
say good
