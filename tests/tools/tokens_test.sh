#!/usr/bin/env bash
# Tokens, rates and the log of the real server: issue, last use, rotation from both sides; who comes too often or with
# tokens that do not hold is told to wait; nothing that a client sends gets into the log but its address.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

data=$work/register mark=mark7f3a
new_register "$data" "$samples/operator-list.csv"
service=$("$program" export --data "$data" "$work/site" >/dev/null && jq -r '.records[0].record.id' "$work/site/v1/list.json")

# ask ADDRESS TOKEN PATH [CURL ARGUMENT...]: as the proxy would pass it on; sets $status; the answer is in $work/answer,
# its head in $work/head.
ask() {
  status=$(curl -sS -o "$work/answer" -D "$work/head" -w '%{http_code}' -H "X-Forwarded-For: $1" -H "Authorization: Bearer $2" \
    "${@:4}" "$base$3")
}
expect_status() { [[ $status == "$1" ]] || { cat "$work/answer" >&2; fail "$2: $status, not $1"; }; }
retry_after() { tr -d '\r' <"$work/head" | sed -n 's/^retry-after: //Ip'; }
# too_often ADDRESS TOKEN PATH: some of many requests are told to wait, and the others answered.
too_often() {
  local told=0
  for _ in $(seq 40); do
    ask "$1" "$2" "$3"
    if [[ $status == 429 ]]; then told=$((told + 1)); else expect_status 200 "$3"; fi
  done
  ((told > 0)) || fail "$3: 40 requests and none was too many"
}

say "settings: every mistake at once, and no server"
echo '{"rate": {"token": {"per_second": 0, "brust": 5}}, "trusted_proxies": ["proxy"], "port": 1}' >"$work/wrong.json"
wrong=0
"$program" serve --data "$data" --listen 127.0.0.1:0 --config "$work/wrong.json" >"$work/last" 2>&1 || wrong=$?
((wrong == 2)) || fail "wrong settings end with $wrong, not 2"
for place in /port /rate/token/brust /rate/token/per_second /trusted_proxies/0; do
  grep -q "ismap-liu: $place: " "$work/last" || { cat "$work/last" >&2; fail "$place is not named"; }
done

say "issue, use, list"
echo '{"rate": {"token": {"per_second": 1, "burst": 20}, "address": {"per_second": 1, "burst": 30}}}' >"$work/config.json"
start_server "$data" --config "$work/config.json"
token=$("$program" token issue --data "$data" --role registrant --organisation 架空 --person '架空 太郎' --service "$service")
ask 192.0.2.1 "$token" /v1/token
expect_status 200 "a token about itself"
id=$(jq -r .id "$work/answer")
jq -e '.expires_in_days == 89 or .expires_in_days == 90' "$work/answer" >/dev/null || fail "not 90 days"
expect "list" "$program" token list --data "$data"
grep -q "^$id  registrant  架空  held by 架空 太郎  until .*  last used " "$work/last" || { cat "$work/last" >&2; fail "the list"; }

say "rotation: by the command line, and by the token itself"
next=$("$program" token rotate "$id" --overlap 2 --data "$data" 2>"$work/told")
grep -q "^$id holds until " "$work/told" || fail "rotate does not say until when the old one holds"
refuse "a second rotation" "$program" token rotate "$id" --data "$data"
grep -q "was replaced by token" "$work/last" || fail "the refusal does not name the successor"
ask 192.0.2.1 "$token" /v1/token
expect_status 200 "the old one, for the overlap"
ask 192.0.2.1 "$next" /v1/tokens/rotation -X POST -H 'Content-Type: application/json' -d '{"overlap_hours": 0}'
expect_status 201 "a rotation"
newest=$(jq -r .token "$work/answer")
ask 192.0.2.1 "$next" /v1/token
expect_status 401 "a token without an overlap"
ask 192.0.2.1 "$newest" /v1/token
expect_status 200 "the newest one"

say "who comes too often, waits"
too_often 192.0.2.2 "$newest" /v1/filings
ask 192.0.2.3 "$newest" /v1/filings
for _ in $(seq 40); do [[ $status == 429 ]] || ask 192.0.2.3 "$newest" /v1/filings; done
expect_status 429 "a token, from wherever it comes"
[[ $(retry_after) == 1 ]] || fail "Retry-After is $(retry_after)"
[[ $(jq -r .type "$work/answer") == /problems/too-many-requests ]] || fail "the type of a 429"
for _ in $(seq 60); do curl -sS -o /dev/null -w '%{http_code}\n' -H 'X-Forwarded-For: 192.0.2.4' "$base/v1/services"; done >"$work/codes"
grep -q 429 "$work/codes" || fail "an address is not counted"
[[ $(curl -sS -o /dev/null -w '%{http_code}' -H 'X-Forwarded-For: 192.0.2.5' "$base/v1/services") == 200 ]] || fail "another address waits too"
[[ $(curl -sS -o /dev/null -w '%{http_code}' -H 'X-Forwarded-For: 192.0.2.4' "$base/v1/list.json") == 200 ]] || fail "a document is counted"

say "tokens that do not hold are slowed down, others at the same address are not"
for _ in 1 2 3 4 5; do
  ask 192.0.2.6 "$mark" /v1/filings
  expect_status 401 "a token that does not hold"
done
for wait in 1 2 4; do
  ask 192.0.2.6 "$mark" /v1/filings
  expect_status 429 "a token that does not hold, again"
  [[ $(retry_after) == "$wait" ]] || fail "Retry-After is $(retry_after), not $wait"
done
good=$("$program" token issue --data "$data" --role operator --organisation 試験)
ask 192.0.2.6 "$good" /v1/filings
expect_status 200 "a token that holds"

say "the log: one JSON object a line, and nothing of what was sent"
ask 192.0.2.7 "$good" "/v1/services/$mark/acts?$mark=$mark" -X POST -H "Idempotency-Key: $mark" -H "User-Agent: $mark" \
  -H 'Content-Type: application/json' -d "{\"$mark\": \"$mark\"}"
expect_status 400 "an unknown parameter"
ask 192.0.2.7 "$good" "/v1/services/$service/acts" -X POST -H 'Content-Type: application/json' -d "{\"act\": \"$mark\"}"
expect_status 422 "an unknown act"
ask 192.0.2.7 "$good" "/$mark"
expect_status 404 "an unknown path"
stop_server
jq -c . "$work/server.log" >"$work/lines" || fail "a line of the log is not JSON"
for secret in "$mark" "$token" "$next" "$newest" "$good" 太郎; do
  grep -qF -- "$secret" "$work/server.log" && fail "the log holds what it must not: $secret"
done
jq -es --arg id "$id" '[.[] | select(.event == "answered")] |
  any(.route == "/v1/token" and .status == 200 and .token == $id and .address == "192.0.2.1" and .level == "info") and
  any(.route == "/v1/services/{id}/acts" and .method == "POST" and .status == 422 and .address == "192.0.2.7") and
  any(.route == "/v1/filings" and .status == 401 and .token == null and .address == "192.0.2.6") and
  all(.status != 429 or .token != null) and
  any(.route == null and .status == 404) and any(.route == "/local/tokens" and .user != null and .address == null) and
  all(.route != "/v1/list.json")' "$work/lines" >/dev/null || { cat "$work/lines" >&2; fail "the log"; }

say "after the stop the last use is there, the ledger is sound, and nothing of it is public"
expect "list" "$program" token list --data "$data" --json
jq -e --arg id "$id" '.items[] | select(.id == $id) | .last_used_from == "192.0.2.1" and .replaced_by != null' "$work/last" >/dev/null ||
  { cat "$work/last" >&2; fail "the last use is lost"; }
grep -qF -e "$token" -e "$newest" "$work/last" && fail "a secret is listed"
fsck "$data"
expect export "$program" export --data "$data" "$work/site"
grep -rqF -e 太郎 -e 192.0.2. "$work/site" && fail "what belongs to tokens is published"
say good
