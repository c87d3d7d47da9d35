#!/usr/bin/env bash
# The OpenAPI document of the running program: good by two linters, and by every operation, which is called well by the
# examples of the document and badly; each answer is what the document says. The reference and the pages of refusals are
# valid HTML without scripts and styles of their own.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

linters=$root/tests/npm-openapi/node_modules/.bin lint=$root/tests/npm-openapi
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

say "a rehearsal, in whose time the examples are"
data=$work/register
expect init "$program" init --data "$data" --origin liu.example.jp/log --clock 2026-12-01T00:00:00Z
expect import "$program" import --data "$data" --clock 2026-12-01T00:10:00Z "$samples/operator-list.csv"
expect "as many more as fill an archive" "$program" import --data "$data" --clock 2026-12-01T00:20:00Z \
  <(node "$root/ops/bench/generate-list.mjs" 200)
start_server "$data" --clock 2026-12-01T03:00:00Z

say "redocly and spectral"
curl -sSf -D "$work/head" -o "$work/openapi.json" "$base/openapi.json"
grep -qi '^etag: "' "$work/head" || fail "the document has no ETag"
expect redocly "$linters/redocly" lint --config "$lint/redocly.yaml" "$work/openapi.json"
expect spectral "$linters/spectral" lint --fail-severity=hint --ruleset "$lint/spectral.yaml" "$work/openapi.json"
jq 'del(.paths["/v1/services"].get.responses)' "$work/openapi.json" >"$work/wrong.json"
refuse "redocly: an operation without answers" "$linters/redocly" lint --config "$lint/redocly.yaml" "$work/wrong.json"
refuse "spectral: an operation without answers" "$linters/spectral" lint --fail-severity=hint --ruleset "$lint/spectral.yaml" \
  "$work/wrong.json"

say "every operation, well and badly"
token() { "$program" token issue --data "$data" --role "$1" --organisation "$2" "${@:3}" --json | jq -r .token; }
jq -n --arg operator "$(token operator ISMAP運用支援機関)" --arg committee "$(token committee ISMAP運営委員会)" \
  --arg second "$(token committee ISMAP運営委員会)" --arg registrant "$(token registrant 株式会社架空 --service L25-0004)" \
  --arg rotating "$(token auditor 監査法人)" --arg other "$(token registrant 合同会社例示 --service L25-0007)" \
  '{operator: $operator, committee: $committee, second: $second, registrant: $registrant, rotating: $rotating, other: $other}' \
  >"$work/tokens.json"
expect "two persons suspend" "$program" settings --data "$data" --four-eyes suspend --reason 二者確認
expect "the contract" node "$npm/contract.mjs" "$base" "$work/tokens.json"
cat "$work/last"

say "the pages: valid HTML, in both languages"
pages=()
for path in reference en/reference problems en/problems problems/invalid en/problems/forbidden; do
  page=$work/${path//\//-}.html
  curl -sSf -D "$work/head" -o "$page" "$base/$path"
  grep -qi "^content-security-policy: default-src 'self'; " "$work/head" || fail "$path: another policy"
  grep -q -e '<script' -e 'style=' -e '<style' "$page" && fail "$path has a script or a style"
  pages+=("$page")
done
expect "html-validate" "$npm/node_modules/.bin/html-validate" --config "$npm/html-validate.json" "${pages[@]}"
jq -r '.paths[][] | .operationId' "$work/openapi.json" | while read -r id; do
  grep -q " id=\"$id\"" "$work/reference.html" || fail "the reference has no $id"
done
fsck "$data"
stop_server
say good
