#!/usr/bin/env bash
# Attachments of a filing with curl against the delivered program: what is taken and refused, that 20 MiB do not go through
# memory, that nothing is left of an upload that breaks off or is killed, and that a backup has the files.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

data=$work/register
service=L24-0003
new_register "$data" "$samples/operator-list.csv"
token=$("$program" token issue --data "$data" --role registrant --organisation 架空システムズ --service "$service")
start_server "$data"
bearer="Authorization: Bearer $token"

# pdf BYTES: a PDF of that size, no two alike.
pdf() { printf '%%PDF-1.7\n' && head -c $(($1 - 16)) /dev/urandom && printf '\n%%%%EOF\n'; }
# attach FILE NAME [ARGUMENT...]: prints the status; the answer is in $work/answer.
attach() {
  local file=$1 name=$2
  shift 2
  curl -sS -o "$work/answer" -w '%{http_code}' -X POST -H "$bearer" -H 'Content-Type: application/octet-stream' -T "$file" "$@" \
    "$base/v1/filings/$filing/attachments?name=$name"
}
# The same, slowly, as a process of its own that can be killed.
attach_slowly() {
  exec curl -s -o /dev/null --limit-rate 1M -X POST -H "$bearer" -H 'Content-Type: application/pdf' -T "$1" \
    "$base/v1/filings/$filing/attachments?name=slow.pdf"
}
incoming() { find "$data/attachments/incoming" -type f | wc -l; }
kept() { find "$data/attachments" -maxdepth 1 -type f | wc -l; }
# wait_for WHAT COMMAND...: within ten seconds the command succeeds.
wait_for() {
  local what=$1
  shift
  for _ in $(seq 200); do "$@" && return 0; sleep 0.05; done
  fail "$what"
}
is() { [[ $("$1") == "$2" ]]; }
# In KiB; the program is the child of timeout.
most_memory() { sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$(pgrep -P "$server_pid")/status"; }

curl -sS "$base/v1/filings" -H "$bearer" -H 'Content-Type: application/json' -d "{
  \"form\": \"2-11\", \"service\": \"$service\", \"reason\": {\"ja\": \"移転\"},
  \"changes\": {\"url\": \"https://service003.example.jp/liu/\"}}" >"$work/filing"
filing=$(jq -r .id "$work/filing")

say "files of office programs go in and come back as they were"
limit=$((20 * 1024 * 1024))
pdf 5000 >"$work/small.pdf"
[[ $(attach "$work/small.pdf" '%E5%A5%91%E7%B4%84%E6%9B%B8.pdf') == 201 ]] || fail "a small PDF: $(cat "$work/answer")"
[[ $(jq -r '.name, .sha256' "$work/answer") == "契約書.pdf
$(sha256sum <"$work/small.pdf" | cut -d' ' -f1)" ]] || fail "what was attached"
curl -sSf -H "$bearer" "$base/v1/filings/$filing/attachments/1" | cmp - "$work/small.pdf" || fail "it came back otherwise"
for seed in "$root"/tests/fuzz/seeds/attachment_fuzz/{docx,odt}; do
  [[ $(attach "$seed" "a.${seed##*/}") == 201 ]] || fail "${seed##*/}: $(cat "$work/answer")"
done
[[ $(attach "$root/tests/fuzz/seeds/attachment_fuzz/macros" a.docx) == 415 ]] || fail "a file with macros"
[[ $(attach "$samples/operator-list.csv" a.pdf) == 415 ]] || fail "a CSV that is called a PDF"

say "20 MiB do not go through memory, in or out"
before=$(most_memory)
for n in 1 2 3 4; do
  pdf "$limit" >"$work/large.pdf"
  [[ $(attach "$work/large.pdf" "large$n.pdf") == 201 ]] || fail "20 MiB: $(cat "$work/answer")"
  number=$(jq .number "$work/answer")
  curl -sSf -H "$bearer" "$base/v1/filings/$filing/attachments/$number" | cmp - "$work/large.pdf" || fail "20 MiB came back otherwise"
done
grown=$(($(most_memory) - before))
((grown < 16 * 1024)) || fail "the server took $grown KiB for it"
say "the server took $grown KiB for four files of 20 MiB"
pdf $((limit + 1)) >"$work/too-large.pdf"
[[ $(attach "$work/too-large.pdf" b.pdf) == 413 ]] || fail "a byte more"
[[ $(attach "$work/large.pdf" b.pdf -H 'Transfer-Encoding: chunked') == 501 ]] || fail "chunks"
[[ $(attach "$work/large.pdf" b.pdf -H 'Authorization: Bearer x') == 401 ]] || fail "without a token"
[[ $(incoming) == 0 && $(kept) == 7 ]] || fail "what is on the disk: $(incoming) and $(kept)"

say "an upload that breaks off, or whose server is killed, leaves nothing"
pdf 9000000 >"$work/slow.pdf"
attach_slowly "$work/slow.pdf" &
client=$!
wait_for "it is on its way" is incoming 1
kill "$client"
wait "$client" 2>/dev/null || :
wait_for "it is gone" is incoming 0
attach_slowly "$work/slow.pdf" &
client=$!
wait_for "it is on its way" is incoming 1
pkill -KILL -P "$server_pid" || :
wait "$server_pid" 2>/dev/null || :
wait "$client" 2>/dev/null || :
[[ $(incoming) == 1 ]] || fail "the killed server left nothing to be removed"
start_server "$data"
[[ $(incoming) == 0 && $(kept) == 7 ]] || fail "what is on the disk: $(incoming) and $(kept)"
fsck "$data"

say "a backup has the files; fsck tells one that is missing or another"
expect "backup" "$program" backup --data "$data" "$work/backup"
diff -r "$work/backup/attachments" "$data/attachments" --exclude incoming || fail "the files of the backup"
digest=$(sha256sum <"$work/small.pdf" | cut -d' ' -f1)
printf X | dd of="$work/backup/attachments/$digest" bs=1 seek=100 conv=notrunc status=none
refuse "a changed file" "$program" fsck --data "$work/backup"
grep -q "$digest does not have the bytes" "$work/last" || fail "the changed file is not named"
rm "$work/backup/attachments/$digest"
refuse "a missing file" "$program" fsck --data "$work/backup"
grep -q "$digest is missing" "$work/last" || fail "the missing file is not named"
