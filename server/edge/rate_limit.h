#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace ismap::server {

/// A time that only goes forward, whatever becomes of the clock on the wall.
using SteadyTime = std::chrono::steady_clock::time_point;

/// How often something may be done. Units: times a second in the long run, and at once after a pause.
struct Rate {
  double per_second = 1;
  double burst = 1;
  friend bool operator==(const Rate&, const Rate&) = default;
};

/// A token bucket for each key. It remembers a bounded number of keys: those whose buckets are full again are forgotten
/// first, which changes nothing for them, and beyond `most_keys` the one that was seen longest ago.
/// Thread: any.
class RateLimit {
 public:
  static constexpr std::size_t kMostKeys = 65'536;
  explicit RateLimit(Rate rate, std::size_t most_keys = kMostKeys);

  /// Takes one from the bucket of `key`; nothing when there was one. Otherwise in how many whole seconds there will be
  /// one, at least 1.
  std::optional<std::chrono::seconds> take(const std::string& key, SteadyTime now);

  /// How many keys are remembered.
  [[nodiscard]] std::size_t size() const;

 private:
  struct Bucket {
    double left = 0;
    SteadyTime at;  ///< when so much was left
    std::list<std::string>::iterator seen;
  };
  using Buckets = std::unordered_map<std::string, Bucket>;

  [[nodiscard]] double filled(const Bucket& bucket, SteadyTime now) const;
  Buckets::iterator bucket_of(const std::string& key, SteadyTime now);
  /// Forgets what need not be remembered; `room` for one more key.
  void forget(SteadyTime now);

  const Rate rate_;
  const std::size_t most_keys_;
  mutable std::mutex mutex_;  ///< guards what follows
  Buckets buckets_;
  std::list<std::string> by_last_seen_;  ///< longest ago first
};

}  // namespace ismap::server
