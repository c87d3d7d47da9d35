#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "registry/lmdb/env.h"
#include "registry/result.h"

/// The judge of a data folder: replays the journal and compares everything that was derived from it.
namespace ismap::registry {

struct FsckReport {
  std::uint64_t leaves = 0;
  std::size_t services = 0;
  std::uint64_t ledger_entries = 0;
  /// What contradicts, one line each; empty when the folder is sound. At most kMaxFindings.
  std::vector<std::string> findings;
};

inline constexpr std::size_t kMaxFindings = 100;

/// Reads everything in one snapshot, beside a live server if need be. Checks: every leaf is canonical and in its place
/// (seq, prev, recorded_at, origin, edition), every record is sound and is the fold of its own history, leaf hashes,
/// tables and key sets are what the journal says, the ledger's chain is whole with every payload that was not
/// destroyed, the cases are the fold of the ledger, and every attachment is one of a filing and within its limits.
/// Errors: only when the database cannot be read.
Result<FsckReport> fsck(const lmdb::Env& env);
/// Likewise, and reads all files that attachments name: each is in the folder `attachments` under its SHA-256 in hex
/// and has those bytes.
Result<FsckReport> fsck(const lmdb::Env& env, const std::filesystem::path& attachments);

}  // namespace ismap::registry
