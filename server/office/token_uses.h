#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "registry/time.h"
#include "registry/tokens.h"

namespace ismap::server {

/// When each token was last used: known at once, and written down later, at most once an hour a token. No request waits
/// for that. A crash loses at most the last hour; a server that is stopped loses nothing.
/// Thread: any.
class TokenUses {
 public:
  using Use = std::pair<registry::TokenId, registry::TokenUse>;

  void note(const registry::TokenId& id, registry::TokenUse use);
  /// The last use since this server began; nothing when there was none.
  [[nodiscard]] std::optional<registry::TokenUse> last(const registry::TokenId& id) const;

  /// The uses to be written at `now`: of each token that was used since, an hour after its last one was written.
  /// Nothing within a minute of the first call, or of the last that gave some, so that many tokens share a transaction.
  [[nodiscard]] std::vector<Use> due(registry::Instant now);
  /// All uses that are not written yet: for the end of a server.
  [[nodiscard]] std::vector<Use> unwritten() const;
  /// These were written at `now`.
  void written(const std::vector<Use>& uses, registry::Instant now);

 private:
  struct Known {
    registry::TokenUse use;
    std::optional<registry::Instant> written;  ///< the use that is written down
    std::optional<registry::Instant> written_at;
  };
  mutable std::mutex mutex_;  ///< guards what follows
  std::map<registry::TokenId, Known> known_;
  std::optional<registry::Instant> last_due_;  ///< when uses were last given to be written, or the first call
};

}  // namespace ismap::server
