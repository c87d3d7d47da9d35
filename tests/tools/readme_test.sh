#!/usr/bin/env bash
# README.md, or the document $2, tells the truth: its tour runs as it stands, and shows what it says it shows.
#   <!-- tour -->  before a ```sh block: the block is run, in order, all in one shell, beside a fresh data folder
#   <!-- shows --> before a ```text block: each of its lines is in the output of the tour block before; … is anything
# Only the port is replaced, by a free one. With `alone` as $3 there is neither a register nor a server beforehand.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

document=${2:-README.md}

# Splits the tour into $work/N.sh and $work/N.shows; prints how many blocks there are.
split_tour() {
  awk -v out="$work" '
    /^<!-- (tour|shows) -->$/ { kind = $2; next }
    /^```/ && inside { inside = 0; kind = ""; next }
    /^```(sh|text)$/ && kind { inside = 1; if (kind == "tour") file = out "/" ++n ".sh"; else file = out "/" n ".shows"; printf "" > file; next }
    inside { print > file }
    !/^$/ && !inside { kind = "" }
    END { print n + 0 }' "$root/$document"
}

# Each line of the file $1 occurs in the file $2.
shows() {
  local line pattern
  while IFS= read -r line; do
    pattern=$(sed -E 's/[][\.*^$+?(){}|]/\\&/g; s/…/.*/g' <<<"$line")
    grep -qE -- "$pattern" "$2" || { cat "$2" >&2; fail "$document says it shows: $line"; }
  done <"$1"
}

blocks=$(split_tour)
((blocks >= 5)) || fail "$document has a tour of $blocks blocks"

mkdir -p "$work/clone/build/release"
ln -s "$program" "$work/clone/build/release/ismap-liu"
ln -s "$root/tests" "$work/clone/tests"
if [[ ${3-} != alone ]]; then
  new_register "$work/clone/data" "$samples/operator-list.csv"
  start_server "$work/clone/data"
fi

address=${base-}
address=${address#http://}
{
  echo 'set -euo pipefail'
  for ((n = 1; n <= blocks; ++n)); do
    printf 'echo %d >%q\n{\n' "$n" "$work/at"
    sed "s|127\.0\.0\.1:8080|${address}|g" "$work/$n.sh"
    printf '} >%q 2>&1\n' "$work/$n.out"
  done
} >"$work/tour.sh"
(cd "$work/clone" && bash "$work/tour.sh") || {
  n=$(cat "$work/at")
  cat "$work/$n.sh" "$work/$n.out" >&2
  fail "block $n of the tour"
}
for ((n = 1; n <= blocks; ++n)); do
  say "block $n: $(grep -m 1 . "$work/$n.sh")"
  [[ ! -f $work/$n.shows ]] || shows "$work/$n.shows" "$work/$n.out"
done
[[ ${3-} == alone ]] || fsck "$work/clone/data"
say good
