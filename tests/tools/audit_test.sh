#!/usr/bin/env bash
# The audit trail, as tools that are not ours read it, and four-eyes: with and without a server. The check of the chain
# is the one that docs/audit.md prints.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

data=$work/register
audit() { "$program" audit --data "$data" "$@"; }
four_eyes() { "$program" settings --data "$data" "$@"; }
token() { "$program" token issue --data "$data" --role "$1" --organisation "$2"; }

# shellcheck disable=SC2016  # the backquotes are those of the page
# check_chain FILE: as the page says; its last line is in $work/checked.
check_chain() {
  mkdir -p "$work/check" && cp "$1" "$work/check/audit.jsonl"
  sed -n '/^## Checking the chain/,/^## /p' "$root/docs/audit.md" | sed -n '/^```sh$/,/^```$/p' | sed '/^```/d' >"$work/check/run"
  [[ -s $work/check/run ]] || fail "docs/audit.md prints no check"
  (cd "$work/check" && bash ./run) >"$work/checked"
}

# http TOKEN METHOD PATH [BODY]: the status in $status, the body in $work/answer.
http() {
  status=$(curl -sS -o "$work/answer" -w '%{http_code}' -X "$2" -H "Authorization: Bearer $1" \
    ${4:+-H 'Content-Type: application/json' --data "$4"} "$base$3")
}

new_register "$data" "$samples/operator-list.csv"

say "without a server: init and import are entries, and what they did is found"
audit --json >"$work/first.json"
jq -e '.items[0].act == "key" and ([.items[] | select(.act == "import")] | length == 1)' "$work/first.json" >/dev/null ||
  fail "not a key and an import"
jq -e --argjson me "$(id -u)" 'all(.items[]; .actor.role == "system" or .actor.local_user == $me)' "$work/first.json" >/dev/null ||
  fail "an entry does not say who was at the machine"
[[ $(audit --act import | wc -l) == 1 ]] || fail "not one line an entry"
audit --jsonl >"$work/chain"
check_chain "$work/chain" || { cat "$work/checked"; fail "the chain does not hold"; }
jq .head "$work/first.json" >"$work/head.json"
grep -q "head $(jq -r '"\(.number) \(.sha256)"' "$work/head.json")" "$work/checked" || fail "another head"

say "a chain that was changed does not hold"
sed '1s/"operator"/"ministries"/' "$work/chain" >"$work/changed"
if check_chain "$work/changed"; then fail "a changed entry passes"; fi
sed '1d' "$work/chain" >"$work/changed"
if check_chain "$work/changed"; then fail "a missing entry passes"; fi

say "beside a server: tokens, and two operators"
start_server "$data" --socket-group "$(id -gn)"
[[ $(stat -c '%a %G' "$data/socket") == "660 $(id -gn)" ]] || fail "the socket is not the group's"
service=$(curl -sSf "$base/v1/list.json" | jq -r '[.records[].record | select(.state == "registered" and
  .suspensions == [] and .re_audits == [] and .renewals == [])][0].id')
one=$(token operator ISMAP運用支援機関) two=$(token operator ISMAP運用支援機関) auditor=$(token auditor 監査法人)
act="{\"act\":\"suspend\",\"article\":\"14.3\",\"reason\":{\"ja\":\"非公開の理由\"},\"basis\":{\"channel\":\"試験\",\"received_on\":\"$(TZ=Asia/Tokyo date +%F)\"}}"
expect "settings" four_eyes --four-eyes suspend,remove --reason 二者確認
[[ $("$program" settings --data "$data") == *"suspend,remove" ]] || fail "the settings are not shown"
http "$one" POST "/v1/services/$service/acts" "$act"
[[ $status == 202 ]] || { cat "$work/answer"; fail "not held back: $status"; }
id=$(jq -r .proposal.id "$work/answer")
curl -sSf "$base/v1/services/$service" | jq -e '.suspensions == []' >/dev/null || fail "it is published already"
[[ $("$program" proposal list --data "$data" | wc -l) == 1 ]] || fail "the proposal is not listed"
http "$one" POST "/v1/proposals/$id/confirmation" '{}'
[[ $status == 403 ]] || fail "one person confirms alone: $status"
refuse "at the machine nobody knows who it is" "$program" proposal confirm --data "$data" "$id"
http "$two" POST "/v1/proposals/$id/confirmation" '{"reason":{"ja":"確かめた"}}'
[[ $status == 201 ]] || { cat "$work/answer"; fail "not confirmed: $status"; }
curl -sSf "$base/v1/services/$service" | jq -e '.suspensions | length == 1' >/dev/null || fail "it is not published"
expect "an act from the command line is held back" "$program" act --data "$data" --role committee remove \
  --service "$service" --article '18.2(5)' --reason 試験 --basis 試験
second=$(jq -r .proposal.id "$work/last")
refuse "by the same user" "$program" proposal confirm --data "$data" "$second" --role committee
expect "reject" "$program" proposal reject --data "$data" "$second" --role committee --reason 取り下げ
expect "a proposal to change the settings" four_eyes --four-eyes none --reason 試験
[[ $(jq -r .proposal.act "$work/last") == settings ]] || fail "one person turns four-eyes off"

say "the auditor reads the chain, and no texts"
http "$auditor" GET /v1/audit.jsonl
[[ $status == 200 ]] || fail "the auditor is refused: $status"
check_chain "$work/answer" || { cat "$work/checked"; fail "the chain does not hold"; }
if grep -qe 非公開の理由 -e "$one" -e "$two" "$work/answer"; then fail "a text or a token is in the chain"; fi
jq -e -s --arg id "$id" '[.[] | select(.act == "suspend" and .proposal.id == $id and .actor.token != .proposal.proposed_by.token)] | length == 1' \
  "$work/answer" >/dev/null || fail "the act's entry does not name both persons"
http "$auditor" GET '/v1/audit?texts=true'
[[ $status == 403 ]] || fail "the auditor reads texts: $status"
http "$one" GET "/v1/audit?service=$service&act=suspend&texts=true"
jq -e '.items[0].texts.reason == "非公開の理由"' "$work/answer" >/dev/null || fail "the operator reads no texts"
[[ $(audit --act audit-read | wc -l) == 1 ]] || fail "that texts were read is no entry"
http "" GET /v1/audit
[[ $status == 401 ]] || fail "the audit trail is open: $status"
expect "backup" "$program" backup --data "$data" "$work/copy"
[[ $(audit --act backup --json | jq '.items | length') == 1 ]] || fail "the backup is no entry"
if grep -qe "$one" -e 非公開の理由 "$work/server.log"; then fail "a token or a text is in the log"; fi

say "what was written down still holds, beside the server and without it"
expect "check" "$program" audit --data "$data" --check "$work/head.json"
stop_server
refuse "a socket for a group that is not there" "$program" serve --data "$data" --listen 127.0.0.1:0 --socket-group no-such-group
expect "check" "$program" audit --data "$data" --check "$work/head.json" --json
jq -e '.head.number > .checked.number' "$work/last" >/dev/null || fail "no new head"
jq '.sha256 |= (if startswith("0") then "1" else "0" end) + .[1:]' "$work/head.json" >"$work/other.json"
refuse "another hash" "$program" audit --data "$data" --check "$work/other.json"
jq '.number = 100000' "$work/head.json" >"$work/other.json"
refuse "an entry that is not there" "$program" audit --data "$data" --check "$work/other.json"
echo '{"number": 1}' >"$work/other.json"
refuse "no head" "$program" audit --data "$data" --check "$work/other.json"
fsck "$data"
say "done"
