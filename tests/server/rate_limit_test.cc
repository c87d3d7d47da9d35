#include "server/edge/rate_limit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "server/edge/failed_attempts.h"

namespace ismap::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr SteadyTime kSteadyStart{std::chrono::hours{1}};

/// How many of `wanted` are let in at `now`.
int let_in(RateLimit& limit, const std::string& key, int wanted, SteadyTime now) {
  int out = 0;
  for (int n = 0; n < wanted; ++n) out += limit.take(key, now) ? 0 : 1;
  return out;
}

TEST(RateLimit, LetsInTheBurstAndThenTheRate) {
  RateLimit limit({2, 5});
  EXPECT_EQ(let_in(limit, "a", 20, kSteadyStart), 5);
  EXPECT_EQ(let_in(limit, "a", 20, kSteadyStart + milliseconds{499}), 0);
  EXPECT_EQ(let_in(limit, "a", 20, kSteadyStart + milliseconds{500}), 1);
  EXPECT_EQ(let_in(limit, "a", 20, kSteadyStart + milliseconds{1500}), 2);
  EXPECT_EQ(let_in(limit, "a", 20, kSteadyStart + seconds{3600}), 5) << "no pause saves more than the burst";
}

TEST(RateLimit, KeepsKeysApart) {
  RateLimit limit({1, 1});
  EXPECT_EQ(let_in(limit, "a", 2, kSteadyStart), 1);
  EXPECT_EQ(let_in(limit, "b", 2, kSteadyStart), 1);
}

TEST(RateLimit, SaysInHowManyWholeSeconds) {
  RateLimit fast({50, 1});
  EXPECT_EQ(fast.take("a", kSteadyStart), std::nullopt);
  EXPECT_EQ(fast.take("a", kSteadyStart), seconds{1}) << "at least one";
  RateLimit slow({0.25, 1});
  EXPECT_EQ(slow.take("a", kSteadyStart), std::nullopt);
  EXPECT_EQ(slow.take("a", kSteadyStart), seconds{4});
  EXPECT_EQ(slow.take("a", kSteadyStart + milliseconds{1500}), seconds{3}) << "2.5 seconds, rounded up";
  EXPECT_EQ(slow.take("a", kSteadyStart + seconds{4}), std::nullopt);
}

TEST(RateLimit, ATimeThatComesLateGivesNothingTwice) {
  RateLimit limit({1, 2});
  EXPECT_EQ(let_in(limit, "a", 3, kSteadyStart + seconds{1}), 2);
  EXPECT_EQ(let_in(limit, "a", 1, kSteadyStart), 0) << "another thread read its clock before";
  EXPECT_EQ(let_in(limit, "a", 3, kSteadyStart + seconds{2}), 1);
}

TEST(RateLimit, RemembersABoundedNumberOfKeys) {
  RateLimit limit({1, 2}, 100);
  for (int n = 0; n < 1000; ++n) limit.take("key " + std::to_string(n), kSteadyStart);
  EXPECT_EQ(limit.size(), 100U);
  EXPECT_EQ(let_in(limit, "key 999", 5, kSteadyStart), 1) << "the newest is remembered";
  EXPECT_EQ(let_in(limit, "key 0", 5, kSteadyStart), 2) << "the oldest is forgotten";
}

TEST(RateLimit, ForgetsKeysWhoseBucketsAreFull) {
  RateLimit limit({1, 2}, 1000);
  for (int n = 0; n < 100; ++n) limit.take("key " + std::to_string(n), kSteadyStart);
  EXPECT_EQ(limit.size(), 100U) << "none is full yet";
  for (int n = 0; n < 100; ++n) limit.take("later " + std::to_string(n), kSteadyStart + seconds{60});
  EXPECT_EQ(limit.size(), 100U) << "each new one took the place of old ones";
}

TEST(RateLimit, CountsRightFromManyThreads) {
  RateLimit limit({1, 1000});
  std::atomic<int> total = 0;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int n = 0; n < 4; ++n) threads.emplace_back([&] { total += let_in(limit, "a", 400, kSteadyStart); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(total, 1000);
}

TEST(FailedAttempts, FiveAreFreeAndThenTheWaitDoubles) {
  FailedAttempts attempts;
  for (int n = 0; n < 5; ++n) EXPECT_EQ(attempts.failed("a", kSteadyStart + seconds{n}), std::nullopt) << n;
  for (const int wait : {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
    EXPECT_EQ(attempts.failed("a", kSteadyStart + seconds{5}), seconds{wait});
  }
  EXPECT_EQ(attempts.failed("b", kSteadyStart + seconds{5}), std::nullopt) << "another address";
}

TEST(FailedAttempts, FiveAMinuteAreFreeForEver) {
  FailedAttempts attempts;
  for (int n = 0; n < 50; ++n) EXPECT_EQ(attempts.failed("a", kSteadyStart + seconds{12 * n}), std::nullopt) << n;
}

TEST(FailedAttempts, AMinuteOfQuietAfterTheWaitForgetsAll) {
  FailedAttempts attempts;
  for (int n = 0; n < 6; ++n) attempts.failed("a", kSteadyStart);
  EXPECT_EQ(attempts.failed("a", kSteadyStart + milliseconds{60'999}), seconds{2})
      << "the wait of 1 second, and less than 60";
  EXPECT_EQ(attempts.failed("a", kSteadyStart + milliseconds{60'999} + seconds{62}), std::nullopt);
  EXPECT_EQ(attempts.failed("a", kSteadyStart + milliseconds{60'999} + seconds{62}), std::nullopt);
}

TEST(FailedAttempts, RemembersABoundedNumberOfAddresses) {
  FailedAttempts attempts(100);
  for (int n = 0; n < 1000; ++n) attempts.failed("address " + std::to_string(n), kSteadyStart);
  EXPECT_EQ(attempts.size(), 100U);
  attempts.failed("one more", kSteadyStart + seconds{60});
  EXPECT_EQ(attempts.size(), 1U) << "the others are forgiven";
}

}  // namespace
}  // namespace ismap::server
