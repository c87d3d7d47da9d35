#!/usr/bin/env bash
# A load of filings while the list is read: nothing that was acknowledged is lost, nothing is filed twice, and the folder
# and the publication are sound after it.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

data=$work/register
services=(L24-0003 L25-0004 L25-0007 L24-0009)
new_register "$data" "$samples/operator-list.csv"
token() { "$program" token issue --data "$data" "$@"; }
operator=$(token --role operator --organisation ISMAP運用支援機関)
registrant=$(token --role registrant --organisation 架空システムズ $(printf -- '--service %s ' "${services[@]}"))
start_server "$data"
say "filings under load"
node "$npm/filing-load.mjs" "$base" "$registrant" "$operator" "${services[@]}" >"$work/load.json" || fail "the load"
jq -e '.filed == 175 and .reads > 3' "$work/load.json" >/dev/null || fail "too little: $(cat "$work/load.json")"
cat "$work/load.json"
expect "one generation" one_generation
expect "verify over HTTP" "$program" verify "$base" --trust "$data/trust"
fsck "$data"
say "and after a restart"
stop_server
start_server "$data"
[[ $(curl -sSf "$base/v1/filings?limit=1" -H "Authorization: Bearer $registrant" | jq .total) == 175 ]] || fail "filings were lost"
stop_server
fsck "$data"
