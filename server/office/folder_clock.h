#pragma once

#include <filesystem>
#include <optional>

#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "registry/time.h"
#include "server/office/clock.h"

/// By which clock a data folder lives. What a rehearsal publishes is signed and dated like anything else, so a folder
/// lives by one clock for ever: a mark in the table `meta` says by which. It stands in the database and not beside it,
/// so that a backup carries it along; it is durable before anything is recorded or signed by the clock that it names.
namespace ismap::server {

/// What the mark says. A folder is unsettled only until it first records anything, which its making does. One without a
/// mark that has recorded is real.
enum class FolderTime { unsettled, real, rehearsal };

/// Errors: unavailable.
registry::Result<FolderTime> folder_time(const registry::lmdb::Env& env);

/// Whether the folder is opened for work, which may record or sign, or is looked at and not written to.
enum class ClockUse { work, look };

/// The clock for work on the folder: the machine's, or with `start` one that runs on from there. For `work` it marks a
/// folder that has no mark, for good: as real without a `start`, as a rehearsal with one; `look` never does.
/// A rehearsal never goes back: a `start` earlier on the day that it has reached goes on from what it last recorded or
/// signed, so that several commands can be told the same time.
/// Errors: conflict when the folder has recorded or signed under the machine's clock and a `start` is given; when it is
/// a rehearsal and none is given, or one of a day before that which it has reached; unavailable.
registry::Result<Clock> choose_clock(registry::lmdb::Env& env, const std::filesystem::path& folder,
                                     std::optional<registry::Instant> start, ClockUse use);

}  // namespace ismap::server
