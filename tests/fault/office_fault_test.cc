#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "feed/guard.h"
#include "feed/init.h"
#include "feed/key_ceremony.h"
#include "registry/digest.h"
#include "registry/fsck.h"
#include "registry/journal.h"
#include "registry/tables.h"
#include "server/office/data_folder.h"
#include "server/office/office.h"
#include "tests/support/temp_folder.h"

/// Each fault at each step between receipt, commit, sign, guard and swap, persisted and not persisted: what was
/// acknowledged is there once, what was not is there whole or not at all, and the folder is sound.
namespace ismap::server {
namespace {

using feed::PublishStep;
using registry::Code;
using registry::Done;
using registry::Error;
using registry::Instant;
using registry::Json;
using registry::Result;

const char* const kId = "L24-0003";
constexpr int kKilled = 137;

Instant at(const char* text) { return Instant::parse(text).value(); }

/// A folder with keys and the sample list, made once and copied for each test: keys take a second to make.
const std::filesystem::path& prepared_folder() {
  static const test::TempFolder folder;
  static const std::filesystem::path path = [] {
    std::filesystem::path data = folder.path() / "data";
    const Instant now = at("2026-11-22T03:00:00Z");
    const auto made =
        feed::init(data, "liu.example.jp/log", "https://liu.example.jp", now, [&](const std::string& set) {
          registry::lmdb::EnvOptions options;
          options.create = true;
          auto env = registry::tables::open(data, options);
          if (!env.ok()) return Result<Done>(env.errors());
          const auto opened = registry::Registrar(**env).open_log("liu.example.jp/log", set, now);
          return opened.ok() ? Result<Done>(Done{}) : Result<Done>(opened.errors());
        });
    EXPECT_TRUE(made.ok());
    auto opened = DataFolder::open(data);
    Office office(**opened, [now] { return now; });
    registry::Actor who;
    who.organisation = "ISMAP運用支援機関";
    EXPECT_TRUE(office.import(test::test_data("operator-list.csv"), who, false).ok());
    return data;
  }();
  return path;
}

class Faults : public ::testing::Test {
 protected:
  Faults() : data(temp.path() / "data") {
    std::filesystem::copy(prepared_folder(), data, std::filesystem::copy_options::recursive);
    actor.organisation = "ISMAP運用支援機関";
  }

  void open(DataFolder::AtStep step = {}) {
    folder.reset();
    auto opened = DataFolder::open(data, std::move(step));
    ASSERT_TRUE(opened.ok()) << opened.errors().front().en;
    folder = std::move(*opened);
    office = std::make_unique<Office>(*folder, [this] { return now; });
  }
  void close() {
    office.reset();
    folder.reset();
  }
  Result<Recorded> usage(int n, const std::string& key = "") {
    const Json body{{"act", "usage"},
                    {"article", "11.5(13)"},
                    {"agencies_using", n},
                    {"reason", {{"ja", "試験"}}},
                    {"basis", {{"channel", "試験"}, {"received_on", "2026-11-20"}}}};
    std::optional<registry::RequestKey> request;
    if (!key.empty()) request = registry::RequestKey{"試験", "POST acts", key, registry::sha256(body.dump())};
    return office->act(registry::ServiceId{kId}, actor, body, request);
  }
  std::uint64_t size() {
    return folder->env()
        .read([](const registry::lmdb::ReadTxn& t) -> Result<std::uint64_t> {
          return registry::journal::size(t).value();
        })
        .value();
  }
  std::vector<std::string> findings() { return registry::fsck(folder->env()).value().findings; }

  /// Runs `f` in a process that is expected to die in it; says how that process ended.
  template <class F>
  int in_dying_process(F f) {
    close();
    const pid_t child = ::fork();
    if (child == 0) {
      f();
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status);
  }
  /// The folder after a death: not locked, sound, and what is published covers the journal with a newer version.
  void recovers(std::uint64_t expected_size) {
    const auto before = feed::read_guard(data);
    ASSERT_TRUE(before.ok());
    open();
    EXPECT_EQ(size(), expected_size);
    EXPECT_EQ(findings(), std::vector<std::string>{});
    const auto published = folder->publisher().publish(now);
    ASSERT_TRUE(published.ok()) << published.errors().front().en;
    EXPECT_GT((*published)->ver, before->ver);
    EXPECT_EQ((*published)->size.value(), expected_size);
    const std::string& list = (*published)->find("/v1/list.json")->body();
    const std::string checkpoint = (*published)->find("/log/checkpoint")->body();
    EXPECT_EQ(registry::parse_json(list)->at("checkpoint"), checkpoint) << "one generation";
  }

  test::TempFolder temp;
  std::filesystem::path data;
  registry::Actor actor;
  Instant now = at("2026-11-22T04:00:00Z");
  std::unique_ptr<DataFolder> folder;
  std::unique_ptr<Office> office;
};

TEST_F(Faults, DeathBeforeTheGuardKeepsTheActAndItsVersionIsNotUsedTwice) {
  open();
  const std::uint64_t before = size();
  const int status = in_dying_process([&] {
    open([](PublishStep step) -> Result<Done> {
      if (step == PublishStep::before_guard) ::_exit(kKilled);
      return Done{};
    });
    (void)usage(901);
  });
  EXPECT_EQ(status, kKilled);
  recovers(before + 1);
}

TEST_F(Faults, DeathBetweenGuardAndSwapKeepsTheAct) {
  open();
  const std::uint64_t before = size();
  const int status = in_dying_process([&] {
    open([](PublishStep step) -> Result<Done> {
      if (step == PublishStep::before_swap) ::_exit(kKilled);
      return Done{};
    });
    (void)usage(902, "k");
  });
  EXPECT_EQ(status, kKilled);
  recovers(before + 1);
  const auto again = usage(902, "k");
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->replayed) << "a repeated request is answered, not done again";
  EXPECT_EQ(again->seqs, std::vector<registry::Seq>{registry::Seq{before}});
  EXPECT_EQ(size(), before + 1);
}

TEST_F(Faults, DeathBetweenCommitAndSigningKeepsTheAct) {
  open();
  const std::uint64_t before = size();
  const int status = in_dying_process([&] {
    open();
    registry::Command command;
    command.service = registry::ServiceId{kId};
    command.actor = actor;
    command.article = registry::Article{"11.5(13)"};
    command.doing = registry::UpdateUsage{903};
    (void)folder->registrar().act(command, now);
    ::_exit(kKilled);
  });
  EXPECT_EQ(status, kKilled);
  recovers(before + 1);
}

TEST_F(Faults, DeathBetweenReceiptAndCommitLeavesADraftThatCanBeSubmitted) {
  open();
  registry::Actor registrant;
  registrant.role = registry::Role::registrant;
  registrant.organisation = "架空システムズ";
  const Json request{{"form", "2-11"},
                     {"service", kId},
                     {"changes", {{"url", "https://new.example.jp/"}}},
                     {"reason", {{"ja", "移転"}}}};
  const auto draft = office->draft(request, registrant);
  ASSERT_TRUE(draft.ok());
  const std::uint64_t before = size();
  const registry::RequestKey key{"架空システムズ", "POST submission", "k", registry::sha256(draft->filing.id.value())};
  const int status = in_dying_process([&] {
    open();
    registry::FilingDesk desk(folder->env(), folder->registrar());
    (void)desk.submit(
        draft->filing.id, registrant, key, [](const registry::Filing&) -> std::string { ::_exit(kKilled); }, now);
  });
  EXPECT_EQ(status, kKilled);
  recovers(before);
  EXPECT_EQ(office->filing(draft->filing.id)->state, registry::FilingState::draft);
  const auto first = office->submit(draft->filing.id, registrant, key);
  ASSERT_TRUE(first.ok());
  const auto again = office->submit(draft->filing.id, registrant, key);
  EXPECT_EQ(again->answer, first->answer);
}

TEST_F(Faults, APublicationThatFailsAfterItsCommitIsToldAndRetried) {
  bool failing = true;
  open([&](PublishStep step) -> Result<Done> {
    if (failing && step == PublishStep::before_guard) return Error{Code::unavailable, "", "", "試験", "test"};
    return Done{};
  });
  const std::uint64_t before = size();
  const auto recorded = usage(904, "k");
  ASSERT_TRUE(recorded.ok());
  EXPECT_FALSE(recorded->not_published.empty());
  EXPECT_EQ(recorded->seqs, std::vector<registry::Seq>{registry::Seq{before}});
  EXPECT_TRUE(folder->publisher().failing());
  failing = false;
  const auto again = usage(904, "k");
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->replayed);
  EXPECT_TRUE(again->not_published.empty());
  EXPECT_FALSE(folder->publisher().failing());
  EXPECT_EQ(folder->publisher().current()->size.value(), before + 1);
}

TEST_F(Faults, AKeySetWhoseArchivesCannotBeKeptIsRecordedToldAndRetried) {
  bool failing = false;
  open([&](PublishStep step) -> Result<Done> {
    if (failing && step == PublishStep::before_archives) return Error{Code::unavailable, "", "", "試験", "test"};
    return Done{};
  });
  ASSERT_TRUE(folder->publisher().publish(now).ok());
  const auto service_feed = [&] {
    return folder->surface().document(*folder->publisher().current(), "/v1/services/L24-0003.atom").value()->body();
  };
  const std::string believed = service_feed();
  const std::uint64_t before = size();
  const auto read =
      folder->env().read([&](const registry::lmdb::ReadTxn& txn) { return feed::read_key_ground(txn, data); });
  ASSERT_TRUE(read.ok());
  const feed::KeyGround& ground = *read;
  const std::string stolen = feed::kids_of(ground.present(), feed::KeyRole::atom).front();
  feed::KeySet next = feed::next_key_set(ground, now);
  auto fresh = feed::make_key(data / "keys", feed::KeyRole::atom, "liu.example.jp", now);
  ASSERT_TRUE(fresh.ok());
  add_key(next, feed::KeyRole::atom, *fresh, ground.origin);
  ASSERT_TRUE(revoke(next, ground, {stolen, "盗難", std::nullopt, registry::TreeSize{1}}, now).ok());
  feed::Draft draft = draft_of(ground, next);
  const auto root = feed::PrivateKey::read(data / "keys" / "root.pem", feed::KeyKind::es256);
  ASSERT_TRUE(root.ok());
  ASSERT_TRUE(sign(draft, *root).ok());

  failing = true;
  const auto recorded = office->install_keys(to_octets(draft), actor);
  ASSERT_TRUE(recorded.ok()) << "it is in the journal, and no error may deny that";
  EXPECT_EQ(recorded->seqs, std::vector<registry::Seq>{registry::Seq{before}});
  EXPECT_FALSE(recorded->not_published.empty());
  EXPECT_EQ(size(), before + 1);
  EXPECT_TRUE(folder->publisher().failing());
  failing = false;
  ASSERT_TRUE(folder->publisher().publish(now).ok());
  EXPECT_NE(believed.find("<KeyName>" + stolen), std::string::npos);
  EXPECT_EQ(service_feed().find(stolen), std::string::npos) << "what no verifier believes any more is signed anew";
  EXPECT_NE(service_feed().find("<KeyName>" + fresh->key.kid()), std::string::npos);
  const std::string anew = service_feed();
  open();
  ASSERT_TRUE(folder->publisher().publish(now).ok());
  EXPECT_EQ(service_feed(), anew) << "and not again at the next start";
}

TEST_F(Faults, AClockSetBackStopsTheActBeforeItIsRecorded) {
  open();
  ASSERT_TRUE(usage(905).ok());
  const std::uint64_t before = size();
  now = at("2026-11-22T03:59:59Z");
  const auto refused = usage(906);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.errors().front().code, Code::unavailable);
  EXPECT_EQ(size(), before);
  now = at("2026-11-22T04:00:00Z");
  EXPECT_TRUE(usage(906).ok()) << "the same second is fine: the version orders";
}

TEST_F(Faults, AnOlderDatabaseUnderANewerGuardRefusesToSign) {
  close();
  std::filesystem::copy(data / "lmdb", temp.path() / "older", std::filesystem::copy_options::recursive);
  open();
  ASSERT_TRUE(usage(907).ok());
  close();
  std::filesystem::remove_all(data / "lmdb");
  std::filesystem::rename(temp.path() / "older", data / "lmdb");
  open();
  const std::uint64_t before = size();
  EXPECT_EQ(usage(908).errors().front().code, Code::unavailable);
  EXPECT_EQ(size(), before);
}

TEST_F(Faults, AMissingOrTornGuardFileRefusesToSignAndIsNotMended) {
  const std::string whole = test::read_file(feed::guard_path(data));
  for (const std::string& broken : {std::string(), whole.substr(0, whole.size() / 2)}) {
    close();
    std::filesystem::remove(feed::guard_path(data));
    if (!broken.empty()) std::ofstream(feed::guard_path(data), std::ios::binary) << broken;
    open();
    EXPECT_EQ(usage(909).errors().front().code, Code::unavailable);
    EXPECT_EQ(findings(), std::vector<std::string>{});
  }
  std::ofstream(feed::guard_path(data), std::ios::binary | std::ios::trunc) << whole;
  open();
  EXPECT_TRUE(usage(909).ok());
}

TEST_F(Faults, ASecondProcessIsTold) {
  open();
  const auto second = DataFolder::open(data);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.errors().front().code, Code::conflict);
}

TEST_F(Faults, AFullMapRecordsNothingAndTheOldDataStaysReadable) {
  close();
  registry::lmdb::EnvOptions options;
  options.create = true;
  options.map_bytes = std::filesystem::file_size(data / "lmdb" / "data.mdb") + 64 * 1024;
  auto env = registry::tables::open(data, options);
  ASSERT_TRUE(env.ok());
  registry::Registrar registrar(**env);
  std::uint32_t done = 0;
  Result<registry::Acted> last = registry::Acted{};
  for (std::uint32_t n = 0; n < 500 && last.ok(); ++n) {
    registry::Command command;
    command.service = registry::ServiceId{kId};
    command.actor = actor;
    command.article = registry::Article{"11.5(13)"};
    command.doing = registry::UpdateUsage{2000 + n};
    last = registrar.act(command, now);
    if (last.ok()) ++done;
  }
  ASSERT_FALSE(last.ok()) << "the map never filled";
  EXPECT_EQ(last.errors().front().code, Code::unavailable);
  EXPECT_EQ(registry::fsck(**env)->findings, std::vector<std::string>{});
  EXPECT_EQ(registry::fsck(**env)->leaves, 75U + done);
  env->reset();
  open();
  EXPECT_TRUE(usage(910).ok()) << "with room again";
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

}  // namespace
}  // namespace ismap::server
