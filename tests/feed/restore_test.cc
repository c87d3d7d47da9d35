#include "feed/restore.h"

#include "feed/guard.h"
#include "feed/last_signed.h"
#include "registry/journal.h"
#include "registry/ledger.h"
#include "registry/tables.h"
#include "tests/feed/hostile_mirror.h"

namespace ismap::feed {
namespace {

using registry::Code;
using registry::Digest;
using registry::ListVersion;
using registry::Result;
using registry::TreeSize;
using registry::lmdb::ReadTxn;
namespace journal = registry::journal;

/// A site that shows one publication when it is first asked for a document, and another one ever after.
class TwoFaced : public FileSource {
 public:
  TwoFaced(const Files& first, const Files& later) : FileSource(first), later_(later) {}
  [[nodiscard]] verify::Checked<std::string> get(const std::string& path) const override {
    return asked_.insert(path).second ? FileSource::get(path) : later_.get(path);
  }

 private:
  FileSource later_;
  mutable std::set<std::string> asked_;
};

class RestoreTest : public HostileMirror {
 protected:
  RestoreTest() {
    std::filesystem::create_directories(data());
    auto env = registry::tables::open(data(), {std::size_t{256} << 20U, true, false});
    env_ = std::move(*env);
  }

  [[nodiscard]] std::filesystem::path data() const { return folder_.path() / "data"; }
  Result<RestoreReport> run(const verify::Source& mirror) {
    const HeldKeys held{{keys_->jwt}, {keys_->log}, {keys_->atom}};
    return restore(*env_, data(), held, mirror, trust(), Instant{(Mirror::kNow + 60) * 1000});
  }
  Result<RestoreReport> run(const Files& files) { return run(FileSource(files)); }

  TreeSize size() {
    return env_->read([](const ReadTxn& txn) -> Result<TreeSize> { return journal::size(txn); }).value();
  }
  Digest root() {
    return env_
        ->read([](const ReadTxn& txn) -> Result<Digest> { return journal::tree(txn, journal::size(txn)).root(); })
        .value();
  }
  std::size_t ledger_entries() {
    return env_->read([](const ReadTxn& txn) -> Result<std::size_t> { return txn.count(registry::tables::kLedger); })
        .value();
  }
  static Digest honest_root() { return parse_checkpoint(parse_note(honest_->checkpoint())->text)->root; }
  static TreeSize honest_size() { return TreeSize{honest_->leaves().size()}; }

  std::unique_ptr<registry::lmdb::Env> env_;
};

TEST_F(RestoreTest, ContinuesTheLogOfAMirror) {
  const auto report = run(*files_);
  ASSERT_TRUE(report.ok()) << report.errors().front().en;
  EXPECT_EQ(report->added, honest_->leaves().size());
  EXPECT_EQ(root(), honest_root());
  EXPECT_EQ(*read_guard(data()), (Guard{Instant{Mirror::kNow * 1000}, honest_root(), honest_size(), ListVersion{7}}));
  EXPECT_EQ(run(*files_)->added, 0U);
}

TEST_F(RestoreTest, WhatIsAddedIsWhatWasVerified) {
  Mirror other(*keys_);
  fill(other, 289);
  other.put_service("L24-0002", "偽の事象", registry::EventKind::changed);
  const Files forged = other.files();
  ASSERT_EQ(other.leaves().size(), honest_->leaves().size());
  const auto report = run(TwoFaced(*files_, forged));
  ASSERT_TRUE(report.ok()) << report.errors().front().en;
  EXPECT_EQ(root(), honest_root());
  EXPECT_EQ(read_guard(data())->root, honest_root());
}

TEST_F(RestoreTest, AMirrorOfEveryLeafMayShowAnOlderListAndTheVersionDoesNotGoBack) {
  ASSERT_TRUE(run(*files_).ok());
  const Guard later{Instant{(Mirror::kNow + 30) * 1000}, honest_root(), honest_size(), ListVersion{12}};
  ASSERT_TRUE(write_guard(data(), later).ok());
  const auto by_file = run(*files_);
  ASSERT_TRUE(by_file.ok()) << by_file.errors().front().en;
  EXPECT_EQ(by_file->ver, ListVersion{12});
  EXPECT_EQ(*read_guard(data()), later);
  std::filesystem::remove(guard_path(data()));
  const auto by_database = run(*files_);
  ASSERT_TRUE(by_database.ok()) << by_database.errors().front().en;
  EXPECT_EQ(*read_guard(data()), later) << "the database remembers it too";
}

TEST_F(RestoreTest, AMirrorThatLacksWhatWasSignedIsRefusedAndNothingIsAdded) {
  Guard ahead{Instant{Mirror::kNow * 1000}, honest_root(), TreeSize{honest_size().value() + 1}, ListVersion{3}};
  ASSERT_TRUE(write_guard(data(), ahead).ok());
  EXPECT_EQ(run(*files_).errors().front().code, Code::conflict);
  Guard beside = ahead;
  beside.size = TreeSize{5};
  ASSERT_TRUE(write_guard(data(), beside).ok());
  EXPECT_EQ(run(*files_).errors().front().code, Code::conflict) << "the first five leaves have another root";
  EXPECT_EQ(size(), TreeSize{0});
  EXPECT_EQ(ledger_entries(), 0U);
  EXPECT_EQ(*read_guard(data()), beside);
}

TEST_F(RestoreTest, AJournalThatWentAnotherWayIsLeftAsItIs) {
  Mirror other(*keys_);
  fill(other, 280);
  other.put_service("L24-0001", "別の道", registry::EventKind::changed);
  ASSERT_TRUE(run(other.files()).ok());
  const Digest before = root();
  EXPECT_EQ(run(*files_).errors().front().code, Code::conflict) << "it differs in the second bundle";
  EXPECT_EQ(root(), before);
  EXPECT_EQ(ledger_entries(), 1U);
}

}  // namespace
}  // namespace ismap::feed
