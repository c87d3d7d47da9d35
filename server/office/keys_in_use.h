#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "registry/replays.h"
#include "registry/result.h"

namespace ismap::server {

/// The Idempotency-Keys of requests that are being answered right now. A repeated request that comes meanwhile is told
/// so and does not wait for a turn of its own. Thread: any.
/// Source: draft-ietf-httpapi-idempotency-key-header §2.6
class KeysInUse {
 public:
  /// Holds a key until it is destroyed; the KeysInUse must outlive it.
  class Use {
   public:
    Use(KeysInUse& keys, std::string name) : keys_(&keys), name_(std::move(name)) {}
    Use(Use&& other) noexcept : keys_(std::exchange(other.keys_, nullptr)), name_(std::move(other.name_)) {}
    Use& operator=(Use&&) = delete;
    ~Use();

   private:
    KeysInUse* keys_;
    std::string name_;
  };

  /// Takes the key for one request; without a key there is nothing to take. Errors: in_progress.
  registry::Result<std::optional<Use>> take(const std::optional<registry::RequestKey>& key);

 private:
  std::mutex mutex_;  ///< guards names_
  std::set<std::string> names_;
};

}  // namespace ismap::server
