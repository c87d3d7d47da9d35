#pragma once

#include <memory>

#include "feed/generation.h"
#include "feed/keys.h"
#include "feed/snapshot.h"

/// From a state of the journal to signed documents: no disk, no clock.
namespace ismap::feed {

/// The version and times that a generation is signed with.
struct Stamp {
  registry::ListVersion ver;
  registry::Instant iat;  ///< whole seconds
  registry::Instant exp;
};

/// Renders and signs every document of a generation. Documents whose octets did not change are those of `before`
/// (or null), so that they are compressed once.
Generation render(const Snapshot& snapshot, const Ground& ground, const Stamp& stamp,
                  std::shared_ptr<const Keys> signers, const FeedNames& names, const Generation* before);

}  // namespace ismap::feed
