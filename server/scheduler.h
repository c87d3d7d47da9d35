#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "feed/publication.h"
#include "registry/time.h"

namespace ismap::server {

/// Publishes again each hour without any change, and at midnight JST, when registrations lapse (12.1). After a failure
/// it tries again soon; what is due is done by whichever publication comes first, so being late only costs promptness.
/// Thread: the owner's for construction and destruction.
class Scheduler {
 public:
  Scheduler(feed::Publisher& publisher, std::function<registry::Instant()> now,
            std::function<void(const registry::Errors&)> on_failure);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

 private:
  void run();
  /// Whether a publication is due: the last one failed, or it is an hour old, or of another JST day.
  [[nodiscard]] bool due(registry::Instant now) const;

  feed::Publisher& publisher_;
  std::function<registry::Instant()> now_;
  std::function<void(const registry::Errors&)> on_failure_;
  std::mutex mutex_;  ///< guards stopped_
  std::condition_variable changed_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace ismap::server
