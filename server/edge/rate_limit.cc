#include "server/edge/rate_limit.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace ismap::server {

namespace {

/// Buckets looked at in one call: each call adds one at most, so that full ones do not pile up.
constexpr int kForgottenAtOnce = 2;

}  // namespace

RateLimit::RateLimit(Rate rate, std::size_t most_keys) : rate_(rate), most_keys_(std::max<std::size_t>(most_keys, 1)) {}

std::optional<std::chrono::seconds> RateLimit::take(const std::string& key, SteadyTime now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Bucket& bucket = bucket_of(key, now)->second;
  bucket.left = filled(bucket, now);
  bucket.at = std::max(bucket.at, now);
  if (bucket.left >= 1) {
    bucket.left -= 1;
    return std::nullopt;
  }
  const double wait = std::ceil((1 - bucket.left) / rate_.per_second);
  return std::chrono::seconds{std::max<std::int64_t>(1, static_cast<std::int64_t>(wait))};
}

std::size_t RateLimit::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return buckets_.size();
}

double RateLimit::filled(const Bucket& bucket, SteadyTime now) const {
  const double passed = std::max(0.0, std::chrono::duration<double>(now - bucket.at).count());
  return std::min(rate_.burst, bucket.left + passed * rate_.per_second);
}

RateLimit::Buckets::iterator RateLimit::bucket_of(const std::string& key, SteadyTime now) {
  const auto known = buckets_.find(key);
  if (known != buckets_.end()) {
    by_last_seen_.splice(by_last_seen_.end(), by_last_seen_, known->second.seen);
    return known;
  }
  forget(now);
  by_last_seen_.push_back(key);
  return buckets_.emplace(key, Bucket{rate_.burst, now, std::prev(by_last_seen_.end())}).first;
}

void RateLimit::forget(SteadyTime now) {
  for (int n = 0; n < kForgottenAtOnce && !by_last_seen_.empty(); ++n) {
    const auto oldest = buckets_.find(by_last_seen_.front());
    const bool full = filled(oldest->second, now) >= rate_.burst;
    if (!full && buckets_.size() < most_keys_) return;
    buckets_.erase(oldest);
    by_last_seen_.pop_front();
  }
}

}  // namespace ismap::server
