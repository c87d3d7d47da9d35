#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "server/edge/rate_limit.h"

namespace ismap::server {

/// Slows down those who come with tokens that do not hold: the first five of an address within a minute are told so at
/// once; each one after that is told to wait, 1 second, then 2, 4 … 60. A minute of quiet after the wait, and all is
/// forgotten.
///
/// A token that holds is let in all the same: a secret has 256 random bits, so that nobody guesses one however often he
/// tries, and the many behind one address do not pay for the one among them whose token has expired.
/// It remembers a bounded number of addresses; beyond that it forgets the one that failed longest ago.
/// Thread: any.
class FailedAttempts {
 public:
  explicit FailedAttempts(std::size_t most_keys = RateLimit::kMostKeys);

  /// An attempt of `key` failed. How long it has to wait now; nothing when it need not.
  std::optional<std::chrono::seconds> failed(const std::string& key, SteadyTime now);

  /// How many keys are remembered.
  [[nodiscard]] std::size_t size() const;

 private:
  struct Record {
    int count = 0;     ///< failures that are not forgotten
    SteadyTime first;  ///< the first of them
    SteadyTime quiet;  ///< if none comes before, all are forgotten
    std::list<std::string>::iterator seen;
  };
  Record& record_of(const std::string& key, SteadyTime now);

  const std::size_t most_keys_;
  mutable std::mutex mutex_;  ///< guards what follows
  std::unordered_map<std::string, Record> records_;
  std::list<std::string> by_last_failure_;  ///< longest ago first
};

}  // namespace ismap::server
