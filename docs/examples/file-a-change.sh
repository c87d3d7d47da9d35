#!/usr/bin/env bash
# Files a change of listed items (掲載事項変更届出書, form 2-11) with curl and jq: dry run, draft, submission, receipt, state.
#   ISMAP_LIU_TOKEN=… file-a-change.sh BASE SERVICE CHANGES REASON RECEIPT [SECONDS]
#   CHANGES   a JSON file: {"url": "https://…"}      REASON   why, in Japanese
#   RECEIPT   where the signed receipt goes           SECONDS  how long to wait for the decision (default 0: not at all)
# Exit 0: filed (and accepted, where it waited); 1: refused or returned; 2: not decided yet.
set -euo pipefail

base=$1 service=$2 changes=$3 reason=$4 receipt=$5 seconds=${6:-0}
: "${ISMAP_LIU_TOKEN:?the token}"
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# call METHOD PATH [CURL OPTION]...: the status; the body is in $answer. curl waits and tries again on 429 and 503, as
# Retry-After says, and when no answer comes. The token goes in by a file descriptor: arguments can be seen by others.
call() {
  curl -sS -o "$answer" -w '%{http_code}' --max-time 60 --retry 6 --retry-all-errors -X "$1" \
    -H @<(printf 'Authorization: Bearer %s\n' "$ISMAP_LIU_TOKEN") "${@:3}" "$base$2"
}

# What a refusal says: where, under which article, what to do.
refused() {
  jq -r '"\(.status) \(.title)", (.errors[] | "\(.pointer) \(.article // "") \(.detail.ja)")' "$answer" >&2
  exit 1
}

filing=$(jq -n --arg service "$service" --arg reason "$reason" --slurpfile changes "$changes" \
  '{form: "2-11", service: $service, reason: {ja: $reason}, changes: $changes[0]}')
json=(-H 'Content-Type: application/json' -d "$filing")

# 1. What would change, and every mistake at once; nothing is kept.
[[ $(call POST '/v1/filings?dry_run=true' "${json[@]}") == 200 ]] || refused
jq -r '.diff[] | "\(.item) \(.pointer): \(.old) → \(.new)"' "$answer"

# 2. The draft. With its key a repeated request gets the draft of the first time, whose answer may have been lost. An open
# draft of somebody else is refused (409) and named.
key=draft-$(cat /proc/sys/kernel/random/uuid)
[[ $(call POST /v1/filings "${json[@]}" -H "Idempotency-Key: $key") == 201 ]] || refused
id=$(jq -r .id "$answer")

# 3. The submission. Its key is that of the draft, so that however often it is sent it is filed once.
[[ $(call POST "/v1/filings/$id/submission" -H "Idempotency-Key: submit-$id") == 202 ]] || refused
jq -j .receipt "$answer" >"$receipt"
echo "$id received at $(jq -r .received_at "$answer"), receipt in $receipt"

# 4. The decision of the operator.
end=$((SECONDS + seconds))
while :; do
  [[ $(call GET "/v1/filings/$id") == 200 ]] || refused
  state=$(jq -r .state "$answer")
  [[ $state == received && $SECONDS -lt $end ]] || break
  sleep 2
done
echo "$id $state$(jq -r 'if .decision then " (\(.decision.article)): \(.decision.reason)" else "" end' "$answer")"
case $state in
  accepted) exit 0 ;;
  received) ((seconds == 0)) || exit 2 ;;
  *) exit 1 ;;
esac
