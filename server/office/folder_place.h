#pragma once

#include <filesystem>
#include <optional>

#include "feed/passphrase.h"
#include "registry/result.h"
#include "registry/time.h"

namespace ismap::server {

/// A data folder as a command line names it, and where the passphrase of its private keys comes from. The passphrase
/// itself never stands on a command line.
struct FolderPlace {
  std::filesystem::path folder;
  std::filesystem::path passphrase_file;  ///< empty: none
  int passphrase_fd = -1;                 ///< negative: none
  /// What time it is there, of a rehearsal; nothing: the machine's clock says so.
  std::optional<registry::Instant> clock = std::nullopt;
};

/// Reads the passphrase from where the place says; an empty one when it says nowhere. A descriptor gives it once.
/// Errors: unavailable.
registry::Result<feed::Passphrase> passphrase_of(const FolderPlace& place);

}  // namespace ismap::server
