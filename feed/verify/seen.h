#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "feed/verify/fault.h"
#include "registry/result.h"
#include "registry/strong.h"

/// What a verifier saw last: so that nobody can show it less afterwards.
namespace ismap::feed::verify {

/// DIR/seen.json: `{"checkpoint":…,"keys":…,"list":"…hex…","ver":…}` and a newline.
struct Seen {
  std::string checkpoint;  ///< the whole signed note
  registry::KeySetVersion keys;
  registry::Digest list;  ///< SHA-256 of the payload of the list
  registry::ListVersion ver;
  friend bool operator==(const Seen&, const Seen&) = default;
};

/// Nothing when nothing was seen yet. Faults: state_unreadable, also when the file was torn or edited.
Checked<std::optional<Seen>> read_seen(const std::filesystem::path& folder);
/// Makes the folder if need be; durable when this returns a value. Faults: state_unreadable.
Checked<registry::Done> write_seen(const std::filesystem::path& folder, const Seen& seen);

}  // namespace ismap::feed::verify
