#include "registry/ledger.h"

#include <gtest/gtest.h>

#include "registry/digest.h"
#include "registry/rebuild.h"
#include "registry/tables.h"
#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using test::Book;
using test::kId;

/// A register in which one service was suspended for what nobody but the offices may read.
class Ledger : public ::testing::Test {
 protected:
  Ledger() {
    book.enter(kId);
    Command suspend = Book::command(kId, Suspend{}, "13.7");
    suspend.actor.role = Role::committee;
    suspend.reason = "担当者 架空太郎の報告";
    suspend.doing = Suspend{{Book::day("2026-04-20"), false, std::nullopt}, Text{"解除条件", std::nullopt}};
    seq = book.act(suspend, "2026-05-01").value().seqs.front();
  }

  Json entry() {
    return book.env()
        .read([&](const lmdb::ReadTxn& txn) -> Result<Json> { return ledger::entry_of(txn, seq); })
        .value();
  }
  std::string octets(lmdb::Table table, std::uint64_t number) {
    return book.env()
        .read([&](const lmdb::ReadTxn& txn) -> Result<std::string> {
          return std::string(txn.get(table, lmdb::key_of(number)).value_or(""));
        })
        .value();
  }
  std::uint64_t number() {
    return book.env()
        .read([&](const lmdb::ReadTxn& txn) -> Result<std::uint64_t> { return ledger::number_of(txn, seq).value(); })
        .value();
  }
  template <class F>
  auto write(F f) {
    return book.env().write(f);
  }
  Result<Done> destroy(std::uint64_t of) {
    Actor actor;
    actor.organisation = "ISMAP運用支援機関";
    return write([&](lmdb::WriteTxn& txn) {
      return ledger::destroy(txn, of, {actor, "公文書管理法 8", "保存期間の満了", Book::noon("2031-05-01")});
    });
  }

  Book book;
  Seq seq;
};

TEST_F(Ledger, TheChainHoldsTheHashOfWhatStandsApart) {
  const std::string chained = octets(tables::kLedger, number());
  const std::string payload = octets(tables::kPayloads, number());
  EXPECT_EQ(chained.find("架空太郎"), std::string::npos);
  EXPECT_EQ(chained.find("解除条件"), std::string::npos);
  EXPECT_NE(payload.find("架空太郎"), std::string::npos);
  EXPECT_EQ(Json::parse(chained).at("payload"), hex(sha256(payload)));
  EXPECT_EQ(Json::parse(chained).at("facts").at("incident_on"), "2026-04-20") << "a day is nobody's data";
  EXPECT_EQ(entry().at("details").at("conditions").at("ja"), "解除条件");
  EXPECT_EQ(entry().at("reason"), "担当者 架空太郎の報告");
}

TEST_F(Ledger, APayloadIsDestroyedOnTheRecordAndTheChainStaysWhole) {
  const std::string chained = octets(tables::kLedger, number());
  ASSERT_TRUE(destroy(number()).ok());
  EXPECT_EQ(octets(tables::kLedger, number()), chained);
  EXPECT_EQ(octets(tables::kPayloads, number()), "");
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
  EXPECT_FALSE(entry().contains("reason"));
  EXPECT_EQ(entry().at("details").at("incident_on"), "2026-04-20") << "18.2(6) still knows the day";
  const std::uint64_t last =
      book.env().read([](const lmdb::ReadTxn& txn) -> Result<std::uint64_t> { return ledger::size(txn); }).value() - 1;
  const Json record = Json::parse(octets(tables::kLedger, last));
  EXPECT_EQ(record.at("act"), "destroy");
  EXPECT_EQ(record.at("destroys"), number());
  EXPECT_EQ(record.at("ground"), "公文書管理法 8");
  EXPECT_EQ(record.at("actor").at("organisation"), "ISMAP運用支援機関");
}

TEST_F(Ledger, NothingIsDestroyedTwiceOrWhereNothingIs) {
  ASSERT_TRUE(destroy(number()).ok());
  EXPECT_EQ(destroy(number()).errors().front().code, Code::conflict);
  EXPECT_EQ(destroy(0).errors().front().code, Code::conflict) << "the key's entry has no payload";
  EXPECT_EQ(destroy(9'999).errors().front().code, Code::not_found);
}

TEST_F(Ledger, FsckNamesAPayloadThatIsMissingChangedOrNobodys) {
  const std::string key = lmdb::key_of(number());
  const std::string payload = octets(tables::kPayloads, number());
  const auto with = [&](const std::string& at, const std::string& octets_there) {
    EXPECT_TRUE(write([&](lmdb::WriteTxn& txn) -> Result<Done> {
                  if (octets_there.empty()) txn.erase(tables::kPayloads, at);
                  if (!octets_there.empty()) txn.put(tables::kPayloads, at, octets_there);
                  return Done{};
                }).ok());
    return book.fsck();
  };
  const std::string name = "ledger entry " + std::to_string(number());
  const auto missing = with(key, "");
  ASSERT_EQ(missing.size(), 1U);
  EXPECT_NE(missing.front().find(name + " is missing"), std::string::npos) << missing.front();
  const auto changed = with(key, "{}");
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_NE(changed.front().find(name + " is not the one"), std::string::npos) << changed.front();
  EXPECT_EQ(with(key, payload), std::vector<std::string>{});
  const auto stray = with(lmdb::key_of(0), "{}");
  ASSERT_EQ(stray.size(), 1U);
  EXPECT_NE(stray.front().find("belongs to no entry"), std::string::npos) << stray.front();
  EXPECT_TRUE(with(lmdb::key_of(0), "").empty());
  ASSERT_TRUE(destroy(number()).ok());
  EXPECT_EQ(with(key, payload).size(), 1U) << "destroyed, and there again";
}

TEST_F(Ledger, EntriesOfTheThirdSchemaKeepTheirBytes) {
  const Json old{{"act", "suspend"},
                 {"actor", {{"role", "committee"}, {"organisation", "x"}}},
                 {"article", "13.7"},
                 {"at", "2026-05-02T03:00:00.000Z"},
                 {"basis", nullptr},
                 {"details", {{"incident_on", "2026-04-21"}}},
                 {"events", Json::array({99})},
                 {"reason", "もとの理由"}};
  ASSERT_TRUE(write([&](lmdb::WriteTxn& txn) -> Result<Done> {
                const auto last = txn.last(tables::kLedger);
                Json entry = old;
                entry["number"] = lmdb::number_of(last->first) + 1;
                entry["previous"] = hex(sha256(last->second));
                txn.append(tables::kLedger, lmdb::key_of(entry.at("number").get<std::uint64_t>()), canonical(entry));
                for (const lmdb::Table table : {tables::kCases, tables::kCasesOf, tables::kOpenCases}) txn.clear(table);
                txn.put(tables::kMeta, "schema", lmdb::key_of(3));
                return Done{};
              }).ok());
  book.reopen();
  seq = Seq{99};

  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
  EXPECT_EQ(entry().at("details").at("incident_on"), "2026-04-21");
  EXPECT_EQ(entry().at("reason"), "もとの理由");
  EXPECT_EQ(destroy(number()).errors().front().code, Code::conflict) << "its texts are in the chain itself";
}

}  // namespace
}  // namespace ismap::registry
