#include "registry/pending.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using test::Book;
using test::kId;

/// The last instants of 2027-04-30, the expiry of Book's services, and the first of the next day.
const Instant kBefore = Instant::parse("2027-04-30T14:59:59.999Z").value();
const Instant kMidnight = Instant::parse("2027-04-30T15:00:00.000Z").value();

std::function<Instant()> at(Instant instant) {
  return [instant] { return instant; };
}

TEST(Pending, IsSettledUntilTheOldestRequestUnderWay) {
  Pending pending;
  EXPECT_EQ(pending.settled_until(kMidnight), kMidnight);
  const auto first = pending.take(at(kBefore));
  const auto second = pending.take(at(kMidnight));
  EXPECT_EQ(pending.settled_until(kMidnight.plus_seconds(60)), kBefore);
  EXPECT_EQ(pending.settled_until(kBefore.plus_seconds(-60)), kBefore.plus_seconds(-60));
  first->settle();
  first->settle();
  EXPECT_EQ(pending.settled_until(kMidnight.plus_seconds(60)), kMidnight);
  EXPECT_EQ(first->read_at(), kBefore) << "a settled request still knows when it was read";
}

TEST(Pending, ARequestThatIsForgottenIsSettled) {
  Pending pending;
  (void)pending.take(at(kBefore));
  EXPECT_EQ(pending.settled_until(kMidnight), kMidnight);
}

TEST(Lapse, WaitsForARequestThatWasReadBeforeMidnight_12_1) {
  Book book;
  book.enter(kId);
  auto reading = book.registrar().pending().take(at(kBefore));
  EXPECT_TRUE(book.registrar().remove_expired(kMidnight).value().seqs.empty());
  EXPECT_FALSE(book.registrar().removal_due(kMidnight).value());
  const auto filed = book.registrar().act(Book::command(kId, FileRenewal{}, "12.1"), reading->read_at());
  ASSERT_TRUE(filed.ok());
  reading->settle();
  EXPECT_TRUE(book.registrar().remove_expired(kMidnight).value().seqs.empty());
  const Event last = book.history(kId).back();
  EXPECT_EQ(last.kind, EventKind::renewal_filed);
  EXPECT_EQ(last.effective.iso(), "2027-04-30");
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST(Lapse, IsMadeWhenThatRequestAskedForSomethingElse_12_1) {
  Book book;
  book.enter(kId);
  book.enter("L26-0002");
  auto reading = book.registrar().pending().take(at(kBefore));
  EXPECT_TRUE(book.registrar().remove_expired(kMidnight).value().seqs.empty());
  ASSERT_TRUE(book.registrar().act(Book::command("L26-0002", FileRenewal{}, "12.1"), reading->read_at()).ok());
  reading->settle();
  EXPECT_TRUE(book.registrar().removal_due(kMidnight).value());
  EXPECT_EQ(book.registrar().remove_expired(kMidnight).value().seqs.size(), 1U);
  EXPECT_EQ(book.latest(kId).at("removal").at("on"), "2027-05-01");
  EXPECT_EQ(book.latest("L26-0002").at("removal"), Json());
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST(Lapse, OfDaysBeforeDoesNotWait_12_1) {
  Book book;
  book.enter(kId);
  const auto reading = book.registrar().pending().take(at(kBefore.plus_seconds(24 * 3600)));  // the next evening
  EXPECT_EQ(book.registrar().remove_expired(kMidnight.plus_seconds(24 * 3600)).value().seqs.size(), 1U);
}

TEST(LapseConcurrency, ARequestReadInTimeIsNeverTooLate_12_1) {
  Book book;
  for (int n = 1; n <= 9; ++n) book.enter("L26-000" + std::to_string(n));
  std::atomic<std::int64_t> clock = kBefore.plus_seconds(0).unix_milliseconds() - 40;
  const auto now = [&clock] { return Instant{clock++}; };  // each look is a millisecond later
  std::vector<std::thread> threads;
  std::atomic<int> in_time = 0;
  std::atomic<int> kept = 0;
  for (int n = 1; n <= 9; ++n) {
    threads.emplace_back([&, n] {
      for (int i = 0; i < n; ++i) (void)now();
      const auto reading = book.registrar().pending().take(now);
      const bool early = reading->read_at() < kMidnight;
      const auto command = Book::command("L26-000" + std::to_string(n), FileRenewal{}, "12.1");
      const auto filed = book.registrar().act(command, reading->read_at());
      if (early) ++in_time;
      if (filed.ok()) ++kept;
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < 30; ++i) (void)book.registrar().remove_expired(now());
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(kept, in_time);
  (void)book.registrar().remove_expired(kMidnight.plus_seconds(3600));
  int removed = 0;
  for (int n = 1; n <= 9; ++n) removed += book.latest("L26-000" + std::to_string(n)).at("state") == "removed" ? 1 : 0;
  EXPECT_EQ(removed, 9 - in_time);
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

}  // namespace
}  // namespace ismap::registry
