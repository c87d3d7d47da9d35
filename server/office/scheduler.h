#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "feed/publication.h"
#include "registry/time.h"

namespace ismap::server {

/// Publishes again each hour without any change, and when registrations have lapsed (12.1): at midnight JST, or as soon
/// as the requests that were read before it are settled. After a failure it tries again soon; what is due is done by
/// whichever publication comes first, so being late only costs promptness.
/// Thread: the owner's for construction and destruction.
class Scheduler {
 public:
  /// What the scheduler asks and tells; each outlives it. Thread: its own.
  struct Parts {
    feed::Publisher& publisher;
    std::function<registry::Instant()> now;
    /// Whether a removal is due that a publication would make.
    std::function<bool(registry::Instant)> removal_due;
    std::function<void(const registry::Errors&)> on_failure;
    /// What else is to be done now and then, each time it looks (a second); may be empty.
    std::function<void()> on_look = {};
  };
  explicit Scheduler(Parts parts);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

 private:
  void run();
  /// Whether a publication is due: the last one failed, or it is an hour old, or of another JST day; or a removal is.
  [[nodiscard]] bool due(registry::Instant now) const;

  const Parts parts_;
  std::mutex mutex_;  ///< guards stopped_
  std::condition_variable changed_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace ismap::server
