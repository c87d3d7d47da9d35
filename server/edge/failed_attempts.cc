#include "server/edge/failed_attempts.h"

#include <algorithm>
#include <iterator>

namespace ismap::server {

namespace {

constexpr int kFree = 5;
constexpr std::chrono::seconds kWindow{60};
constexpr std::chrono::seconds kLongestWait{60};

/// After so many failures: nothing for the free ones, then 1, 2, 4 … seconds.
std::optional<std::chrono::seconds> wait_after(int failures) {
  if (failures <= kFree) return std::nullopt;
  constexpr int kDoublings = 6;  // 64 seconds are more than the longest wait
  const int doubled = std::min(failures - kFree - 1, kDoublings);
  return std::min(std::chrono::seconds{std::int64_t{1} << doubled}, kLongestWait);
}

}  // namespace

FailedAttempts::FailedAttempts(std::size_t most_keys) : most_keys_(std::max<std::size_t>(most_keys, 1)) {}

std::optional<std::chrono::seconds> FailedAttempts::failed(const std::string& key, SteadyTime now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Record& record = record_of(key, now);
  if (now >= record.quiet) {
    record.count = 0;
    record.first = now;
  }
  ++record.count;
  const auto wait = wait_after(record.count);
  record.quiet = wait ? now + *wait + kWindow : record.first + kWindow;
  return wait;
}

std::size_t FailedAttempts::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return records_.size();
}

FailedAttempts::Record& FailedAttempts::record_of(const std::string& key, SteadyTime now) {
  const auto known = records_.find(key);
  if (known != records_.end()) {
    by_last_failure_.splice(by_last_failure_.end(), by_last_failure_, known->second.seen);
    return known->second;
  }
  while (!by_last_failure_.empty()) {
    const auto oldest = records_.find(by_last_failure_.front());
    if (now < oldest->second.quiet && records_.size() < most_keys_) break;
    records_.erase(oldest);
    by_last_failure_.pop_front();
  }
  by_last_failure_.push_back(key);
  return records_.emplace(key, Record{0, now, now, std::prev(by_last_failure_.end())}).first->second;
}

}  // namespace ismap::server
