#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "feed/keyset.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

/// The guard file outside the database: what was last signed. It keeps a restored backup or a second server from
/// signing another history (formats: Publishing; design: the journal).
namespace ismap::feed {

/// DIR/last-signed.json: `{"iat":…,"root":"…hex…","size":…,"ver":…}` and a newline.
struct Guard {
  registry::Instant iat;  ///< whole seconds
  registry::Digest root;
  registry::TreeSize size;
  registry::ListVersion ver;
  friend bool operator==(const Guard&, const Guard&) = default;
};

/// The guard of a log that has signed nothing: `init` writes it, so that a missing file is always a fault.
Guard first_guard(registry::Instant now);

std::filesystem::path guard_path(const std::filesystem::path& data_folder);

std::string to_octets(const Guard& guard);
/// Errors: corrupt unless `octets` are exactly what to_octets gives for some guard.
registry::Result<Guard> parse_guard(std::string_view octets);

/// Errors: not_found when there is no file; corrupt when it is torn or edited; both with the way out.
registry::Result<Guard> read_guard(const std::filesystem::path& data_folder);
/// Durable when this returns a value. Errors: unavailable.
registry::Result<registry::Done> write_guard(const std::filesystem::path& data_folder, const Guard& guard);

/// What the register knows when it wants to sign.
struct Standing {
  registry::TreeSize journal_size;
  /// Root of the journal's first guard.size leaves; nothing when it has fewer.
  std::optional<registry::Digest> root_at_guard;
  registry::Instant now;
  registry::Instant key_set_expires;
};

/// Whether signing at this standing extends what was last signed.
/// Errors: unavailable, every reason with its way out: the guard is ahead of the journal (an older backup was
/// restored), beside it (another history), the clock stands before the last signature (equal is fine), the key set
/// has expired.
registry::Result<registry::Done> check(const Guard& guard, const Standing& standing);

}  // namespace ismap::feed
