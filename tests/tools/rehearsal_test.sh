#!/usr/bin/env bash
# A rehearsal: the program by a clock of its own. The folder is marked before anything is recorded, its clock never goes
# back, 12.1 comes at the rehearsal's midnight, and neither a real register nor a rehearsal becomes the other.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

data=$work/rehearsal real=$work/real
liu() { "$program" "$@"; }
says() { grep -q -- "$1" "$work/last" || { cat "$work/last" >&2; fail "does not say: $1"; }; }
health() { curl -sSf "$base/healthz"; }
# at RFC 3339 → POSIX seconds
at() { date -u -d "$1" +%s; }

say "a rehearsal starts where one wants it, years away"
refuse "a clock without a zone" liu init --data "$data" --origin liu.example.jp/log --clock 2031-04-01T00:00:00
[[ ! -e $data ]] || fail "a refused init leaves a folder"
expect init liu init --data "$data" --origin liu.example.jp/log --clock 2031-04-01T00:00:00Z
node "$root/ops/bench/generate-list.mjs" 3 >"$work/list.csv"
refuse "an import by the real clock" liu import --data "$data" "$work/list.csv"
says "is a rehearsal"
expect import liu import --data "$data" --clock 2031-04-01T00:10:00Z "$work/list.csv"
refuse "serving by the real clock" liu serve --data "$data" --listen 127.0.0.1:0
says "is a rehearsal"
refuse "a clock that goes back" liu serve --data "$data" --listen 127.0.0.1:0 --clock 2031-03-31T14:59:59Z
says "of a day before"

say "it says that it is one: in its log, its health, its pages"
start_server "$data" --clock 2031-04-01T01:00:00Z
grep -q 'this is a rehearsal' "$work/server.log" || fail "the log does not say so"
[[ $(health | tail -n 1) == "rehearsal 2031-04-01T01:0"* ]] || fail "health: $(health)"
curl -sSf "$base/" | grep -q '予行です' || fail "the page does not say so"
[[ $(curl -sSI "$base/healthz" | tr -d '\r' | sed -n 's/^Date: //Ip') == *"Apr 2031"* ]] || fail "another Date"

say "commands go by the server's clock"
expect token liu token issue --data "$data" --role operator --organisation 試験 --days 1 --json
[[ $(jq -r .expires_at "$work/last") == 2031-04-02* ]] || fail "a token of another day"
refuse "a clock beside the server's" liu token issue --data "$data" --role operator --organisation 試験 --clock 2031-04-01T02:00:00Z
says "its clock holds"

say "its publication verifies as of its own time, and is unknown or wrong at another"
now=$(($(at 2031-04-01T01:05:00Z)))
expect "verify --now" liu verify "$base" --trust "$data/trust" --now "$now"
refuse "verify by the real clock" liu verify "$base" --trust "$data/trust"
refuse "mirror by the real clock" liu mirror "$base" "$work/mirrored" --trust "$data/trust"
expect "mirror --now" liu mirror "$base" "$work/mirrored" --trust "$data/trust" --now "$now"
stop_server

say "12.1 at the rehearsal's midnight, and after days without a server: once"
one=L31-0001
jq --arg id "$one" '.record | .id = $id | .registered_on = "2031-04-01" | .expires_on = "2031-04-30"
  | .audit_period = {from: "2030-01-01", to: "2030-12-31"} | .suspensions = [] | .re_audits = [] | .renewals = []
  | {record: .}' "$samples/example-leaf.json" >"$work/record.json"
register() {
  sed "s/$one/$1/" "$work/record.json" >"$work/fields.json"
  expect "register $1" liu act --data "$data" --role operator register --service "$1" --article 11.1 --reason 試験 --basis 試験 \
    --fields "$work/fields.json" --clock "$2"
}
register L31-0001 2031-04-01T02:00:00Z
register L31-0002 2031-04-01T02:00:10Z
start_server "$data" --clock 2031-04-30T14:59:35Z # 23:59:35 JST
state() { curl -sSf "$base/v1/services/$1" | jq -r .state; }
[[ $(state L31-0001) == registered ]] || fail "removed before the expiry has passed"
expect "the renewal in time" liu act --data "$data" --role operator file-renewal --service L31-0002 --article 12.1 --reason 試験 --basis 試験
for _ in $(seq 500); do [[ $(state L31-0001) == removed ]] && break; sleep 0.1; done
[[ $(state L31-0001) == removed && $(state L31-0002) == registered ]] || fail "midnight"
[[ $(health | tail -n 1) == "rehearsal 2031-04-30T15:00:"* ]] || fail "not prompt: $(health | tail -n 1)"
stop_server
start_server "$data" --clock 2031-05-09T00:00:00Z
[[ $(curl -sSf "$base/v1/services/L31-0001/history" | jq -c '[.events[] | select(.event == "removed") | .effective]') == '["2031-05-01"]' ]] ||
  fail "not once"
expect "verify --now" liu verify "$base" --trust "$data/trust" --now "$(at 2031-05-09T00:00:30Z)"
stop_server

say "a restart by an earlier clock is refused, as the guard would"
refuse "back" liu serve --data "$data" --listen 127.0.0.1:0 --clock 2031-05-08T14:59:00Z
says "of a day before"
expect backup liu backup --data "$data" "$work/copy"
cp -r "$data/keys" "$data/last-signed.json" "$work/copy/"
refuse "its backup is a rehearsal too" liu serve --data "$work/copy" --listen 127.0.0.1:0
says "is a rehearsal"
expect "fsck --rebuild" liu fsck --data "$data" --rebuild
refuse "still one after a rebuild" liu token list --data "$data"
fsck "$data"

say "every command that records or signs: a rehearsal never goes by the real clock, a real register by no other"
new_register "$real" "$work/list.csv"
cp "$data/keys/root.pem" "$work/root.pem"
every_command() { # every_command DATA WHAT [OPTION...]: each is refused, and says WHAT
  local folder=$1 what=$2
  shift 2
  each() { refuse "$*" liu "$@" "${clock[@]}"; says "$what"; }
  local clock=("$@")
  each import --data "$folder" "$work/list.csv"
  each act --data "$folder" --role operator usage --service L26-0001 --article '11.5(13)' --reason 試験 --basis 試験
  each decide --data "$folder" --role operator F000000001 accept --article 14.2 --reason 試験
  each cases open --data "$folder" --procedure incident --service L26-0001 --step judged --article '13.1(2)' --reason 試験 --basis 試験
  each cases step --data "$folder" C000000001 --step preliminary-report --article 13.2 --reason 試験 --basis 試験
  each cases destroy --data "$folder" C000000001 1 --ground 試験 --reason 試験
  each export --data "$folder" "$work/none"
  each key rotate jwt --data "$folder" --out "$work/draft"
  each key install --data "$folder" "$work/root.pem"
  each token issue --data "$folder" --role operator --organisation 試験
  each restore --data "$folder" "$work"
  each serve --data "$folder" --listen 127.0.0.1:0
}
every_command "$data" 'is a rehearsal'
today=$(TZ=Asia/Tokyo date +%F)
last_year=$(TZ=Asia/Tokyo date -d '1 year ago' +%Y)
jq --arg today "$today" --arg expiry "$(TZ=Asia/Tokyo date -d '+30 days' +%F)" --arg year "$last_year" '.record.registered_on = $today
  | .record.expires_on = $expiry | .record.audit_period = {from: ($year + "-01-01"), to: ($year + "-12-31")}' \
  "$work/record.json" >"$work/real.json"
for made in init import act export served; do
  rm -rf "$work/one"
  expect init liu init --data "$work/one" --origin liu.example.jp/log
  case $made in
    import) expect import liu import --data "$work/one" "$work/list.csv" ;;
    act) expect act liu act --data "$work/one" --role operator register --service L31-0001 --article 11.1 --reason 試験 --basis 試験 \
      --fields "$work/real.json" ;;
    export) expect export liu export --data "$work/one" "$work/site" ;;
    served) start_server "$work/one" && stop_server ;;
  esac
  refuse "$made, then a rehearsal" liu serve --data "$work/one" --listen 127.0.0.1:0 --clock 2035-01-01T00:00:00Z
  says 'under the real clock'
  fsck "$work/one"
done
every_command "$real" 'under the real clock' --clock 2035-01-01T00:00:00Z
[[ ! -e $work/none && ! -e $work/draft ]] || fail "a refused command wrote"
start_server "$real"
[[ $(health) == ok ]] || fail "a real server says it is a rehearsal"
curl -sSf "$base/" | grep -q '予行です' && fail "a real page says it is a rehearsal"
stop_server
fsck "$real"
say "done"
