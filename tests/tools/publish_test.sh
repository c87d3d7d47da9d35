#!/usr/bin/env bash
# What the register publishes, checked by code that is not the register's: José, npm's jose, OpenSSL, xmlsec1, xmllint,
# html-validate. Each signature is good, and one changed byte in what it covers is refused.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

site=$work/site

# get PATH...: downloads published paths below $site.
get() {
  local path
  for path in "$@"; do
    mkdir -p "$site$(dirname "$path")"
    curl -sSf -o "$site$path" "$base$path" || fail "GET $path"
  done
}

# refuse_changes FILE LENGTH COMMAND...: the command, given a copy of FILE with one of its first LENGTH bytes changed as
# its last argument, refuses it.
refuse_changes() {
  local file=$1 length=$2 permille at
  shift 2
  for permille in 0 3 50 210 333 480 620 777 900 960 985 1000; do
    at=$(((length - 1) * permille / 1000))
    node "$npm/change-byte.mjs" "$file" "$at" "$work/changed"
    refuse "$file with byte $at changed" "$@" "$work/changed"
  done
}

size_of() { stat -c %s "$1"; }

data=$work/register
new_register "$data" "$samples/operator-list.csv"
start_server "$data"

say "downloading"
get /v1/keys.json /v1/keys/1.json /v1/list.jwt /v1/list.json /v1/list.csv /v1/events.atom /log/checkpoint
service=$(jq -r '.records[0].record.id' "$site/v1/list.json")
tree_size=$(sed -n 2p "$site/log/checkpoint")
for ((seq = 0; seq < tree_size; ++seq)); do get "/v1/events/$seq.json"; done

say "jose (Debian): the key set by the pinned root, the list by the key set"
jose_keys() { jose jws ver -i "$1" -k "$data/trust/root.jwks" -O "$work/keyset.json"; }
jose_signed() { jose jws ver -i "$1" -k "$work/keyset.json" -O "$work/payload"; }
expect "keys.json" jose_keys "$site/v1/keys.json"
cp "$work/keyset.json" "$work/keyset.good"
refuse_changes "$site/v1/keys.json" "$(size_of "$site/v1/keys.json")" jose_keys
cp "$work/keyset.good" "$work/keyset.json"
expect "list.jwt" jose_signed "$site/v1/list.jwt"
expect "list.json is the payload" cmp "$work/payload" "$site/v1/list.json"
refuse_changes "$site/v1/list.jwt" "$(size_of "$site/v1/list.jwt")" jose_signed

say "npm: key set, list and leaves; the log from its events to its signed root"
expect "verify-list" node "$npm/verify-list.mjs" "$site" --trust "$data/trust" --tamper
cat "$work/last"
expect "verify-log" node "$npm/verify-log.mjs" "$site" --trust "$data/trust"
cat "$work/last"

say "openssl: the checkpoint by the log's key"
vkey=$(jq -r '.log[0]' "$work/keyset.json")
{ printf '\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00'; base64 -d <<<"${vkey#*+*+}" | tail -c 32; } >"$work/log.der"
sed '/^$/,$d' "$site/log/checkpoint" >"$work/note"
LC_ALL=C sed -n "s|^\xe2\x80\x94 ${vkey%%+*} ||p" "$site/log/checkpoint" | base64 -d | tail -c 64 >"$work/note.sig"
openssl_note() { openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/log.der" -rawin -sigfile "$work/note.sig" -in "$1"; }
expect "checkpoint" openssl_note "$work/note"
refuse_changes "$work/note" "$(size_of "$work/note")" openssl_note

say "xmlsec1: the Atom feed by the key of the key set, whatever it carries itself"
kid=$(jq -r '.atom[0].kid' "$work/keyset.json")
jq -r '.atom[0].x5c[0]' "$work/keyset.json" | base64 -d | openssl x509 -inform DER -pubkey -noout >"$work/atom.pem"
xmlsec_feed() { xmlsec1 --verify --enabled-key-data key-name --pubkey-pem:"$kid" "$work/atom.pem" "$1"; }
feed=$site/v1/events.atom
expect "events.atom is XML" xmllint --noout --nonet "$feed"
expect "events.atom" xmlsec_feed "$feed"
# KeyInfo is a hint that no signature covers: what stands before it is.
covered=$(grep -abo '<KeyInfo>' "$feed" | tail -n 1 | cut -d: -f1)
refuse_changes "$feed" "$covered" xmlsec_feed

say "html-validate: the list and one service"
curl -sSf "$base/" >"$work/list.html"
curl -sSf "$base/services/$service" >"$work/service.html"
expect "the pages are valid HTML" "$npm/node_modules/.bin/html-validate" --config "$npm/html-validate.json" \
  "$work/list.html" "$work/service.html"

say "fsck beside the server and after it"
fsck "$data"
stop_server
fsck "$data"
say good
