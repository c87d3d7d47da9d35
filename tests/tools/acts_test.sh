#!/usr/bin/env bash
# The acts of chapters 13 to 18 from the command line, with and without a server: what each role may do, what the public
# sees of it, and that the whole publication verifies with every kind of event in it.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

data=$work/register trust=$work/register/trust
today=$(TZ=Asia/Tokyo date +%F)
incident=$(TZ=Asia/Tokyo date -d '3 days ago' +%F)

# act SERVICE ROLE ACT ARTICLE [FIELDS]: done; the answer is in $work/last.
act() {
  expect "$2 $3 $4" "$program" act --data "$data" --role "$2" "$3" --service "$1" --article "$4" --reason 試験 \
    --basis 試験 --fields <(echo "${5-"{}"}")
}

# not POINTER ARTICLE SERVICE ROLE ACT ARTICLE [FIELDS]: refused there, by this article.
not() {
  refuse "$4 $5 $6" "$program" act --data "$data" --role "$4" "$5" --service "$3" --article "$6" --reason 試験 \
    --basis 試験 --fields <(echo "${7-"{}"}")
  grep -q "$1: .*（$2）" "$work/last" || { cat "$work/last" >&2; fail "$4 $5 $6: not refused at $1 by $2"; }
}

# sound [EVENT...]: no finding, and the publication verifies; the journal ends with these events.
sound() {
  expect "fsck" "$program" fsck --data "$data"
  rm -rf "$work/site" && expect "export" "$program" export --data "$data" "$work/site"
  expect "verify" "$program" verify "$work/site" --trust "$trust"
  local last
  last=$(find "$work/site/v1/events" -name '*.json' -printf '%f\n' | sort -n | tail -n $# | while read -r file; do
    jq -r .event "$work/site/v1/events/$file"
  done | paste -sd' ')
  [[ $last == "$*" ]] || fail "the journal ends with $last, not $*"
}

node "$root/ops/bench/generate-list.mjs" 20 >"$work/list.csv"
new_register "$data" "$work/list.csv"
mapfile -t ids < <(cut -d, -f1 "$work/list.csv" | tr -d '"' | grep -E '^L[0-9]{2}-[0-9]{4}$')
one=${ids[0]} two=${ids[1]}

say "suspensions: each by its role, its article and what it must bring"
not /role 13.7 "$one" operator suspend 13.7 "{\"incident_on\":\"$incident\",\"conditions\":{\"ja\":\"非公開\"}}"
not /conditions 13.8 "$one" committee suspend 13.7 "{\"incident_on\":\"$incident\"}"
act "$one" committee suspend 13.7 "{\"incident_on\":\"$incident\",\"conditions\":{\"ja\":\"非公開\"}}"
act "$one" operator suspend 14.3
not /service 13.5 "$one" operator reinstate 13.6
sound suspended suspended

say "beside a running server: the page shows what holds (13.12, 14.5, 16.8), and no longer than it holds"
start_server "$data"
page() { curl -sSf -o "$work/page" "$base/services/$one"; }
page
[[ $(grep -c '登録は一時停止中です' "$work/page") == 2 ]] || fail "two suspensions are not two banners"
act "$one" operator start-re-audit 16.5 "{\"part\":{\"ja\":\"非公開\"},\"due_on\":\"$today\"}"
page
grep -q '再監査中です' "$work/page" || fail "no banner of the re-audit"
not /result 16.7 "$one" operator end-re-audit 16.7 '{"result":"not-confirmed"}'
act "$one" operator end-re-audit 16.7 '{"result":"confirmed"}'
act "$one" operator reinstate 14.4
act "$one" committee reinstate 13.10
page
grep -q -e '一時停止中' -e '再監査中' "$work/page" && fail "a banner stays"
[[ $(curl -sS "$base/v1/services/$one?as_of=$today" | jq '.part_of_day | length') == 3 ]] || fail "part_of_day"

say "a removal is the committee's; a second one cites the first"
not /role '18.2(5)' "$two" operator remove '18.2(5)'
act "$two" operator start-re-audit 16.1 "{\"part\":{\"ja\":\"非公開\"},\"due_on\":\"$today\"}"
act "$two" operator end-re-audit 16.4 '{"result":"not-confirmed"}'
act "$two" committee remove '18.2(4)'
not /service '18.2(4)' "$two" committee remove '18.2(7)'
[[ $(curl -sS "$base/v1/services/$two" | jq -r .removal.article) == '18.2(4)' ]] || fail "no removal"
sound reinstated reinstated re-audit-started re-audit-ended removed
stop_server
grep -rq 非公開 "$work/site" && fail "what belongs to the case ledger is published"

say "the table of articles"
"$program" rules --json >"$work/rules.json"
jq -e '[.articles[] | select(.article | test("^1[1-8]\\."))] | length == 41' "$work/rules.json" >/dev/null || fail "not 41 articles"
jq -e 'all(.articles[]; (.rules | length > 0) or (.reason != null))' "$work/rules.json" >/dev/null || fail "an article without rule or reason"
"$program" rules >"$work/rules.txt"
grep -q '^13.5 ' "$work/rules.txt" || fail "no table for people"
say "done"
