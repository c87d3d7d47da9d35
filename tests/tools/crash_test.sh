#!/usr/bin/env bash
# Nothing that was acknowledged is lost or done twice: clients file and act while the server is killed (SIGKILL) at random
# moments and started again. After each start the published state is one generation; at the end every acknowledged event
# is in the history exactly once. Then: a second server is told, a torn, a missing and a newer guard file stop the signing.
#   ISMAP_CRASH_ROUNDS  how often the server is killed (default 12)
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

rounds=${ISMAP_CRASH_ROUNDS:-12}
data=$work/register
services=(L24-0003 L25-0004)
new_register "$data" "$samples/operator-list.csv"
token() { "$program" token issue --data "$data" "$@"; }
operator=$(token --role operator --organisation ISMAP運用支援機関)
registrant=$(token --role registrant --organisation 架空システムズ --service "${services[0]}" --service "${services[1]}")

# timeout passes no SIGKILL on: its child is the server.
kill_server() {
  pkill -KILL -P "$server_pid" || :
  wait "$server_pid" 2>/dev/null || :
  server_pid=
}
say "$rounds kills under load"
start_server "$data"
seconds=$((rounds * 6 / 10 + 2))
clients=()
for service in "${services[@]}"; do
  node "$npm/crash-client.mjs" "$base" "$registrant" "$operator" "$service" "$seconds" >"$work/$service.json" 2>"$work/$service.log" &
  clients+=($!)
done
for ((round = 1; round <= rounds; ++round)); do
  sleep "0.$(printf %03d $((RANDOM % 550 + 20)))"
  kill_server
  fsck "$data"
  start_server "$data"
done
for client in "${clients[@]}"; do wait "$client" || { cat "$work"/*.log >&2; fail "a client"; }; done
expect "one generation" one_generation
total=0
for service in "${services[@]}"; do
  curl -sSf "$base/v1/services/$service/history" >"$work/history.json"
  jq -e --slurpfile acked "$work/$service.json" '
    .events as $e | $acked[0] | all(.seq as $s | [$e[] | select(.seq == $s)] | length == 1)' "$work/history.json" >/dev/null ||
    fail "$service lost an acknowledged event"
  jq -e --slurpfile acked "$work/$service.json" '
    ([.events[] | select(.event == "changed" or .event == "usage-updated")] | length) == ($acked[0] | length)' \
    "$work/history.json" >/dev/null || fail "$service did something twice, or that nobody was told of"
  total=$((total + $(jq length "$work/$service.json")))
done
((total >= rounds)) || fail "only $total acts were acknowledged: too few to prove anything"
say "$total acknowledged acts, each there exactly once"

say "two processes on one folder"
refuse "a second server" "$program" serve --data "$data" --listen 127.0.0.1:0
grep -q 'another process owns' "$work/last" || fail "the second server was not told why"
expect "the command line asks the server" "$program" act --data "$data" --role operator usage --service L25-0007 \
  --article '11.5(13)' --reason 試験 --basis 試験 --fields <(echo '{"agencies_using": 500}')

say "guard file"
cp -r "$data/lmdb" "$work/older"
expect "an act" "$program" act --data "$data" --role operator usage --service L25-0007 \
  --article '11.5(13)' --reason 試験 --basis 試験 --fields <(echo '{"agencies_using": 501}')
stop_server
fsck "$data"
mv "$data/lmdb" "$work/newer"
cp -r "$work/older" "$data/lmdb"
refuse "an older database under a newer guard" "$program" serve --data "$data" --listen 127.0.0.1:0
refuse "an act on it" "$program" act --data "$data" --role operator usage --service L25-0007 \
  --article '11.5(13)' --reason 試験 --basis 試験 --fields <(echo '{"agencies_using": 502}')
rm -r "$data/lmdb"
mv "$work/newer" "$data/lmdb"
cp "$data/last-signed.json" "$work/guard"
head -c 40 "$work/guard" >"$data/last-signed.json"
refuse "a torn guard file" "$program" serve --data "$data" --listen 127.0.0.1:0
rm "$data/last-signed.json"
refuse "a missing guard file" "$program" serve --data "$data" --listen 127.0.0.1:0
cp "$work/guard" "$data/last-signed.json"
start_server "$data"
stop_server
fsck "$data"
say good
