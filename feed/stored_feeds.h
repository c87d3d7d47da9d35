#pragma once

#include <cstdint>
#include <string>

#include "feed/atom.h"
#include "feed/generation.h"
#include "feed/keys.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "registry/strong.h"

/// Feeds that are signed once and stored as signed, whatever keys come later (formats: Atom).
namespace ismap::feed {

/// Number of full archives of a log of this size.
std::uint64_t archives_of(registry::TreeSize size);

/// Signs and stores the archives that are full at `size` and not stored yet. Errors: corrupt, unavailable.
registry::Result<registry::Done> store_archives(registry::lmdb::Env& env, registry::TreeSize size, const Keys& keys,
                                                const FeedNames& names);
/// Octets of a stored archive. Errors: not_found.
registry::Result<std::string> archive(const registry::lmdb::ReadTxn& txn, std::uint64_t n);

/// /v1/services/{id}.atom: every event of the service up to its latest one. Signed when it is first asked for after an
/// event and stored; when it cannot be stored it is answered all the same: RSASSA-PKCS1-v1_5 gives the same octets.
/// Errors: corrupt.
registry::Result<std::string> service_feed(registry::lmdb::Env& env, const ListedService& service, const Keys& keys,
                                           const FeedNames& names);

/// Forgets the stored feeds that no verifier believes under this key set: signed by a revoked key when the log was
/// larger than that key's last good size. They are signed anew when they are next needed; what another key signed
/// stays, so that doing it again changes nothing.
/// Errors: unavailable.
registry::Result<registry::Done> forget_unbelievable_feeds(registry::lmdb::Env& env, const KeySet& set);

}  // namespace ismap::feed
