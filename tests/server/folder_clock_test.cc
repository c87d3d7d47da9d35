#include "server/office/folder_clock.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "feed/guard.h"
#include "registry/rebuild.h"
#include "registry/tables.h"
#include "server/auth.h"
#include "server/command/desk_work.h"
#include "server/office/tasks.h"
#include "tests/server/office_site.h"
#include "tests/support/book.h"

/// By which clock a folder lives: the machine's, or a rehearsal's; never both. The site's journal was written and
/// signed until 2026-08-01.
namespace ismap::server {
namespace {

using registry::Code;
using registry::Instant;
using registry::Json;

const Instant kLater = test::Book::noon("2026-12-01");

class FolderClock : public test::OfficeSite {
 protected:
  registry::Result<Clock> choose(std::optional<Instant> start, ClockUse use) {
    return choose_clock(folder->env(), data, start, use);
  }
  FolderTime time() { return folder_time(folder->env()).value(); }
  /// Whether the mark itself stands in the database; `time` also judges a folder without one.
  bool is_marked() {
    return folder->env()
        .read([](const registry::lmdb::ReadTxn& txn) -> registry::Result<bool> {
          return txn.get(registry::tables::kMeta, "time").has_value();
        })
        .value();
  }
  /// Makes the folder what it had been, had it been made with a clock of its own.
  void made_as_a_rehearsal() {
    const auto done = folder->env().write([](registry::lmdb::WriteTxn& txn) -> registry::Result<registry::Done> {
      txn.put(registry::tables::kMeta, "time", "rehearsal");
      return registry::Done{};
    });
    ASSERT_TRUE(done.ok());
  }
  /// Issues a token as a command does it that opens the folder itself.
  registry::Result<Json> command(std::optional<Instant> start) {
    context.reset();
    office.reset();
    folder.reset();
    FolderPlace place{data, {}, -1, start};
    const Json wanted{{"role", "operator"}, {"organisation", "試験"}, {"services", Json::array()}, {"days", 1}};
    auto done = have_done(place, LocalRequest{}, [&](Office& own) {
      return tasks::issue_token(own, local_actor(registry::Role::operator_, 0), wanted);
    });
    reopen();
    return done;
  }
};

TEST_F(FolderClock, AClockFromAnInstantRunsOn) {
  const Clock clock = clock_from(kLater);
  const Instant first = clock();
  EXPECT_GE(first, kLater);
  EXPECT_LT(first, kLater.plus_seconds(60));
  EXPECT_GE(clock(), first);
}

TEST_F(FolderClock, WhatHasRecordedWithoutAMarkIsReal) {
  EXPECT_FALSE(is_marked()) << "its events were recorded by no command";
  EXPECT_EQ(time(), FolderTime::real);
  for (const ClockUse use : {ClockUse::work, ClockUse::look}) {
    const auto refused = choose(kLater, use);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.errors().front().code, Code::conflict);
    EXPECT_EQ(refused.errors().front().pointer, "/clock");
  }
  EXPECT_FALSE(is_marked()) << "what is refused leaves no mark";
}

TEST_F(FolderClock, AnyWorkByTheRealClockMarksTheFolderForGood) {
  ASSERT_TRUE(choose(std::nullopt, ClockUse::look).ok());
  EXPECT_FALSE(is_marked()) << "looking marks nothing";
  ASSERT_TRUE(command(std::nullopt).ok());
  EXPECT_TRUE(is_marked());
  EXPECT_EQ(time(), FolderTime::real);
  EXPECT_FALSE(command(kLater).ok());
  EXPECT_FALSE(choose(kLater, ClockUse::look).ok());
  EXPECT_TRUE(choose(std::nullopt, ClockUse::work).ok());
}

TEST_F(FolderClock, AnEmptyFolderBecomesWhatItIsFirstUsedFor) {
  registry::lmdb::EnvOptions create;
  create.create = true;
  for (const bool rehearsal : {false, true}) {
    const auto place = temp.path() / (rehearsal ? "rehearsed" : "lived");
    std::filesystem::create_directories(place);
    const auto env = registry::tables::open(place, create);
    ASSERT_TRUE(env.ok());
    EXPECT_EQ(folder_time(**env).value(), FolderTime::unsettled);
    ASSERT_TRUE(choose_clock(**env, place, kLater, ClockUse::look).ok());
    EXPECT_EQ(folder_time(**env).value(), FolderTime::unsettled);
    const auto start = rehearsal ? std::optional(kLater) : std::nullopt;
    const auto other = rehearsal ? std::nullopt : std::optional(kLater);
    ASSERT_TRUE(choose_clock(**env, place, start, ClockUse::work).ok());
    EXPECT_EQ(folder_time(**env).value(), rehearsal ? FolderTime::rehearsal : FolderTime::real);
    EXPECT_FALSE(choose_clock(**env, place, other, ClockUse::work).ok());
    EXPECT_TRUE(choose_clock(**env, place, start, ClockUse::work).ok());
  }
}

TEST_F(FolderClock, ARehearsalNeverWorksByTheRealClock) {
  made_as_a_rehearsal();
  for (const ClockUse use : {ClockUse::work, ClockUse::look}) EXPECT_FALSE(choose(std::nullopt, use).ok());
  EXPECT_EQ(time(), FolderTime::rehearsal);
  EXPECT_TRUE(choose(kLater, ClockUse::work).ok());
}

TEST_F(FolderClock, TheMarkOutlivesTheProcessARebuildAndABackup) {
  made_as_a_rehearsal();
  reopen();
  const auto rebuilt = folder->env().write([](registry::lmdb::WriteTxn& txn) { return registry::rebuild_tables(txn); });
  ASSERT_TRUE(rebuilt.ok());
  EXPECT_EQ(time(), FolderTime::rehearsal);
  const auto copy = temp.path() / "copy";
  std::filesystem::create_directories(copy / "lmdb");
  ASSERT_TRUE(folder->env().copy_to(copy / "lmdb").ok());
  registry::lmdb::EnvOptions options;
  const auto copied = registry::tables::open(copy, options);
  ASSERT_TRUE(copied.ok());
  EXPECT_EQ(folder_time(**copied).value(), FolderTime::rehearsal);
}

TEST_F(FolderClock, ARehearsalNeverGoesBack) {
  made_as_a_rehearsal();
  const Instant signed_at = feed::read_guard(data).value().iat;
  EXPECT_FALSE(choose(signed_at.plus_seconds(-86'400), ClockUse::work).ok());
  ASSERT_TRUE(choose(signed_at, ClockUse::work).ok());
  ASSERT_TRUE(folder->publisher().publish(kLater).ok());
  EXPECT_FALSE(choose(kLater.plus_seconds(-86'400), ClockUse::work).ok());
  const auto earlier_that_day = choose(kLater.plus_seconds(-3600), ClockUse::work);
  ASSERT_TRUE(earlier_that_day.ok());
  EXPECT_GE((*earlier_that_day)(), kLater) << "it goes on from what was signed";
  EXPECT_FALSE(folder->publisher().publish(kLater.plus_seconds(-1)).ok()) << "the guard file holds for it as well";
  EXPECT_TRUE(choose(kLater, ClockUse::work).ok());
}

TEST_F(FolderClock, ACommandWithoutAServerGoesByTheRehearsal) {
  made_as_a_rehearsal();
  const auto first = command(kLater);
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(first->at("expires_at").get<std::string>().starts_with("2026-12-02")) << first->dump();
  const auto without = command(std::nullopt);
  ASSERT_FALSE(without.ok());
  EXPECT_EQ(without.errors().front().code, Code::conflict);
  EXPECT_TRUE(command(kLater.plus_seconds(86'400)).ok());
}

TEST_F(FolderClock, PagesAndHealthSayThatItIsARehearsal) {
  EXPECT_EQ(*get("/healthz").response.body, "ok\n");
  EXPECT_EQ(get("/").response.body->find("予行"), std::string::npos);
  context->rehearsal = true;
  EXPECT_EQ(*get("/healthz").response.body, "ok\nrehearsal " + now.iso() + "\n");
  const Pages rehearsal(true);
  Request request;
  request.method = "GET";
  for (const char* path : {"/", "/services/L24-0001", "/nowhere"}) {
    request.path = path;
    request.headers.set("Accept", "text/html");
    EXPECT_NE(dispatch(*context, rehearsal, request).body->find("予行です"), std::string::npos) << path;
  }
}

}  // namespace
}  // namespace ismap::server
