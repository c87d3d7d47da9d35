#!/usr/bin/env bash
# Keys that change, through the program alone and with the clock moved (tests/tools/clock_shift.cc): a planned rotation
# of every signing key and of the root, a revocation, an expired key set, and private keys under a passphrase. The server
# runs all the time; the root key is never in its folder. What was filed before still verifies after.
#   keys_test.sh PROGRAM SHIM
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

shim=$(realpath "${2:?the shim that moves the clock}")
data=$work/register offline=$work/offline filed=$work/filed shift_file=$work/shift
server_env=(LD_PRELOAD="$shim" ISMAP_CLOCK_SHIFT="$shift_file")
hour=3600 day=86400 service=L24-0003
shifted=0
mkdir -p "$offline" "$filed/keys"
echo 0 >"$shift_file"

liu() { env "${server_env[@]}" "$program" "$@"; }
key() { liu key "$1" --data "$data" "${@:2}"; }

# later SECONDS: moves the clock, and waits until the server has signed again.
later() {
  shifted=$((shifted + $1))
  echo "$shifted" >"$shift_file.new" && mv "$shift_file.new" "$shift_file"
  local wanted=$(($(date +%s) + shifted))
  for _ in $(seq 100); do
    (($(curl -s "$base/v1/list.json" | jq .iat) >= wanted)) && return 0
    sleep 0.1
  done
  fail "the server did not sign again at +$shifted s"
}

# signed DRAFT ROOT...: adds the signatures of root keys of the offline machine.
signed() {
  local draft=$1 root
  shift
  for root in "$@"; do expect "sign with $root" liu key sign --root "$offline/$root" "$draft" --yes; done
}
install() { expect "install $1" key install "$1"; }

list_kid() { curl -s "$base/v1/list.jwt" | cut -d. -f1 | base64 -d 2>/dev/null | jq -r .kid; }
kids() { liu key list --data "$data" --json | jq -r --arg role "$1" '.keys[] | select(.role == $role) | .kid'; }
state() { liu key list --data "$data" --json | jq -r --arg kid "$1" '.keys[] | select(.kid == $kid) | .state'; }
version() { curl -s "$base/v1/keys.json" | jq -r .payload | tr '_-' '/+' | base64 -d 2>/dev/null | jq .ver; }
expect_version() { [[ $(version) == "$1" ]] || fail "key set $(version), not $1"; }
verified() { expect "verify by $1: $2" liu verify "$base" --trust "$1" --service "$service"; }
evidence_holds() { liu verify --evidence "$1" --keys "$filed/keys" --trust "$work/pinned"; }

new_register "$data" "$samples/operator-list.csv"
mv "$data/keys/root.pem" "$offline/"
cp -r "$data/trust" "$work/pinned"
start_server "$data"

say "what is filed today"
curl -sSf -o "$filed/old.jwt" "$base/v1/records/$service.jwt"
curl -sSf -o "$filed/keys/1.json" "$base/v1/keys/1.json"
old_jwt=$(kids jwt) old_log=$(kids log) old_atom=$(kids atom)
[[ $(list_kid) == "$old_jwt" ]] || fail "the list is signed by another key"

say "a planned rotation of jwt, log and atom"
before=$(ls "$data/keys")
touch "$work/taken"
refuse "a draft over a file that is there" key rotate jwt log atom --out "$work/taken"
[[ $(ls "$data/keys") == "$before" ]] || fail "a refused rotation left keys behind"
expect rotate key rotate jwt log atom --out "$work/draft2"
refuse "a draft that nobody signed" key install "$work/draft2"
signed "$work/draft2" root.pem
grep -q "adds the log key" "$work/last" || fail "the signer is not told what changes"
install "$work/draft2"
refuse "the same again" key install "$work/draft2"
expect_version 2
verified "$work/pinned" "the new keys are published"
[[ $(list_kid) == "$old_jwt" ]] || fail "a new key signs before its time"
[[ $(state "$old_jwt") == signing ]] || fail "key list names another key"
refuse "a key in use retires" key retire "$old_jwt" --out "$work/none"
later $((47 * hour))
[[ $(list_kid) == "$old_jwt" ]] || fail "a new key signs after 47 hours"
later $((1 * hour))
new_jwt=$(kids jwt | tail -n 1)
[[ $(list_kid) == "$new_jwt" && $new_jwt != "$old_jwt" ]] || fail "the new key does not sign after 48 hours"
[[ $(curl -s "$base/v1/events.atom") == *"<KeyName>$(kids atom | tail -n 1)</KeyName>"* ]] || fail "another Atom key"
verified "$work/pinned" "the new keys sign"
refuse "a key retires before its last list has expired" key retire "$old_jwt" --out "$work/none"
later $((48 * hour))
expect retire key retire --out "$work/draft3" -- "$old_jwt" "$old_log" "$old_atom"
signed "$work/draft3" root.pem
install "$work/draft3"
expect_version 3
verified "$work/pinned" "the old keys have retired"

say "a rotation of the root, two of two in between"
expect new-root liu key new-root --out "$offline/root2.pem" --public "$work/root2.jwk"
expect "rotate root" key rotate root --add "$work/root2.jwk" --threshold 2 --out "$work/draft4"
signed "$work/draft4" root.pem
refuse "the new root has not signed" key install "$work/draft4"
signed "$work/draft4" root2.pem
install "$work/draft4"
old_root=$(jq -r '.keys[0].kid' "$work/pinned/root.jwks")
expect "rotate root" key rotate root --remove="$old_root" --threshold 1 --out "$work/draft5"
signed "$work/draft5" root2.pem
refuse "the threshold of version 4 is two" key install "$work/draft5"
signed "$work/draft5" root.pem
install "$work/draft5"
expect_version 5
verified "$work/pinned" "from the first root on"
verified "$data/trust" "from the new root on"
[[ $(cat "$data/trust/keysver") == 5 ]] || fail "new verifiers are not told of the new root"
refuse "the old root" bash -c "'$program' key renew --data '$data' --out '$work/draft' && '$program' key sign --root '$offline/root.pem' '$work/draft' --yes"

say "npm's jose walks the same versions"
expect "verify-list" node "$npm/verify-list.mjs" "$base" --trust "$work/pinned" --now "$(($(date +%s) + shifted))"

say "a stolen list key is revoked, and replaced at once"
curl -sSf -o "$filed/before-theft.jwt" "$base/v1/records/$service.jwt"
last_good=$(curl -s "$base/v1/list.json" | jq .ver)
later $((2 * hour))
curl -sSf -o "$filed/after-theft.jwt" "$base/v1/records/$service.jwt"
expect revoke key revoke --reason "盗難の疑い" --last-good-ver "$last_good" --out "$work/draft6" -- "$new_jwt"
signed "$work/draft6" root2.pem
install "$work/draft6"
expect_version 6
[[ $(list_kid) == "$(kids jwt)" && $(list_kid) != "$new_jwt" ]] || fail "the stolen key still signs"
verified "$work/pinned" "after the theft"

say "what was filed still verifies, by the version that held its key"
for n in 2 3 4 5 6; do curl -sSf -o "$filed/keys/$n.json" "$base/v1/keys/$n.json"; done
expect "evidence of before the rotation" evidence_holds "$filed/old.jwt"
expect "evidence of before the theft" evidence_holds "$filed/before-theft.jwt"
refuse "evidence of after the theft" evidence_holds "$filed/after-theft.jwt"

say "the key set expires, and is renewed"
code_of_ready() { curl -s -o /dev/null -w '%{http_code}' "$base/readyz"; }
shifted=$((shifted + 401 * day))
echo "$shifted" >"$shift_file"
for _ in $(seq 100); do [[ $(code_of_ready) == 503 ]] && break; sleep 0.1; done
[[ $(code_of_ready) == 503 ]] || fail "ready with an expired key set"
expect renew key renew --out "$work/draft7"
signed "$work/draft7" root2.pem
install "$work/draft7"
expect_version 7
[[ $(code_of_ready) == 200 ]] || fail "not ready with a renewed key set"
verified "$work/pinned" "after the renewal"
stop_server
fsck "$data"

say "private keys under a passphrase"
data=$work/secret
printf 'correct horse battery staple\n' >"$work/passphrase" && chmod 600 "$work/passphrase"
expect init liu init --data "$data" --origin liu.example.jp/log --passphrase-file "$work/passphrase"
grep -L 'BEGIN ENCRYPTED PRIVATE KEY' "$data"/keys/*.pem | grep . && fail "a key is not encrypted"
mv "$data/keys/root.pem" "$offline/secret-root.pem"
refuse "serve without it" liu serve --data "$data" --listen 127.0.0.1:0
start_server "$data" --passphrase-file "$work/passphrase"
expect rotate key rotate jwt --out "$work/secret-draft" --passphrase-fd 3 3<"$work/passphrase"
refuse "sign without it" liu key sign --root "$offline/secret-root.pem" "$work/secret-draft" --yes
expect sign liu key sign --root "$offline/secret-root.pem" "$work/secret-draft" --yes --passphrase-file "$work/passphrase"
install "$work/secret-draft"
expect_version 2
later $((48 * hour))
[[ $(list_kid) == "$(kids jwt | tail -n 1)" ]] || fail "the encrypted new key does not sign"
stop_server
grep -E 'PRIVATE|battery' "$work/server.log" && fail "a secret is in the log"
say good
