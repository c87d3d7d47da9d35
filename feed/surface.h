#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "feed/atom.h"
#include "feed/evidence.h"
#include "feed/generation.h"
#include "feed/guarded.h"
#include "feed/keys.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"

/// Every static file of the publication under its path: what the server answers and what an export writes are the same
/// octets (design: Surfaces).
namespace ismap::feed {

using DocumentPtr = std::shared_ptr<const Document>;

/// Finds a file among the documents of a generation, in the log, or signs it with the generation's keys when it is
/// first asked for.
/// Thread: any.
class Surface {
 public:
  /// REQUIRES: `env` outlives the surface.
  Surface(registry::lmdb::Env& env, FeedNames names);

  /// The file at `path` as this generation has it. Errors: not_found; corrupt.
  registry::Result<DocumentPtr> document(const Generation& generation, std::string_view path);

  /// Evidence for a past day. Errors: not_found when there is no such service; corrupt.
  registry::Result<DocumentPtr> past(const Generation& generation, std::string_view id, const Moment& moment);

  /// Paths of all files of a generation in the order in which they may be written, so that at no time something is
  /// promised that is not there yet: tiles, entries, events, archives and key set versions; keys; list, evidence and
  /// feeds; the checkpoint (formats: Publishing).
  [[nodiscard]] std::vector<std::vector<std::string>> paths(const Generation& generation) const;

 private:
  using Found = registry::Result<DocumentPtr>;
  Found event(const Generation& generation, std::string_view seq);
  Found evidence_of(const Generation& generation, std::string_view id);
  Found archive_of(const Generation& generation, std::string_view n);
  Found service_feed_of(const Generation& generation, std::string_view id);
  Found log_file_at(const Generation& generation, std::string_view path);

  /// Evidence that was signed for one generation, so that the same question gets the same octets.
  struct Signed {
    registry::ListVersion ver;
    std::map<std::string, DocumentPtr, std::less<>> by_id;
  };

  registry::lmdb::Env& env_;
  FeedNames names_;
  Guarded<Signed> signed_;
};

}  // namespace ismap::feed
