#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "feed/atom.h"
#include "feed/guard.h"
#include "feed/key_schedule.h"
#include "feed/keyset.h"
#include "feed/list.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"

/// Reading the journal into what a generation is made of; only what is new is read again.
namespace ismap::feed {

/// The least number of events in the feed (formats: Atom).
inline constexpr std::uint64_t kNewestEvents = 32;

/// The first event in /v1/events.atom of a log of this size: since the last full archive, never fewer than the
/// newest 32.
registry::Seq first_in_feed(registry::TreeSize size);

/// Rendered Atom entries by seq; generations share them.
using AtomEntries = std::map<std::uint64_t, std::shared_ptr<const std::string>>;

/// What is kept from one generation to the next. All of it follows from the journal; an empty one is only slower.
struct Memory {
  std::vector<KeyVersion> key_versions;  ///< up to the newest
  AtomEntries entries;
  ListedServices services;                                   ///< in order of id
  std::optional<registry::KeySetVersion> feeds_believed_by;  ///< stored feeds were held against this key set
};

/// What may be known before anything is decided: whether signing is possible at all.
struct Ground {
  registry::TreeSize size;
  std::optional<registry::Digest> root_at_guard;
  std::string origin;
  KeySet key_set;
  KeyAges key_ages;
  std::vector<std::string> key_documents;  ///< octets of /v1/keys/1.json … n.json
};

/// One state of the journal, ready to be signed.
struct Snapshot {
  registry::TreeSize size;
  registry::Digest root;
  registry::Instant updated;  ///< `recorded_at` of the last event
  ListedServices services;
  AtomEntries entries;  ///< exactly those of the feed
};

/// Reads size, root at the guard, and key sets; checks that the key leaves commit to the key sets.
/// Errors: unavailable when there is no log yet; corrupt.
registry::Result<Ground> read_ground(const registry::lmdb::ReadTxn& txn, const Guard& guard, Memory& memory);

/// Reads what a generation shows.
/// REQUIRES: read_ground on the same transaction; its guard is not ahead of the journal.
/// Errors: corrupt.
registry::Result<Snapshot> read_snapshot(const registry::lmdb::ReadTxn& txn, const FeedNames& names,
                                         const Memory& memory);

}  // namespace ismap::feed
