#include "server/scheduler.h"

#include <chrono>
#include <utility>

namespace ismap::server {

namespace {

constexpr std::chrono::seconds kLook{1};
constexpr std::chrono::seconds kAfterFailure{10};
constexpr std::int64_t kResignSeconds = 3600;

}  // namespace

Scheduler::Scheduler(feed::Publisher& publisher, std::function<registry::Instant()> now,
                     std::function<void(const registry::Errors&)> on_failure)
    : publisher_(publisher), now_(std::move(now)), on_failure_(std::move(on_failure)), thread_([this] { run(); }) {}

Scheduler::~Scheduler() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool Scheduler::due(registry::Instant now) const {
  const auto current = publisher_.current();
  if (!current || publisher_.failing()) return true;
  return now >= current->signed_at.plus_seconds(kResignSeconds) || now.jst_day() > current->signed_at.jst_day();
}

void Scheduler::run() {
  std::chrono::seconds pause = kLook;
  std::unique_lock<std::mutex> lock(mutex_);
  while (!changed_.wait_for(lock, pause, [this] { return stopped_; })) {
    lock.unlock();
    pause = kLook;
    const registry::Instant now = now_();
    if (due(now)) {
      const auto published = publisher_.publish(now);
      if (!published.ok()) {
        on_failure_(published.errors());
        pause = kAfterFailure;
      }
    }
    lock.lock();
  }
}

}  // namespace ismap::server
