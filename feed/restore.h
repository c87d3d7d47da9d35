#pragma once

#include <cstdint>
#include <filesystem>

#include "feed/keys.h"
#include "feed/verify/site.h"
#include "registry/acts.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"

namespace ismap::feed {

/// What a restore did.
struct RestoreReport {
  registry::TreeSize size;    ///< of the log now
  registry::ListVersion ver;  ///< last published, as far as anyone knows; the next one is greater
  std::uint64_t added = 0;    ///< leaves that the journal did not have
};

/// Continues the log of a mirror in `data_folder`: verifies the mirror as of the time when its list was signed, adds
/// the leaves that the journal lacks (all of them to an empty one), takes over key sets and archives, and sets the
/// guard to the mirror's log. Each document is read once, so that what is added is what was verified; all of it is one
/// transaction, or nothing. A mirror that holds every leaf may show an older list: `ver` and `iat` become the greatest
/// that the mirror, the guard file and the database know of. The case ledger, filings and tokens are not public: they
/// come from a backup, if there is one, and stay as they are. The ledger says that `who` restored, in that transaction.
/// Errors: conflict when the journal holds what the mirror does not (another log; or the mirror has fewer leaves than
/// were signed here: a newer one is needed); invalid with the verifier's code; unavailable when the keys of the folder
/// are not those of the key set; corrupt.
registry::Result<RestoreReport> restore(registry::lmdb::Env& env, const std::filesystem::path& data_folder,
                                        const HeldKeys& keys, const verify::Source& mirror,
                                        const std::filesystem::path& trust, registry::Instant now,
                                        const registry::Actor& who = registry::Actor{});

}  // namespace ismap::feed
