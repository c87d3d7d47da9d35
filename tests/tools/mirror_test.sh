#!/usr/bin/env bash
# Copies of a publication: export for any web server, mirror beside a live server, backup, and a register that goes on
# from a mirror's tiles. Whatever was copied verifies, whatever was spoiled is refused before a file is written.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

data=$work/register site=$work/site mirror=$work/mirror trust=$work/register/trust

# verify BASE [CODE]: BASE is good, or refused with this code.
verify() {
  local status=0
  "$program" verify "$1" --trust "$trust" --json >"$work/report" || status=$?
  if [[ -z ${2-} ]]; then
    ((status == 0)) || { cat "$work/report" >&2; fail "$1 does not verify"; }
  else
    [[ $status != 0 && $(jq -r .code "$work/report") == "$2" ]] || { cat "$work/report" >&2; fail "$1: not refused with $2"; }
  fi
}

# act N: sets the number of agencies of the first service.
act() {
  expect "act" "$program" act --data "$data" --role operator usage --service L20-0001 --article '11.5(13)' \
    --reason 試験 --basis 試験 --fields <(echo "{\"agencies_using\":$1}")
}

# take MIRROR [ARGUMENT...]: one run of the mirror; sets $requests and $octets.
take() {
  local to=$1
  shift
  "$program" mirror "$base" "$to" --trust "$trust" "$@" >"$work/last" 2>"$work/traffic" || { cat "$work/last" >&2; fail "mirror"; }
  read -r requests octets < <(sed -E 's/([0-9]+) requests, ([0-9]+) octets.*/\1 \2/' "$work/traffic")
}

node "$root/ops/bench/generate-list.mjs" 300 >"$work/list.csv"
new_register "$data" "$work/list.csv"

say "an export verifies; the next one writes only what is new"
expect "export" "$program" export --data "$data" "$site"
verify "$site"
first=$("$program" export --data "$data" "$site" --json)
jq -e '.kept > 300 and .written < .kept' <<<"$first" >/dev/null || fail "an export wrote everything again: $first"
verify "$site"

say "an export reaches a running server; its files are what the server answers"
start_server "$data"
act 11
rm -rf "$site" && expect "export" "$program" export --data "$data" "$site"
verify "$site"
verify "$base"
for path in /v1/list.csv /v1/records/L20-0001.jwt /v1/services/L20-0001.atom /v1/events/archive/0.atom /v1/events/301.json \
  /log/tile/0/000 /log/tile/1/000.p/1 /log/tile/entries/000 /log/tile/entries/001.p/46; do
  curl -sSf -o "$work/answer" "$base$path" || fail "GET $path"
  cmp "$work/answer" "$site$path" || fail "$path: the export is not the answer"
done
for path in /log/tile/0/001 /log/tile/0/001.p/47 /log/tile/2/000.p/1 /log/tile/0/000.p/256 /v1/events/302.json; do
  [[ $(curl -sS -o /dev/null -w '%{http_code}' "$base$path") == 404 ]] || fail "$path is not absent"
done

say "a mirror; after one change it asks for little"
take "$mirror"
verify "$mirror"
act 12
take "$mirror"
verify "$mirror"
large=$(($(stat -c %s "$mirror/v1/list.jwt") + $(stat -c %s "$mirror/v1/events.atom")))
((requests <= 15 && octets - large <= 100000)) || fail "$requests requests, $((octets - large)) octets beside list and feed"
echo "   after one change: $requests requests, $((octets - large)) octets beside list and feed"
take "$mirror" --service L20-0002
verify "$mirror"
cmp "$mirror/v1/services/L20-0002.atom" <(curl -sSf "$base/v1/services/L20-0002.atom") || fail "the service's feed"
take "$mirror" --all-services
verify "$mirror"
expect "export" "$program" export --data "$data" "$work/again"
diff -r --exclude=.seen --exclude='*.p' "$mirror" "$work/again" || fail "the mirror is not the export"

say "a mirror that was cut off goes on; one that was spoiled is mended or refused"
rm "$mirror/log/checkpoint" "$mirror/v1/list.jwt" "$mirror"/v1/events/29?.json
take "$mirror"
verify "$mirror"
cp -r "$mirror" "$work/spoiled"
printf X | dd of="$work/spoiled/log/tile/entries/000" bs=1 seek=1000 conv=notrunc status=none
verify "$work/spoiled" entries-root
refuse "a mirror whose own leaves are spoiled" "$program" mirror "$base" "$work/spoiled" --trust "$trust"

say "an origin that lies changes nothing in the mirror"
cp -r "$site" "$work/liar"
cp -r "$mirror" "$work/before"
printf X | dd of="$work/liar/v1/list.jwt" bs=1 seek=2000 conv=notrunc status=none
refuse "a changed list" "$program" mirror "$work/liar" "$mirror" --trust "$trust"
refuse "an older generation" "$program" mirror "$site" "$mirror" --trust "$trust"
expect "another register" "$program" init --data "$work/other" --origin liu.example.jp/log
expect "its export" "$program" export --data "$work/other" "$work/foreign"
refuse "another register's publication" "$program" mirror "$work/foreign" "$mirror" --trust "$trust"
diff -r "$mirror" "$work/before" || fail "the mirror was touched"

say "a backup has neither private keys nor the guard file; alone it does not sign"
expect "backup" "$program" backup --data "$data" "$work/backup"
refuse "a second backup into the same folder" "$program" backup --data "$data" "$work/backup"
[[ $(cd "$work/backup" && find . -type f | sort | tr '\n' ' ') == "./lmdb/data.mdb ./trust/keysver ./trust/root.jwks " ]] || fail "what is in the backup"
act 13
take "$mirror"
stop_server
cp -r "$data/keys" "$work/backup/"
refuse "no guard file" "$program" export --data "$work/backup" "$work/out"
cp "$data/last-signed.json" "$work/backup/"
refuse "the guard is ahead of an older copy" "$program" export --data "$work/backup" "$work/out"
grep -q 'ismap-liu restore' "$work/last" || fail "the way out is not named"
refuse "a copy that is older than what was exported" "$program" restore --data "$work/backup" "$site"
expect "restore from the mirror" "$program" restore --data "$work/backup" "$mirror"
fsck "$work/backup"

say "both go on from the same leaf, and the second is found out"
expect "the restored one publishes" "$program" export --data "$work/backup" "$site"
verify "$site"
expect "state" "$program" verify "$site" --trust "$trust" --state "$work/state"
expect "act" "$program" act --data "$work/backup" --role operator usage --service L20-0001 --article '11.5(13)' \
  --reason 試験 --basis 試験 --fields <(echo '{"agencies_using":99}')
expect "export" "$program" export --data "$work/backup" "$site"
act 14
refuse "the old one onto the restored one's publication" "$program" export --data "$data" "$site"
expect "the continued log" "$program" verify "$site" --trust "$trust" --state "$work/state"
rm -rf "$work/fork" && expect "export" "$program" export --data "$data" "$work/fork"
refuse "the fork" "$program" verify "$work/fork" --trust "$trust" --state "$work/state"

say "a register from nothing but its keys and a mirror continues the same log"
mkdir -p "$work/new"
cp -r "$data/keys" "$work/new/"
expect "restore" "$program" restore --data "$work/new" "$site" --trust "$trust"
fsck "$work/new"
expect "export" "$program" export --data "$work/new" "$site"
expect "the same log" "$program" verify "$site" --trust "$trust" --state "$work/state"
cp -r "$work/other/keys" "$work/foreign-keys"
mkdir "$work/wrong" && cp -r "$work/foreign-keys" "$work/wrong/keys"
refuse "keys that are not in the key set" "$program" restore --data "$work/wrong" "$site" --trust "$trust"
refuse "a log that goes another way" "$program" restore --data "$work/new" "$work/fork" --trust "$trust"
fsck "$work/new"
