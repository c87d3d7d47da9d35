#!/usr/bin/env bash
# docs/schemas: what the running program publishes, and the vectors, are good by them; changed copies are not.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

check() { expect "schemas" node "$npm/check-schemas.mjs" "$root/docs/schemas" "$@"; cat "$work/last"; }

# act ROLE ACT SERVICE ARTICLE FIELDS: does it on the register, beside its server.
act() {
  expect "$2" "$program" act --data "$data" --role "$1" "$2" --service "$3" --article "$4" --reason 試験 --basis 試験 \
    --fields <(printf '%s' "$5")
}

say "the vectors"
vectors=$root/docs/vectors
check "$vectors/publication" "$vectors"/evidence/{past,before,current,receipt}.jwt

say "a list of an operator, acts, a filing and its receipt"
data=$work/register
new_register "$data" "$samples/operator-list.csv"
start_server "$data"
service=$(curl -sSf "$base/v1/list.json" | jq -r '[.records[].record | select(.state == "registered")][0].id')
act operator usage "$service" '11.5(13)' '{"agencies_using": 12}'
seq=$(curl -sSf "$base/v1/services/$service" | jq .seq)
expect "correct" "$program" act --data "$data" --role operator correct --service "$service" --reason 試験 --basis 試験 \
  --fields <(printf '{"seq": %d, "changes": {"agencies_using": 13}}' "$seq")
token() { "$program" token issue --data "$data" --role "$1" --organisation "$2" "${@:3}" --json | jq -r .token; }
registrant=$(token registrant 株式会社架空 --service "$service")
post() { curl -sSf -H "Authorization: Bearer $1" -H 'Content-Type: application/json' -d "$3" "${@:4}" "$base$2"; }
filing=$(post "$registrant" /v1/filings "$(jq -n --arg s "$service" \
  '{form: "2-11", service: $s, changes: {url: "https://schemas.example.jp/"}, reason: {ja: "試験"}}')" | jq -r .id)
post "$registrant" "/v1/filings/$filing/submission" '' -H 'Idempotency-Key: 1' | jq -j .receipt >"$work/receipt.jwt"
expect "decide" "$program" decide --data "$data" --role operator "$filing" accept --article 14.2 --reason 試験
now=$(date -u +%Y-%m-%dT%H:%M:%S.000Z)
curl -sSf "$base/v1/records/$service.jwt?as_of=$(TZ=Asia/Tokyo date +%F)&known_at=$now" >"$work/past.jwt"
curl -sSf "$base/v1/records/$service.jwt?as_of=2001-01-01&known_at=$now" >"$work/before.jwt"
expect "export" "$program" export --data "$data" "$work/site"
check "$work/site" "$work/past.jwt" "$work/before.jwt" "$work/receipt.jwt"
jq -e '.receipt != null' "$work/site/v1/events/$(curl -sSf "$base/v1/services/$service" | jq .seq).json" >/dev/null ||
  fail "the change names no receipt"
say good
