#include "server/office/scheduler.h"

#include <chrono>
#include <utility>

namespace ismap::server {

namespace {

constexpr std::chrono::seconds kLook{1};
constexpr std::chrono::seconds kAfterFailure{10};
constexpr std::int64_t kResignSeconds = 3600;

}  // namespace

Scheduler::Scheduler(Parts parts) : parts_(std::move(parts)), thread_([this] { run(); }) {}

Scheduler::~Scheduler() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool Scheduler::due(registry::Instant now) const {
  const auto current = parts_.publisher.current();
  if (!current || parts_.publisher.failing() || parts_.removal_due(now)) return true;
  return now >= current->signed_at.plus_seconds(kResignSeconds) || now.jst_day() > current->signed_at.jst_day();
}

void Scheduler::run() {
  std::chrono::seconds pause = kLook;
  std::unique_lock<std::mutex> lock(mutex_);
  while (!changed_.wait_for(lock, pause, [this] { return stopped_; })) {
    lock.unlock();
    pause = kLook;
    const registry::Instant now = parts_.now();
    if (due(now)) {
      const auto published = parts_.publisher.publish(now);
      if (!published.ok()) {
        parts_.on_failure(published.errors());
        pause = kAfterFailure;
      }
    }
    if (parts_.on_look) parts_.on_look();
    lock.lock();
  }
}

}  // namespace ismap::server
