#pragma once

#include <cstdint>

#include "registry/canonical_json.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "registry/strong.h"

/// The case ledger: what the rules do not publish (design: the two ledgers). Entries are canonical JSON, numbered and
/// chained by hash; none of it ever reaches a public document.
namespace ismap::registry::ledger {

/// Appends `entry` with its `number` and the SHA-256 of the entry before it (`previous`, null for the first), and
/// indexes it by the events that it names.
void append(lmdb::WriteTxn& txn, Json entry);

/// The entry of the act that made this event; null where there is none (a register restored from a mirror has none).
Json entry_of(const lmdb::ReadTxn& txn, Seq event);

/// Makes the index by events anew. For the rebuild.
void index_again(lmdb::WriteTxn& txn);
/// Whether the index by events is what the entries say.
bool index_is_sound(const lmdb::ReadTxn& txn);

/// Number of entries.
std::uint64_t size(const lmdb::ReadTxn& txn);

/// Whether numbers and hashes form one unbroken chain. Errors: corrupt, naming the first broken entry.
Result<Done> check(const lmdb::ReadTxn& txn);

}  // namespace ismap::registry::ledger
