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
expect "values" node "$npm/check-values.mjs" "$vectors"
cat "$work/last"
say good
