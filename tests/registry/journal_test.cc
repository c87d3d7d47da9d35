#include "registry/journal.h"

#include <gtest/gtest.h>

#include <set>

#include "registry/cases/earlier.h"
#include "registry/digest.h"
#include "registry/ledger.h"
#include "registry/rebuild.h"
#include "registry/tables.h"
#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using test::Book;

Digest hash_of(std::uint64_t n) { return leaf_hash(std::to_string(n)); }

/// Adds hashes up to `end` behind those that are there, as the journal does leaf by leaf.
void fill(lmdb::Env& env, std::uint64_t from, std::uint64_t end) {
  const auto done = env.write([&](lmdb::WriteTxn& txn) -> Result<Done> {
    for (std::uint64_t n = from; n < end; ++n) journal::add_hash(txn, Seq{n}, hash_of(n));
    return Done{};
  });
  ASSERT_TRUE(done.ok());
}

TEST(JournalTree, IsThatOfItsLeavesAtEverySizeAroundFullTiles) {
  test::TempFolder folder;
  auto env = tables::open(folder.path(), {std::size_t{1} << 30U, true, false}).value();
  constexpr std::uint64_t kLeaves = 65'536 + 600;  // two levels of full tiles
  fill(*env, 0, kLeaves);
  Tree slow;
  const auto checked = env->read([&](const lmdb::ReadTxn& txn) -> Result<Done> {
    for (std::uint64_t size = 0; size <= kLeaves; ++size) {
      const bool near_an_edge = size % 256 < 2 || size % 256 == 255 || size < 300 || size > 65'530;
      if (near_an_edge && size % 7 < 3) {
        EXPECT_EQ(journal::tree(txn, TreeSize{size}).root(), slow.root()) << size;
        EXPECT_EQ(journal::tree(txn, TreeSize{size}).size().value(), size);
      }
      slow.append(hash_of(size));
    }
    EXPECT_EQ(journal::tile(txn, 2, 0, 256).size(), 1U);
    EXPECT_EQ(journal::tile(txn, 1, 1, 256).size(), 2U) << "258 full tiles below";
    EXPECT_EQ(journal::tile(txn, 0, 258, 88).size(), 88U);
    EXPECT_TRUE(journal::tile(txn, 0, 300, 256).empty());
    return Done{};
  });
  ASSERT_TRUE(checked.ok());
}

TEST(JournalTree, NodesAreMadeAnewAndAMissingOneIsFound) {
  Book book;
  book.enter("L20-0001");
  for (std::uint32_t n = 0; n < 260; ++n) {
    ASSERT_TRUE(book.act(Book::command("L20-0001", UpdateUsage{n + 100}, "11.5(13)"), "2026-05-01").ok());
  }
  const auto root = [&] {
    return book.env()
        .read([](const lmdb::ReadTxn& txn) -> Result<Digest> { return journal::tree(txn, journal::size(txn)).root(); })
        .value();
  };
  const Digest before = root();
  const auto write = [&](const auto& f) { return book.env().write(f); };
  ASSERT_TRUE(write([](lmdb::WriteTxn& txn) -> Result<Done> {
                txn.clear(tables::kNodes);
                return Done{};
              }).ok());
  EXPECT_FALSE(book.fsck().empty());
  ASSERT_TRUE(write([](lmdb::WriteTxn& txn) { return rebuild_tables(txn); }).ok());
  EXPECT_TRUE(book.fsck().empty());
  EXPECT_EQ(root(), before);
}

TEST(Schema, AnOlderLayoutIsBroughtUpToDate) {
  Book book;
  book.enter("L20-0001");
  const auto done = book.env().write([](lmdb::WriteTxn& txn) -> Result<Done> {
    txn.clear(tables::kNodes);
    txn.clear(tables::kHistory);
    txn.put(tables::kMeta, "schema", lmdb::key_of(1));
    return Done{};
  });
  ASSERT_TRUE(done.ok());
  book.reopen();
  EXPECT_TRUE(book.fsck().empty());
  EXPECT_EQ(book.history("L20-0001").size(), 1U);
}

TEST(Schema, ARebuildFindsLedgerEntriesAndRememberedProvidersAgain) {
  Book book;
  book.enter("L20-0001");
  Command suspend = Book::command("L20-0001", Suspend{}, "13.7");
  suspend.doing = Suspend{{Book::day("2026-04-20"), false, std::nullopt}, Text{"解除条件", std::nullopt}};
  suspend.actor.role = Role::committee;
  ASSERT_TRUE(book.act(suspend, "2026-05-01").ok());
  Command removal = Book::command("L20-0001", Remove{}, "18.2(5)");
  removal.actor.role = Role::committee;
  ASSERT_TRUE(book.act(removal, "2026-05-02").ok());
  const auto done = book.env().write([](lmdb::WriteTxn& txn) -> Result<Done> {
    txn.clear(tables::kEntryOf);
    txn.clear(tables::kRemembered);
    return Done{};
  });
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(book.fsck().size(), 2U) << "both are missed";
  const auto rebuilt = book.env().write([](lmdb::WriteTxn& txn) { return rebuild_tables(txn); });
  ASSERT_TRUE(rebuilt.ok());
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
  const Json entry =
      book.env()
          .read([](const lmdb::ReadTxn& txn) -> Result<Json> {
            const CorporateNumber number{Book::record("x").at("provider").at("corporate_number")};
            EXPECT_EQ(tables::ever_removed(txn, number), std::vector<ServiceId>{ServiceId{"L20-0001"}});
            const std::vector<EarlierRemoval> earlier{{ServiceId{"L20-0001"}, EarlierRemoval::How::removed}};
            EXPECT_EQ(cases::earlier_removals(txn, number).value(), earlier);
            return ledger::entry_of(txn, Seq{2});
          })
          .value();
  EXPECT_EQ(entry.at("details").at("incident_on"), "2026-04-20");
}

TEST(Schema, AServiceThatWasNeverRemovedIsNotRemembered_5_1_4) {
  Book book;
  book.enter("L20-0001");
  const auto found = book.env().read([](const lmdb::ReadTxn& txn) -> Result<std::vector<ServiceId>> {
    return tables::ever_removed(txn, CorporateNumber{Book::record("x").at("provider").at("corporate_number")});
  });
  EXPECT_EQ(found.value(), std::vector<ServiceId>{});
}

TEST(Remembered, EveryNumberThatTheServiceHadUntilItsLastRemoval_5_1_4) {
  const auto event = [](std::uint64_t seq, const char* number, bool removed) {
    Event made;
    made.kind = EventKind::changed;
    made.seq = Seq{seq};
    made.record = Book::record("L20-0001");
    made.record["provider"]["corporate_number"] = number;
    if (removed) made.record["removal"] = Json{{"article", "18.2(5)"}, {"on", "2026-05-01"}};
    return made;
  };
  const auto key = [](const char* number) { return std::string(number) + '\0' + "L20-0001"; };
  const Event first = event(1, "7123456789012", false);
  const Event second = event(2, "4011001098993", false);
  const Event removed = event(3, "4011001098993", true);
  const Event corrected = event(4, "1180301018771", true);
  const Event revived = event(5, "1180301018771", false);
  using Keys = std::set<std::string>;
  EXPECT_EQ(tables::remembered_keys({first, second}), Keys{});
  EXPECT_EQ(tables::remembered_keys({first, second, removed}), (Keys{key("7123456789012"), key("4011001098993")}));
  const Keys all{key("7123456789012"), key("4011001098993"), key("1180301018771")};
  EXPECT_EQ(tables::remembered_keys({first, second, removed, corrected}), all);
  EXPECT_EQ(tables::remembered_keys({first, second, removed, corrected, revived}), all);
}

TEST(Schema, ANewerLayoutIsRefused) {
  Book book;
  const auto done = book.env().write([](lmdb::WriteTxn& txn) -> Result<Done> {
    txn.put(tables::kMeta, "schema", lmdb::key_of(tables::kSchemaVersion + 1));
    return Done{};
  });
  ASSERT_TRUE(done.ok());
  EXPECT_THROW(book.reopen(), std::runtime_error);
}

TEST(HistoryAround, HasWhatIsEffectiveLaterWithItsPredecessorAndTheLast) {
  Book book;
  book.enter("L20-0001");  // 2026-04-01
  const auto usage = [&](std::uint32_t agencies, const std::string& effective) {
    Command command = Book::command("L20-0001", UpdateUsage{agencies}, "11.5(13)");
    command.effective = Book::day(effective);
    ASSERT_TRUE(book.act(command, "2026-08-01").ok());
  };
  usage(10, "2026-05-01");
  usage(11, "2026-06-01");
  usage(12, "2026-07-01");
  const auto seqs = [&](const std::string& day) {
    return book.env()
        .read([&](const lmdb::ReadTxn& txn) -> Result<std::vector<Seq>> {
          return tables::history_around(txn, "L20-0001", Book::day(day));
        })
        .value();
  };
  EXPECT_EQ(seqs("2026-08-01"), (std::vector<Seq>{Seq{4}}));
  EXPECT_EQ(seqs("2026-07-01"), (std::vector<Seq>{Seq{4}}));
  EXPECT_EQ(seqs("2026-06-30"), (std::vector<Seq>{Seq{3}, Seq{4}}));
  EXPECT_EQ(seqs("2026-03-01"), (std::vector<Seq>{Seq{1}, Seq{2}, Seq{3}, Seq{4}}));
}

TEST(StoredLeaf, SaysWhatTheStrictReaderSays) {
  for (const char* name : {"example-leaf.json", "example-leaf-corrected.json", "example-leaf-key.json"}) {
    const std::string octets = test::test_data(name);
    const auto strict = parse_leaf(octets);
    const auto stored = stored_leaf(octets);
    ASSERT_TRUE(strict.ok() && stored.ok()) << name;
    EXPECT_EQ(to_leaf(*stored).value(), to_leaf(*strict).value()) << name;
  }
  EXPECT_FALSE(stored_leaf("").ok());
  EXPECT_FALSE(stored_leaf("{}").ok());
  EXPECT_FALSE(stored_leaf("[1").ok());
}

TEST(StoredService, SaysWhatTheStrictReaderSays) {
  Json record = parse_json(test::test_data("example-leaf.json")).value().at("record");
  record["remarks"] = Json{{"ja", "備考"}, {"en", "Remarks"}};
  record["renewals"] = Json::parse(R"([{"opening":3,"filed_on":"2026-05-01","decided":null},
    {"opening":4,"filed_on":"2026-05-02","decided":{"article":null,"on":"2026-05-03","result":"withdrawn"}},
    {"opening":5,"filed_on":"2026-05-04","decided":{"article":"9.6","on":"2026-05-05","result":"not-accepted"}}])");
  record["re_audits"] = Json::parse(
      R"([{"opening":6,"article":"16.1","since":"2026-05-06","ended":{"article":"16.3","on":"2026-05-07"}}])");
  EXPECT_EQ(stored_service(record).value(), parse_service(record).value());
  EXPECT_EQ(to_json(stored_service(record).value()), to_json(parse_service(record).value()));
  record.erase("scope");
  EXPECT_FALSE(stored_service(record).ok());
}

}  // namespace
}  // namespace ismap::registry
