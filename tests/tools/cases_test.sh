#!/usr/bin/env bash
# The case ledger from the command line, with and without a server: an incident with its deadlines, as a list, as JSON and
# as a calendar; an act that rests on a step. Nothing that was written there reaches the public or the log.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

data=$work/register mark=ZZPRIVATEZZ
known=$(TZ=Asia/Tokyo date -d '4 days ago' +%F)
new_register "$data" "$samples/operator-list.csv"
one=$(jq -r '.records[] | .record | select(.state == "registered") | .id' <("$program" export --data "$data" "$work/first" >/dev/null && cat "$work/first/v1/list.json") | head -n 1)

cases() { "$program" cases "$1" --data "$data" "${@:2}"; }
shows() { grep -q -- "$1" "$work/last" || { cat "$work/last" >&2; fail "does not show $1"; }; }

say "without a server: a case is opened, and knows what is due"
expect open cases open --procedure incident --service "$one" --step judged --article '13.1(2)' --reason "$mark 理由" \
  --basis "$mark 電話" --fields <(echo "{\"known_on\": \"$known\", \"summary\": {\"ja\": \"$mark 概要\"}}")
id=$(grep -oE -m 1 'C[0-9]{9}' "$work/last")
shows "$id  open"
shows '行政機関の休日を除く3日'
refuse "a step of another role" cases step "$id" --role committee --step report-demanded --article '13.1(2)' --reason "$mark" --basis x
grep -q '13.1(2)' "$work/last" || fail "the refusal names no article"
refuse "no such case" cases show C999999999
expect list cases list --state open
shows "$id  open    incident"

say "beside a server: the same words, over its socket"
start_server "$data"
expect step cases step "$id" --step preliminary-report --article 13.2 --reason "$mark" --basis "$mark メール" \
  --fields <(echo "{\"report\": {\"ja\": \"$mark 速報\"}}")
expect show cases show "$id" --json
[[ $(jq '.steps | length' "$work/last") == 2 ]] || fail "not two steps"
shows "$mark 速報"
expect deadlines cases deadlines --service "$one" --json
jq -e '.items | length > 0 and all(.due == null or (.due | test("^[0-9-]{10}$")))' "$work/last" >/dev/null || fail "deadlines"
expect calendar cases deadlines --ics
[[ $(head -n 1 "$work/last") == $'BEGIN:VCALENDAR\r' ]] || fail "no calendar"
LC_ALL=C awk 'length($0) > 76 { exit 1 }' "$work/last" || fail "a line over 75 octets"
[[ $(grep -c '^BEGIN:VEVENT' "$work/last") == $(grep -c '^END:VEVENT' "$work/last") ]] || fail "events"
expect "an act on a step" "$program" act --data "$data" --role committee suspend --service "$one" --article 13.7 --reason "$mark" \
  --case "$id" --step 2 --fields <(echo "{\"incident_on\": \"$known\", \"conditions\": {\"ja\": \"$mark 条件\"}}")
refuse "an act on a step that is not there" "$program" act --data "$data" --role operator suspend --service "$one" --article 14.3 \
  --reason "$mark" --case "$id" --step 99
refuse "an act on nothing" "$program" act --data "$data" --role operator suspend --service "$one" --article 14.3 --reason "$mark"
expect show cases show "$id"
shows '13.7'

say "texts are destroyed for good, by the operator alone, and on the record"
refuse "by the committee" cases destroy "$id" 2 --role committee --ground '公文書管理法 8' --reason 満了
refuse "without a ground" cases destroy "$id" 2 --reason 満了
expect destroy cases destroy "$id" 2 --ground '公文書管理法 8' --reason 保存期間の満了
shows '廃棄済み'
expect show cases show "$id" --json
grep -q "$mark 速報" "$work/last" && fail "a destroyed text is shown"
shows "$mark 概要"
refuse "twice" cases destroy "$id" 2 --ground '公文書管理法 8' --reason 保存期間の満了
fsck "$data"

say "over HTTP: for nobody, and for a registrant what it is told"
[[ $(curl -s -o "$work/nobody" -w '%{http_code}' "$base/v1/cases/$id") == 401 ]] || fail "a case for nobody"
token=$("$program" token issue --data "$data" --role registrant --organisation 架空 --service "$one")
curl -sS "$base/v1/cases" -H "Authorization: Bearer $token" >"$work/told"
[[ $(jq -r '.items[] | select(.procedure == "incident") | .id' "$work/told") == *"$id"* ]] || fail "the registrant is told nothing"
curl -sS "$base/v1/deadlines" -H "Authorization: Bearer $token" -H 'Accept: text/calendar' | grep -q '^BEGIN:VEVENT' || fail "no calendar for the registrant"
auditor=$("$program" token issue --data "$data" --role auditor --organisation 監査法人)
[[ $(curl -sS "$base/v1/cases" -H "Authorization: Bearer $auditor" | jq '.items | length') == 0 ]] || fail "an auditor sees cases"

say "nothing of it is public, nor in the log"
mkdir "$work/public"
for path in "" "services/$one" v1/services "v1/services/$one" "v1/services/$one/history" v1/list.json v1/list.csv v1/events.atom \
  "v1/services/$one.atom" "v1/records/$one.jwt" healthz readyz v1/cases v1/deadlines.ics; do
  curl -s -D - "$base/$path" >>"$work/public/answers"
done
expect export "$program" export --data "$data" "$work/public/site"
stop_server
cp "$work/server.log" "$work/public/"
if grep -rlE "$mark|C0000000[0-9]{2}" "$work/public"; then fail "what belongs to the case ledger got out"; fi

say "DIR/holidays.txt is read at the start, and a wrong line is named"
printf '+2026-02-30 架空\n' >"$data/holidays.txt"
refuse "a wrong holiday" cases deadlines
shows 'line 1'
printf '# 架空\n+%s 架空の休日\n' "$(TZ=Asia/Tokyo date -d '1 day' +%F)" >"$data/holidays.txt"
expect deadlines cases deadlines
fsck "$data"
say "done"
