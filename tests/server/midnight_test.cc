#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "registry/event.h"
#include "server/office/scheduler.h"
#include "tests/server/office_site.h"
#include "tests/support/book.h"

/// 12.1 at midnight and after days without a server: what was read in time counts, the rest is removed exactly once,
/// whoever writes or publishes first. kAlsoMine and kTheirs are registered until 2026-08-31.
namespace ismap::server {
namespace {

using registry::Event;
using registry::EventKind;
using registry::Instant;
using registry::Json;
using test::Answer;
using test::kAlsoMine;
using test::kMine;
using test::kTheirs;

const Instant kLastMoment = Instant::parse("2026-08-31T14:59:59.900Z").value();
const Instant kNextDay = Instant::parse("2026-08-31T15:00:00.100Z").value();

class Midnight : public test::OfficeSite {
 protected:
  std::vector<Event> history(const std::string& id) {
    return folder->env()
        .read([&](const registry::lmdb::ReadTxn& txn) {
          return registry::journal::history(txn, id, registry::journal::size(txn));
        })
        .value();
  }
  /// The days from which the service was removed; one, when all is well.
  std::vector<std::string> removals(const std::string& id) {
    std::vector<std::string> days;
    for (const Event& event : history(id)) {
      if (event.kind == EventKind::removed) days.push_back(event.effective.iso());
    }
    return days;
  }
  Answer file_renewal(const char* service) {
    return post("registrant", "/v1/services/" + std::string(service) + "/acts", act("file-renewal", "12.1"));
  }
  /// Which services the published list shows as removed.
  std::vector<std::string> removed_in_list() {
    std::vector<std::string> ids;
    const Json list = get("/v1/list.json").json;
    for (const Json& record : list.at("records")) {
      if (record.at("record").at("state") == "removed") ids.push_back(record.at("record").at("id"));
    }
    return ids;
  }
  const std::vector<std::string> once{"2026-09-01"};
  const std::vector<std::string> never{};
};

TEST_F(Midnight, AnApplicationReadBeforeItCountsThoughItIsRecordedAfterIt_12_1) {
  (void)token("registrant");
  now = kLastMoment;
  reading = office->read_now();
  now = kNextDay;
  ASSERT_TRUE(folder->publisher().publish(now).ok());
  EXPECT_EQ(removals(kAlsoMine), never) << "the removal waits";
  EXPECT_EQ(file_renewal(kAlsoMine).status(), 201);
  EXPECT_EQ(history(kAlsoMine).back().kind, EventKind::renewal_filed);
  EXPECT_EQ(history(kAlsoMine).back().effective.iso(), "2026-08-31");
  EXPECT_EQ(removals(kTheirs), once) << "nobody applied, and the publication of that act removed it";
  EXPECT_EQ(removed_in_list(), std::vector<std::string>{kTheirs});
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(Midnight, AnApplicationReadAfterItIsTooLate_12_1) {
  (void)token("registrant");
  now = kNextDay;
  const Answer late = file_renewal(kAlsoMine);
  EXPECT_EQ(late.status(), 409);
  EXPECT_EQ(test::reasons(late.json), std::vector<std::string>{"/service 12.1"});
  EXPECT_EQ(removals(kAlsoMine), once);
}

TEST_F(Midnight, AnotherActReadAfterItDoesNotOvertakeTheApplication_12_1) {
  (void)token("registrant");
  (void)token("operator");
  now = kLastMoment;
  Reading held = office->read_now();
  now = kNextDay;
  const Json usage = act("usage", "11.5(13)", {{"agencies_using", 12}});
  EXPECT_EQ(post("operator", "/v1/services/" + std::string(kMine) + "/acts", usage).status(), 201);
  EXPECT_EQ(removals(kAlsoMine), never);
  EXPECT_EQ(removals(kTheirs), never);
  reading = std::move(held);
  EXPECT_EQ(file_renewal(kAlsoMine).status(), 201);
  EXPECT_EQ(removals(kAlsoMine), never);
  EXPECT_EQ(removals(kTheirs), once);
}

TEST_F(Midnight, ARefusedRequestHoldsTheRemovalNoLonger_12_1) {
  (void)token("registrant");
  now = kLastMoment;
  reading = office->read_now();
  now = kNextDay;
  ASSERT_TRUE(folder->publisher().publish(now).ok());
  EXPECT_FALSE(folder->registrar().removal_due(now).value()) << "the scheduler need not try";
  EXPECT_EQ(post("registrant", "/v1/services/" + std::string(kAlsoMine) + "/acts", act("file-renewal", "9.6")).status(),
            422);
  EXPECT_TRUE(folder->registrar().removal_due(now).value()) << "the scheduler sees to it";
  ASSERT_TRUE(folder->publisher().publish(now).ok());
  EXPECT_EQ(removals(kAlsoMine), once);
  EXPECT_EQ(removals(kTheirs), once);
}

TEST_F(Midnight, TheSchedulerRemovesPromptlyAndOnce_12_1) {
  std::atomic<std::int64_t> clock = kLastMoment.unix_milliseconds();
  ASSERT_TRUE(folder->publisher().publish(kLastMoment).ok());
  {
    const Scheduler scheduler({folder->publisher(), [&clock] { return Instant{clock}; },
                               [this](Instant at) { return folder->registrar().removal_due(at).value(); },
                               [](const registry::Errors&) {}});
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    EXPECT_EQ(removals(kTheirs), never) << "before midnight";
    clock = kNextDay.unix_milliseconds();
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (removals(kTheirs) != once && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  }
  EXPECT_EQ(removals(kTheirs), once);
  EXPECT_EQ(removals(kAlsoMine), once);
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

class AfterDowntime : public Midnight, public ::testing::WithParamInterface<int> {
 protected:
  /// 0 a publication, 1 an act on another service, 2 an application for the lapsed one, 3 the acceptance of a filing,
  /// 4 an import, 5 an export, 6 a dry run.
  void first(int which) {
    const Json usage = act("usage", "11.5(13)", {{"agencies_using", ++agencies}});
    switch (which) {
      case 0:
        ASSERT_TRUE(folder->publisher().publish(now).ok());
        break;
      case 1:
        EXPECT_EQ(post("operator", "/v1/services/" + std::string(kMine) + "/acts", usage).status(), 201);
        break;
      case 2:
        EXPECT_EQ(file_renewal(kAlsoMine).status(), 409);
        break;
      case 3:
        EXPECT_EQ(post("operator", "/v1/filings/" + filing + "/decision",
                       {{"decision", "accept"}, {"article", "14.2"}, {"reason", "確認した"}})
                      .status(),
                  200);
        break;
      case 4:
        (void)office->import(test::test_data("operator-list-bad.csv"), {}, false);
        break;
      case 5:
        ASSERT_TRUE(office->export_site(temp.path() / "out").ok());
        break;
      default:
        (void)office->import(test::test_data("operator-list.csv"), {}, true);
    }
  }
  std::string filing;
  int agencies = 100;
};

TEST_P(AfterDowntime, TheRemovalsAreMadeOnceWhoeverComesFirst_12_1) {
  filing = filed({{"url", "https://new.example.jp/"}});
  (void)token("operator");
  now = test::Book::noon("2026-09-05");
  reopen();
  first(GetParam());
  const bool dry_run = GetParam() == 6;
  EXPECT_EQ(removals(kAlsoMine), dry_run ? never : once);
  EXPECT_EQ(removals(kTheirs), dry_run ? never : once);
  for (int again = 0; again < 6; ++again) {
    if (again != 3 && again != 5) first(again);  // a filing is accepted once, a folder exported to once
  }
  ASSERT_TRUE(folder->publisher().publish(now).ok());
  EXPECT_EQ(removals(kAlsoMine), once);
  EXPECT_EQ(removals(kTheirs), once);
  EXPECT_EQ(removed_in_list(), (std::vector<std::string>{kAlsoMine, kTheirs}));
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(Whoever, AfterDowntime, ::testing::Range(0, 7));

}  // namespace
}  // namespace ismap::server
