#pragma once

#include <cstdint>
#include <filesystem>

#include "feed/generation.h"
#include "feed/surface.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"

namespace ismap::feed {

/// What an export did.
struct ExportReport {
  registry::ListVersion ver;
  registry::TreeSize size;
  std::uint64_t written = 0;  ///< files
  std::uint64_t kept = 0;     ///< files that were there already with the same octets
};

/// Writes all files of a generation under `out`, in an order in which nothing is promised that is not there yet, each
/// step durable before the next; the checkpoint comes last. An export that was cut off is taken up by the next one.
/// Errors: conflict when `out` holds what this generation does not continue (another log, or a later state of this
/// one: then the register was restored from an old copy); unavailable; corrupt.
registry::Result<ExportReport> export_site(registry::lmdb::Env& env, Surface& surface, const Generation& generation,
                                           const std::filesystem::path& out);

}  // namespace ismap::feed
