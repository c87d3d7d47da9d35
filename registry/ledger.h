#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "registry/acts.h"
#include "registry/canonical_json.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

/// The case ledger: what the rules do not publish (design: the two ledgers). Entries are canonical JSON, numbered and
/// chained by hash; none of it ever reaches a public document. What of an entry may hold personal data stands apart, as
/// its payload: the chain holds the SHA-256 of it alone, so that it can be destroyed and the chain stays whole.
namespace ismap::registry::ledger {

/// Appends `entry` with its `number`, the SHA-256 of the entry before it (`previous`, null for the first) and of the
/// canonical form of `payload` (`payload`, null when there is none), and indexes it by the events that it names.
/// Returns its number.
std::uint64_t append(lmdb::WriteTxn& txn, Json entry, const Json& payload = nullptr);

/// The entry of the act that made this event, with the members of its payload and `details` (facts and texts of the
/// act); null where there is none (a register restored from a mirror has none).
Json entry_of(const lmdb::ReadTxn& txn, Seq event);

/// Number of the entry that entry_of() gives.
std::optional<std::uint64_t> number_of(const lmdb::ReadTxn& txn, Seq event);

/// Whether an entry had a payload that is gone.
bool was_destroyed(const lmdb::ReadTxn& txn, std::uint64_t number);

/// The payload of an entry; null when it has none, or it was destroyed.
Json payload_of(const lmdb::ReadTxn& txn, std::uint64_t number);

/// Who destroys a payload, on what ground of the law on records, and why.
struct Destruction {
  Actor actor;
  std::string ground;
  std::string reason;
  Instant at;
};

/// Erases the payload of an entry for good and appends that as an entry of its own. The octets leave the database's
/// file when its free pages are used again or the folder is copied.
/// Errors: not_found; conflict when the entry has no payload, or it is gone already.
Result<Done> destroy(lmdb::WriteTxn& txn, std::uint64_t number, const Destruction& why);

/// Makes the index by events anew. For the rebuild.
void index_again(lmdb::WriteTxn& txn);
/// Whether the index by events is what the entries say.
bool index_is_sound(const lmdb::ReadTxn& txn);

/// Number of entries.
std::uint64_t size(const lmdb::ReadTxn& txn);

/// Whether numbers and hashes form one unbroken chain, and every payload is there unchanged or its destruction is
/// recorded. Errors: corrupt, naming the first broken entry, or each payload that is missing, changed or nobody's.
Result<Done> check(const lmdb::ReadTxn& txn);

}  // namespace ismap::registry::ledger
