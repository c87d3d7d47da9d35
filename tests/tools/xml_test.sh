#!/usr/bin/env bash
# The signed Atom feeds as two XML signature libraries read them, npm's xml-crypto and xmlsec1: the feed of all events, a
# full archive and a service's feed, by the key of the key set. What was changed, wrapped or signed by another is refused.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

data=$work/register
feeds=(/v1/events.atom /v1/events/archive/0.atom /v1/services/L20-0123.atom)
new_register "$data" <(node "$root/ops/bench/generate-list.mjs" 260)
start_server "$data"

say "xml-crypto: good, and forged copies refused"
expect "xml-crypto" node "$npm/verify-atom.mjs" "$base" --trust "$data/trust" --tamper "${feeds[@]}"
cat "$work/last"

say "xmlsec1: the same feeds"
curl -sSf -o "$work/keys.json" "$base/v1/keys.json"
expect "keys.json" jose jws ver -i "$work/keys.json" -k "$data/trust/root.jwks" -O "$work/keyset.json"
kid=$(jq -r '.atom[0].kid' "$work/keyset.json")
jq -r '.atom[0].x5c[0]' "$work/keyset.json" | base64 -d | openssl x509 -inform DER -pubkey -noout >"$work/atom.pem"
xmlsec() { xmlsec1 --verify --enabled-key-data key-name --pubkey-pem:"$kid" "$work/atom.pem" "$1"; }
for path in "${feeds[@]}"; do
  curl -sSf -o "$work/feed" "$base$path"
  expect "$path" xmlsec "$work/feed"
  # KeyInfo is a hint that no signature covers: what stands before it is.
  length=$(grep -abo '<KeyInfo>' "$work/feed" | tail -n 1 | cut -d: -f1)
  for permille in 0 7 333 666 999; do
    node "$npm/change-byte.mjs" "$work/feed" $((length * permille / 1000)) "$work/changed"
    refuse "$path with byte $((length * permille / 1000)) changed" xmlsec "$work/changed"
  done
  echo "good: $path; refused: 5 changes of one byte"
done

say "both: the feed of another log"
new_register "$work/other"
stop_server
expect "export" "$program" export --data "$work/other" "$work/site"
refuse "the feed of another log" xmlsec "$work/site/v1/events.atom"
refuse "xml-crypto: the feed of another log" node "$npm/verify-atom.mjs" "$work/site" --trust "$data/trust" /v1/events.atom
say good
