#!/usr/bin/env bash
# The key set, the list, evidence with its proof and the checkpoint, verified in Chromium by its own WebCrypto from an
# exported folder. Copies with one changed byte are refused, and so is everything by the root keys of another register.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

data=$work/register
new_register "$data" "$samples/operator-list.csv"
new_register "$work/other"
expect "export" "$program" export --data "$data" "$work/site"
say "Chromium: ECDSA P-256, Ed25519 and SHA-256 of WebCrypto"
expect "in the browser" node "$root/tests/browser/run.mjs" "$work/site" --trust "$data/trust" --other "$work/other/trust" \
  --service L26-0005
cat "$work/last"
say good
