#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "feed/verify/fault.h"
#include "feed/verify/source.h"
#include "feed/verify/status.h"
#include "registry/strong.h"
#include "registry/time.h"

/// The whole verification of a publication, in the order of the formats: What a verifier checks.
namespace ismap::feed::verify {

struct SiteOptions {
  std::filesystem::path trust;                 ///< folder with root.jwks and keysver
  std::optional<std::filesystem::path> state;  ///< folder of what was seen; nothing: every time is the first
  registry::Instant now;
  /// Services that were asked for: each must be known, and its status and feed be there.
  std::vector<std::string> services;
};

/// One check that went well, with what it was about: {"tiles", "3,000 hashes"}.
struct Passed {
  std::string check;
  std::string detail;
};

struct Report {
  std::vector<Passed> passed;      ///< in order
  std::vector<Passed> notes;       ///< what is there and no fault, but not vouched for
  std::optional<Finding> finding;  ///< the first failure; nothing when all is good
  registry::ListVersion ver;       ///< of the list, once it was opened
  registry::TreeSize size;         ///< of the log, likewise
  std::string origin;              ///< its name, likewise
  registry::Digest root;           ///< its root, likewise
  registry::Instant iat;           ///< when the list was signed, likewise
};

Ending ending_of(const Report& report);

/// Verifies a publication; what was seen is stored only when all is good. A site may publish while it is being read:
/// if its list has changed by the time of a failure, everything is read again, at most twice.
Report verify_site(const Source& source, const SiteOptions& options);

/// Verifies one piece of filed evidence offline: `keys` gives /v1/keys/N.json. A key set that has expired since still
/// vouches for what was signed in its time.
Checked<Evidence> verify_evidence(std::string_view compact, const Source& keys, const std::filesystem::path& trust,
                                  registry::Instant now, const std::string& document);

}  // namespace ismap::feed::verify
