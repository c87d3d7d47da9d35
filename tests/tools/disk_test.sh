#!/usr/bin/env bash
# A disk that fails under the real server: fsync, write and the database's last write fail on the database or on the
# guard file, with what they wrote kept, lost or torn (tests/tools/disk_faults.cc). Each time the client is told, by a
# refusal or with the number of what is recorded; nothing that was acknowledged is lost; the folder is sound; a repeated
# Idempotency-Key is done exactly once; what is shown is one generation.
#   disk_test.sh PROGRAM SHIM
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

shim=$(realpath "${2:?the shim that makes the disk fail}")
data=$work/register control=$work/faults service=L24-0003
new_register "$data" "$samples/operator-list.csv"
token() { "$program" token issue --data "$data" "$@"; }
operator=$(token --role operator --organisation ISMAP運用支援機関)
registrant=$(token --role registrant --organisation 架空システムズ --service "$service")
server_env=(LD_PRELOAD="$shim" ISMAP_DISK_FAULTS="$control")

: >"$control"
# From now on these faults hold, one a line: FILE CALLS ERROR AFTER OUTCOME; none: the disk is well.
disk() { printf '%s\n' "$@" >"$control.new" && mv "$control.new" "$control"; }

# post TOKEN PATH KEY [BODY]: sets $status; the answer is in $work/answer.
post() {
  local body=()
  [[ -z ${4-} ]] || body=(-H 'Content-Type: application/json' -d "$4")
  status=$(curl -sS -o "$work/answer" -w '%{http_code}' -X POST -H "Authorization: Bearer $1" \
    -H "Idempotency-Key: $3" "${body[@]}" "$base$2")
}
answered() { jq -r "$1" "$work/answer"; }
# usage N: the act that sets the number of agencies to N, under the key of N.
usage() {
  post "$operator" "/v1/services/$service/acts" "usage-$1" "$(jq -nc --argjson n "$1" '{act: "usage", article: "11.5(13)",
    agencies_using: $n, reason: {ja: "試験"}, basis: {channel: "試験", received_on: "2026-07-01"}}')"
}
code_of() { curl -s -o /dev/null -w '%{http_code}' "$@"; }
expect_status() { [[ $status == "$1" ]] || { cat "$work/answer" >&2; fail "$2: $status, not $1"; }; }
# The public documents are read on, whatever the disk does.
still_shown() { [[ $(code_of "$base/v1/list.json") == 200 ]] || fail "$1: the list is not shown any more"; }
readiness() { [[ $(code_of "$base/readyz") == "$1" ]] || fail "$2: /readyz is $(code_of "$base/readyz"), not $1"; }

acknowledged=()
acknowledge() { acknowledged+=("$1 $(answered .seq)"); }

# Every acknowledged number of agencies stands in the history once, under the seq that was told.
all_there() {
  curl -sSf -o "$work/history" "$base/v1/services/$service/history"
  printf '%s\n' "${acknowledged[@]}" | jq -eRn --slurpfile history "$work/history" '
    [$history[0].events[] | select(.event == "usage-updated") | [.record.agencies_using, .seq]] as $there |
    [inputs | split(" ") | map(tonumber)] | all(. as $one | [$there[] | select(.[0] == $one[0])] == [$one])' >/dev/null ||
    fail "$1: an acknowledged act is not there exactly once"
}

restart() {
  stop_server
  fsck "$data"
  start_server "$data"
}

n=1000
# begin_fault WHERE FAULT: an act under a new key meets the fault.
begin_fault() {
  say "$1: $2"
  n=$((n + 1))
  disk "$2"
  usage "$n"
  expect_status 503 "$2"
  still_shown "$2"
}
# end_fault WHAT [STATUS]: the same request again, on the disk that is well again, is done or found done; so it is after a restart.
end_fault() {
  usage "$n"
  [[ $status =~ ^(${2-200|201})$ ]] || { cat "$work/answer" >&2; fail "$1: when repeated: $status"; }
  acknowledge "$n"
  readiness 200 "$1"
  expect "$1: one generation" one_generation
  all_there "$1"
  restart
  usage "$n"
  expect_status 200 "$1: after the restart"
  [[ $(answered .seq) == "${acknowledged[-1]#* }" ]] || fail "$1: another seq after the restart"
  expect "$1: one generation after the restart" one_generation
  all_there "$1"
}

start_server "$data"
usage 1000
expect_status 201 "an act on a disk that is well"
acknowledge 1000

# Before the last write of a commit nothing is recorded, and the server goes on.
for fault in 'sync EIO 0 lost' 'sync EIO 0 kept' 'write EIO 0 lost' 'write ENOSPC 0 torn' 'write ENOSPC 1 torn' 'write EIO 2 kept'; do
  fault="data.mdb $fault"
  begin_fault "the database" "$fault"
  [[ $(answered .seq) == null ]] || fail "$fault: a seq of what is not recorded"
  answered '.errors[0].detail.en' | grep -q 'nothing was recorded' || fail "$fault: does not say that nothing is recorded"
  readiness 200 "$fault"
  disk
  end_fault "$fault"
done

# The last write fails: LMDB lets nobody in until it is opened again, and only then it shows whether the act is there.
for fault in 'meta EIO 0 lost' 'meta ENOSPC 0 torn' 'meta EIO 0 kept' 'meta EIO 0 stuck'; do
  fault="data.mdb $fault"
  begin_fault "the database's last write" "$fault"
  disk
  answered '.errors[0].detail.en' | grep -q 'started again' || { cat "$work/answer" >&2; fail "$fault: does not say what to do"; }
  readiness 503 "$fault"
  usage "$n"
  expect_status 503 "$fault: a good token on a stopped database"
  [[ $(code_of "$base/v1/services/$service/history") == 503 ]] || fail "$fault: the history is not refused as 503"
  still_shown "$fault"
  restart
  # LMDB undoes a write that it was told failed; when it cannot, the act is there, and is found done.
  case $fault in
    *stuck) end_fault "$fault" 200 ;;
    *) end_fault "$fault" 201 ;;
  esac
done

# The guard file: the act is recorded and its number is told; it is published when the disk is well again.
for fault in 'last-signed.json.tmp write ENOSPC 0 lost' 'last-signed.json.tmp write ENOSPC 0 torn' \
  'last-signed.json.tmp sync EIO 0 lost' 'last-signed.json.tmp sync EIO 0 kept' 'register sync EIO 0 lost' 'register sync EIO 0 kept'; do
  begin_fault "the guard file" "$fault"
  [[ $(answered .recorded) == true ]] || { cat "$work/answer" >&2; fail "$fault: does not say that it is recorded"; }
  seq=$(answered .seq)
  readiness 503 "$fault"
  [[ $(code_of "$base/v1/events/$seq.json") == 404 ]] || fail "$fault: the event is shown before it is published"
  usage "$n"
  expect_status 503 "$fault: the same again"
  [[ $(answered .seq) == "$seq" ]] || fail "$fault: done twice"
  disk
  end_fault "$fault"
  [[ ${acknowledged[-1]#* } == "$seq" ]] || fail "$fault: acknowledged under another seq"
done

say "the guard file, and a restart before the disk is well"
n=$((n + 1))
disk 'last-signed.json.tmp write ENOSPC 0 torn'
usage "$n"
expect_status 503 "a full disk"
seq=$(answered .seq)
stop_server
fsck "$data"
refuse "a server that cannot sign" env "${server_env[@]}" timeout 60 "$program" serve --data "$data" --listen 127.0.0.1:0
grep -q 'No space left' "$work/last" || { cat "$work/last" >&2; fail "the server does not say why it cannot sign"; }
disk
start_server "$data"
[[ $(code_of "$base/v1/events/$seq.json") == 200 ]] || fail "what was recorded is not published by the next start"
end_fault "a start on the mended disk"
[[ ${acknowledged[-1]#* } == "$seq" ]] || fail "acknowledged under another seq"

say "the guard file, mended in the background"
n=$((n + 1))
disk 'last-signed.json.tmp sync EIO 0 lost'
usage "$n"
expect_status 503 "a failing guard file"
seq=$(answered .seq)
disk
for _ in $(seq 150); do
  [[ $(code_of "$base/v1/events/$seq.json") == 200 ]] && break
  sleep 0.1
done
readiness 200 "after the background's publication"
end_fault "in the background"

say "a filing on a full disk"
post "$registrant" /v1/filings none "{\"form\":\"2-11\",\"service\":\"$service\",\"changes\":{\"url\":\"https://new.example.jp/\"},\"reason\":{\"ja\":\"試験\"}}"
expect_status 201 "a draft"
filing=$(answered .id)
disk 'data.mdb write ENOSPC 0 torn'
post "$registrant" "/v1/filings/$filing/submission" filing
expect_status 503 "a submission on a full disk"
[[ $(curl -sS -H "Authorization: Bearer $registrant" "$base/v1/filings/$filing" | jq -r .state) == draft ]] ||
  fail "a submission that failed is not a draft any more"
disk
post "$registrant" "/v1/filings/$filing/submission" filing
expect_status 202 "the submission again"
receipt=$(answered .receipt)
restart
post "$registrant" "/v1/filings/$filing/submission" filing
expect_status 202 "the submission after the restart"
[[ $(answered .receipt) == "$receipt" ]] || fail "the filing has two receipts"

stop_server
fsck "$data"
say "good: ${#acknowledged[@]} acknowledged acts, each there exactly once"
