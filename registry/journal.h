#pragma once

#include <optional>
#include <string>
#include <vector>

#include "registry/event.h"
#include "registry/lmdb/env.h"
#include "registry/merkle.h"
#include "registry/strong.h"

/// The public journal: leaves in order, written once. The register is a fold of it.
namespace ismap::registry::journal {

/// The refusal of a journal that contradicts itself in `what`.
Error corrupt(const std::string& what);

/// Number of leaves.
TreeSize size(const lmdb::ReadTxn& txn);
/// The exact octets of a leaf, or nothing past the end.
std::optional<LeafBytes> leaf(const lmdb::ReadTxn& txn, Seq seq);
/// The event in a leaf. Errors: not_found past the end, corrupt.
Result<Event> event(const lmdb::ReadTxn& txn, Seq seq);
/// RFC 6962 leaf hashes of leaves `from` … `to`−1, as they were stored with the leaves.
std::vector<Digest> leaf_hashes(const lmdb::ReadTxn& txn, Seq from, TreeSize to);
/// The hashes of a tile of the log: `width` subtrees of 256^level leaves each, from number 256·index on; fewer when the
/// journal ends before. Source: C2SP tlog-tiles.
std::vector<Digest> tile(const lmdb::ReadTxn& txn, unsigned level, std::uint64_t index, std::uint64_t width);
/// The tree at a size that the journal has reached. Cost: O(256 · log size), whatever the size.
Tree tree(const lmdb::ReadTxn& txn, TreeSize size);
/// `recorded_at` of the last event, or nothing in an empty journal.
std::optional<Instant> last_recorded_at(const lmdb::ReadTxn& txn);
/// Name of the log ("HOST/log"), set by the first leaf. Empty in an empty journal.
std::string origin(const lmdb::ReadTxn& txn);

/// All events of a record below `size`, oldest first; empty for an unknown record. Errors: corrupt.
Result<std::vector<Event>> history(const lmdb::ReadTxn& txn, std::string_view record_id, TreeSize size);

/// What an act effective on `day` has to look at of a record's events: tables::history_around. Errors: corrupt.
Result<std::vector<Event>> history_around(const lmdb::ReadTxn& txn, std::string_view record_id, Day day);

/// Stores the hash of leaf `seq` and of every tile that it completes: by append and by the rebuild alone.
/// REQUIRES: `seq` is the number of hashes.
void add_hash(lmdb::WriteTxn& txn, Seq seq, const Digest& leaf_hash);

/// Appends `event` as the next leaf and folds it into the tables, in this transaction.
/// REQUIRES: event.seq is the size, event.prev the record's last event, recorded_at not before the last.
/// Errors: corrupt when one of these does not hold, too_large.
Result<Done> append(lmdb::WriteTxn& txn, const Event& event);

/// Appends a leaf as it was published elsewhere, in the octets it has. Errors: corrupt, as append.
Result<Done> append_leaf(lmdb::WriteTxn& txn, std::string_view octets);

}  // namespace ismap::registry::journal
