#!/usr/bin/env bash
# The log as Go's checksum database packages read it (golang.org/x/mod/sumdb, note and tlog): the exported checkpoint,
# tiles, entry bundles and evidence are good, a later log continues an earlier one, and what was changed, cut short, rolled
# back or forked is refused.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

services=104 rounds=5  # with the key leaf 521: two full tiles and a partial one, on two levels
data=$work/register site=$work/site fork=$work/fork

# Debian's Go library has no module file: Go finds it below GOPATH, and asks no network.
build_reader() {
  GO111MODULE=off GOPATH=/usr/share/gocode GOPROXY=off go build -o "$work/read_log" "$root/tests/tools/read_log.go"
}
read_log() { "$work/read_log" -vkey "$vkey" "$site" "$@"; }
# import_usage DATA COUNT USAGE...: one list for each number of users; the first registers, the others change only that.
import_usage() {
  local folder=$1 count=$2 usage
  shift 2
  for usage in "$@"; do
    expect "import" "$program" import --data "$folder" <(node "$root/ops/bench/generate-list.mjs" "$count" 1 "$usage")
  done
}
export_to() { expect "export" "$program" export --data "$1" "$2"; }

# refused WHAT [ARGUMENT...]: the reader refuses the folder as it is now, and says why.
refused() {
  local what=$1
  shift
  refuse "$what" read_log "$@"
  printf '   refused: %s: %s\n' "$what" "$(sed -n '$s/^read_log: //p' "$work/last")"
}

# changed PATH PERMILLE...: with one byte of the published file changed, at each of these places, it is refused.
changed() {
  local path=$1 permille at
  shift
  cp "$site/$path" "$work/good"
  for permille in "$@"; do
    at=$((($(stat -c %s "$work/good") - 1) * permille / 1000))
    node "$npm/change-byte.mjs" "$work/good" "$at" "$site/$path"
    refused "$path with byte $at changed"
  done
  cp "$work/good" "$site/$path"
}

# cut_short PATH BYTES: without its last bytes it is refused.
cut_short() {
  cp "$site/$1" "$work/good"
  truncate -s "-$2" "$site/$1"
  refused "$1 without its last $2 bytes"
  cp "$work/good" "$site/$1"
}

expect "the reader is built" build_reader
new_register "$data"
export_to "$data" "$site"
cp "$site/log/checkpoint" "$work/checkpoint.first"
vkey=$(jose jws ver -i "$site/v1/keys.json" -k "$data/trust/root.jwks" -O - | jq -r '.log[0]')
import_usage "$data" "$services" 3 4
export_to "$data" "$site"
cp "$site/log/checkpoint" "$work/checkpoint.second"
cp -r "$site/log" "$work/log.second"
cp -r "$data" "$work/forked"
import_usage "$data" "$services" 5 6 7
export_to "$data" "$site"
size=$(sed -n 2p "$site/log/checkpoint")
((size == 1 + rounds * services)) || fail "$size leaves"
partial=002.p/$((size - 512))

say "a service's evidence for a past day, beside that of today"
start_server "$data"
curl -sSfg -o "$site/v1/records/past.jwt" "$base/v1/records/L20-0100.jwt?as_of=2026-05-02"
stop_server

say "Go: checkpoint, tiles, bundles, evidence, and the two checkpoints before"
expect "the log" read_log "$work/checkpoint.first" "$work/checkpoint.second"
cat "$work/last"
grep -q "^good: $((services + rounds)) proofs" "$work/last" || fail "not one proof a service, and all of the past day"

say "Go: one byte changed"
changed log/checkpoint 0 90 110 300 600 800 1000
changed log/tile/0/000 0 500 1000
changed log/tile/0/001 777
changed "log/tile/0/$partial" 0 1000
changed log/tile/1/000.p/2 0 600
changed log/tile/entries/000 0 333 1000
changed "log/tile/entries/$partial" 1 500 1000
changed v1/events/300.json 500

say "Go: cut short, missing, exchanged"
cut_short log/checkpoint 40
cut_short log/tile/0/001 32
cut_short "log/tile/0/$partial" 1
cut_short log/tile/entries/001 1
cut_short "log/tile/entries/$partial" 3000
mv "$site/log/tile/0/$partial" "$work/good"
refused "a tile that is not there"
mv "$work/good" "$site/log/tile/0/$partial"
mv "$site/log/tile/entries/000" "$work/good"
cp "$site/log/tile/entries/001" "$site/log/tile/entries/000"
refused "one bundle in the place of another"
mv "$work/good" "$site/log/tile/entries/000"

say "Go: evidence that shows another leaf than its proof"
cp "$site/v1/records/L20-0007.jwt" "$work/good"
payload() { cut -d. -f2 "$1" | tr -d '\n' | jose b64 dec -i -; }
mixed=$(jq -cj --argjson other "$(payload "$site/v1/records/L20-0008.jwt")" '.event = $other.event' <(payload "$work/good") |
  jose b64 enc -I -)
printf '%s.%s.%s' "$(cut -d. -f1 "$work/good")" "$mixed" "$(cut -d. -f3 "$work/good")" >"$site/v1/records/L20-0007.jwt"
refused "the event of another service"
cp "$work/good" "$site/v1/records/L20-0007.jwt"

say "Go: a log that went back, and one with two continuations"
cp "$site/log/checkpoint" "$work/checkpoint.third"
mv "$site/log" "$work/log.third"
mv "$work/log.second" "$site/log"
refused "the log of $(sed -n 2p "$work/checkpoint.second") leaves after that of $size" "$work/checkpoint.third"
rm -r "$site/log"
mv "$work/log.third" "$site/log"
import_usage "$work/forked" 10 9
export_to "$work/forked" "$fork"
refused "the other continuation, of $(sed -n 2p "$fork/log/checkpoint") leaves" "$fork/log/checkpoint"
expect "the log, as it was" read_log "$work/checkpoint.first" "$work/checkpoint.second" "$work/checkpoint.third"
say good
