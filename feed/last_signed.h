#pragma once

#include <filesystem>

#include "feed/guard.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"

/// What was last signed is remembered twice: in the guard file, which an old copy of the database leaves alone, and in
/// the database, which an old copy of the file leaves alone. Neither of the two alone makes `ver` or `iat` go back.
namespace ismap::feed {

/// The guard file, with the greater `ver` and `iat` of the two memories. Errors: as read_guard; corrupt.
registry::Result<Guard> read_last_signed(const registry::lmdb::ReadTxn& txn, const std::filesystem::path& data_folder);

/// Raises `guard` to what the database remembers; leaves size and root alone. Errors: corrupt.
registry::Result<Guard> not_below(const registry::lmdb::ReadTxn& txn, const Guard& guard);

/// Remembers in the database what is signed, as part of a transaction.
void remember_signed(registry::lmdb::WriteTxn& txn, const Guard& guard);

/// Remembers in both; durable when this returns a value. Errors: unavailable; then one of the two may have been
/// written, which costs a version number.
registry::Result<registry::Done> write_last_signed(registry::lmdb::Env& env, const std::filesystem::path& data_folder,
                                                   const Guard& guard);

}  // namespace ismap::feed
