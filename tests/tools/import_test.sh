#!/usr/bin/env bash
# Importing an operator's list: all of it, twice without effect, or nothing and every mistake at its row and column.
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Entries in the journal, as LMDB's own tool counts them.
journal_length() { mdb_stat -s journal "$1/lmdb" | awk '$1 == "Entries:" {n = $2} END {print n}'; }

# import DATA STATUS JQ-CONDITION ARGUMENT...: what it answers with --json, and how it exits.
import() {
  local data=$1 wanted=$2 condition=$3 status=0
  shift 3
  "$program" import --data "$data" --json "$@" >"$work/report.json" 2>"$work/stderr" || status=$?
  ((status == wanted)) || { cat "$work/report.json" "$work/stderr" >&2; fail "import $*: exit $status, not $wanted"; }
  jq -e "$condition" "$work/report.json" >/dev/null || { jq . "$work/report.json" >&2; fail "import $*: not $condition"; }
}

# "row<TAB>column" of every mistake in the bad list, from the table that describes it.
mistakes() { sed -nE 's/^\| ([0-9]+) \| ([^|]+) \|.*/\1\t\2/p' "$samples/README.md"; }

data=$work/register
new_register "$data"
empty=$(journal_length "$data")

say "a dry run says what it would do and does nothing"
import "$data" 0 '.imported == 60 and .errors == []' --dry-run "$samples/operator-list.csv"
[[ $(journal_length "$data") == "$empty" ]] || fail "the dry run wrote"
fsck "$data"

say "a list with mistakes: each is named, nothing is imported"
import "$data" 1 '.imported == 0 and .changed == 0' "$samples/operator-list-bad.csv"
[[ $(journal_length "$data") == "$empty" ]] || fail "a list with mistakes was imported in part"
[[ $(mistakes | wc -l) == 18 ]] || fail "the table of mistakes has changed"
while IFS=$'\t' read -r row column; do
  jq -e --argjson row "$row" --arg column "$column" \
    '.errors | any(.row == $row and .column == $column and (.message | length > 0))' "$work/report.json" >/dev/null ||
    { jq -c ".errors[] | select(.row == $row)" "$work/report.json" >&2; fail "row $row, $column: not reported"; }
done < <(mistakes)
stray=$(jq -c --argjson rows "[$(mistakes | cut -f1 | paste -sd,)]" '.errors[] | select(.row as $r | $rows | index($r) | not)' "$work/report.json")
[[ -z $stray ]] || fail "errors in good rows: $stray"
fsck "$data"

say "the good list: 60 services"
import "$data" 0 '.imported == 60 and .changed == 0 and .unchanged == 0 and .errors == []' "$samples/operator-list.csv"
full=$(journal_length "$data")
((full >= empty + 60)) || fail "the journal has $full entries after the import"
fsck "$data"

say "the same list again: nothing changes"
import "$data" 0 '.imported == 0 and .changed == 0 and .unchanged == 60 and .errors == []' "$samples/operator-list.csv"
[[ $(journal_length "$data") == "$full" ]] || fail "importing the same list again wrote to the journal"
fsck "$data"

say "without --json the same is said in words, and the exit is the same"
expect "import in words" "$program" import --data "$data" "$samples/operator-list.csv"
refuse "a bad list in words" "$program" import --data "$data" "$samples/operator-list-bad.csv"
refuse "a file that is not there" "$program" import --data "$data" "$work/absent.csv"
say good
