#!/usr/bin/env bash
# docs/vectors: what `ismap-liu verify` says of the honest publication and of each tampered one, at a fixed instant; and
# the honest one read by code that is not the register's.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

vectors=$root/docs/vectors
now=$(jq .now "$vectors/vectors.json")

say "every case of vectors.json"
expect "vectors" node "$npm/check-vectors.mjs" "$program" "$vectors" "$work/case"
cat "$work/last"

say "npm: the list, the leaves, the log and the evidence"
expect "verify-list" node "$npm/verify-list.mjs" "$vectors/publication" --trust "$vectors/trust" --now "$now"
cat "$work/last"
expect "verify-log" node "$npm/verify-log.mjs" "$vectors/publication" --trust "$vectors/trust" --now "$now" --tiles \
  --record L24-0001 --record L24-0002
cat "$work/last"
say "npm: a key set that asks for fewer root signatures than are pinned"
# pinned CASE: the trust folder of that case.
pinned() {
  mkdir -p "$work/$1"
  cp "$vectors/trust/keysver" "$work/$1"
  jq -c --arg name "$1" '.cases[] | select(.name == $name).pinned' "$vectors/vectors.json" >"$work/$1/root.jwks"
}
for name in pin-one-of-two keys-pinned-threshold keys-pinned-all; do pinned "$name"; done
npm_list() { node "$npm/verify-list.mjs" "$vectors/publication" --trust "$work/$1" --now "$now"; }
expect "one of two" npm_list pin-one-of-two
refuse "two of two" npm_list keys-pinned-threshold
refuse "all of two" npm_list keys-pinned-all

say "xmlsec1: a feed by the new key, the archive by the one that retired"
# feed PATH VERSION: by the first Atom key of that version of the key set.
feed() {
  jq -r .payload "$vectors/publication/v1/keys/$2.json" | jose b64 dec -i - | jq .atom[0] >"$work/atom.json"
  jq -r .x5c[0] "$work/atom.json" | base64 -d | openssl x509 -inform DER -pubkey -noout >"$work/atom.pem"
  xmlsec1 --verify --enabled-key-data key-name --pubkey-pem:"$(jq -r .kid "$work/atom.json")" "$work/atom.pem" \
    "$vectors/publication/v1/$1"
}
expect "events.atom" feed events.atom 3
expect "archive 0" feed events/archive/0.atom 1
refuse "archive 0 by the new key" feed events/archive/0.atom 3

say "npm: the small values"
expect "values" node "$npm/check-values.mjs" "$vectors"
cat "$work/last"
say good
