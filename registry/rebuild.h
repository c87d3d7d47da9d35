#pragma once

#include "registry/lmdb/env.h"
#include "registry/result.h"

namespace ismap::registry {

/// Makes the tables that are derived from the journal anew, in this transaction.
/// Errors: corrupt when a leaf is missing or cannot be read.
Result<Done> rebuild_tables(lmdb::WriteTxn& txn);

}  // namespace ismap::registry
