#pragma once

#include <string>

#include "feed/proof.h"
#include "feed/tiles.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"

/// The log's files out of the journal.
namespace ismap::feed {

/// Octets of a tile of hashes or of an entry bundle.
/// Errors: not_found when the journal does not reach that far.
registry::Result<std::string> log_file(const registry::lmdb::ReadTxn& txn, const Tile& tile);

/// Tiles of this snapshot, for proofs. Lifetime: that of `txn`.
ReadTile tiles_in(const registry::lmdb::ReadTxn& txn);

}  // namespace ismap::feed
