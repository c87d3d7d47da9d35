#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "feed/verify/site.h"
#include "feed/verify/source.h"
#include "registry/result.h"

namespace ismap::feed {

struct MirrorOptions {
  std::filesystem::path trust;  ///< what the mirror pins: root.jwks and keysver
  registry::Instant now;
  std::vector<std::string> services;  ///< whose evidence and feed are wanted
  bool all_services = false;
};

/// What a run of the mirror did. When the verification found something, nothing was written.
struct MirrorReport {
  verify::Report verification;
  std::uint64_t requests = 0;  ///< of the origin
  std::uint64_t octets = 0;    ///< received from it
  std::uint64_t written = 0;   ///< files
};

/// Brings the mirror in `folder` up to the origin's present generation: verifies all of it, against what the mirror
/// holds too, before the first file is written, and writes in the order of an export. An archive or key set version
/// that the mirror holds and that does not verify is asked of the origin again, once. A run that was cut off is taken
/// up by the next one. What was seen is kept in FOLDER/.seen. Errors: unavailable when the folder cannot be written;
/// whatever is wrong with the origin is in the report.
registry::Result<MirrorReport> mirror(const verify::Source& origin, const std::filesystem::path& folder,
                                      const MirrorOptions& options);

}  // namespace ismap::feed
