#!/usr/bin/env bash
# Evidence of today and of a past day, and a filing's receipt, as two JOSE libraries read them: Debian's José and npm's
# jose. Each is good by the key set alone, and changed and forged copies are refused.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

data=$work/register service=L26-0005 filer=L25-0004
documents=("$work/now.jwt" "$work/past.jwt" "$work/receipt.jwt")
new_register "$data" "$samples/operator-list.csv"
token=$("$program" token issue --data "$data" --role registrant --organisation 架空システムズ株式会社 --service "$filer")
start_server "$data"

# post PATH [JSON]: as the registrant.
post() {
  curl -sSf "$base$1" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -H 'Idempotency-Key: jose-1' \
    --data "${2-}" || fail "POST $1"
}

say "two forms of evidence, and a receipt"
curl -sSf -o "$work/now.jwt" "$base/v1/records/$service.jwt"
curl -sSfg -o "$work/past.jwt" "$base/v1/records/$service.jwt?as_of=2026-11-11"
draft=$(jq -nc --arg service "$filer" \
  '{form: "2-11", $service, reason: {ja: "移転"}, changes: {url: "https://new.example.jp/"}}')
filing=$(post /v1/filings "$draft" | jq -r .id)
post "/v1/filings/$filing/submission" >"$work/filing.json"
jq -j .receipt "$work/filing.json" >"$work/receipt.jwt"
curl -sSf -o "$work/keys.json" "$base/v1/keys.json"
expect "keys.json" jose jws ver -i "$work/keys.json" -k "$data/trust/root.jwks" -O "$work/keyset.json"

say "José (Debian): by the key set; one byte changed, no signature, another key under the same name"
signed() { jose jws ver -i "$1" -k "$work/keyset.json" -O "$work/payload"; }
expect "a key" jose jwk gen -i '{"alg": "ES256"}' -o "$work/stranger.jwk"
for file in "${documents[@]}"; do
  expect "$file" signed "$file"
  cp "$work/payload" "$work/payload.good"
  head=$(cut -d. -f1 "$file" | jose b64 dec -i -)
  length=$(stat -c %s "$file")
  for permille in 0 5 50 333 666 900 985 1000; do
    node "$npm/change-byte.mjs" "$file" $(((length - 1) * permille / 1000)) "$work/changed"
    refuse "$file with byte $(((length - 1) * permille / 1000)) changed" signed "$work/changed"
  done
  printf '%s.%s.' "$(jq -cj '.alg = "none"' <<<"$head" | jose b64 enc -I -)" "$(cut -d. -f2 "$file")" >"$work/changed"
  refuse "$file without a signature" signed "$work/changed"
  jose jws sig -I "$work/payload.good" -k "$work/stranger.jwk" -s "{\"protected\": $head}" -c -o "$work/changed"
  refuse "$file signed by another key" signed "$work/changed"
  echo "good: $(basename "$file"), $(jq -r .typ <<<"$head"); refused: 8 changes of one byte, no signature, another key"
done

say "jose (npm): the same, with the claims, the place of each leaf in the log, and forgeries"
expect "verify-evidence" node "$npm/verify-evidence.mjs" "$base" --trust "$data/trust" --tamper "${documents[@]}"
cat "$work/last"

say "the receipt is for what was filed"
expect "the receipt" signed "$work/receipt.jwt"
filed=$(jq -cSj .payload "$work/filing.json" | sha256sum | cut -d' ' -f1)
[[ $(jq -r '.filing + " " + .payload_sha256' "$work/payload") == "$filing $filed" ]] || fail "the receipt is for something else"
stop_server
say good
