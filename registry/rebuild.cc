#include "registry/rebuild.h"

#include <fmt/format.h>

#include "registry/cases/case.h"
#include "registry/digest.h"
#include "registry/journal.h"
#include "registry/ledger.h"
#include "registry/tables.h"

namespace ismap::registry {

namespace {

/// The record of the event before `event` of the same record, or null.
Result<Json> record_before(const lmdb::ReadTxn& txn, const Event& event) {
  const auto prev = tables::latest(txn, record_id(event));
  if (!prev) return Json();
  Result<Event> previous = journal::event(txn, *prev);
  if (!previous.ok()) return previous.errors();
  return std::move(previous->record);
}

}  // namespace

Result<Done> rebuild_tables(lmdb::WriteTxn& txn) {
  for (const lmdb::Table table :
       {tables::kHashes, tables::kNodes, tables::kLatest, tables::kHistory, tables::kExpiry, tables::kRemembered}) {
    txn.clear(table);
  }
  const TreeSize size = journal::size(txn);
  for (std::uint64_t n = 0; n < size.value(); ++n) {
    const auto octets = journal::leaf(txn, Seq{n});
    if (!octets) return Error{Code::corrupt, "", "", "台帳に欠番があります", fmt::format("leaf {} is missing", n)};
    Result<Event> event = parse_leaf(octets->value());
    if (!event.ok()) return event.errors();
    Result<Json> before = record_before(txn, *event);
    if (!before.ok()) return before.errors();
    journal::add_hash(txn, Seq{n}, leaf_hash(octets->value()));
    Result<Done> folded = tables::fold(txn, *event, *before);
    if (!folded.ok()) return folded;
  }
  ledger::index_again(txn);
  return cases::rebuild(txn);
}

}  // namespace ismap::registry
