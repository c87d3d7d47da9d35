#include "registry/audit.h"

#include <gtest/gtest.h>

#include "registry/digest.h"
#include "registry/ledger.h"
#include "registry/tables.h"
#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using test::Book;
using test::kId;

/// A register whose ledger was written in a few hands; entry 0 is that of the first key set.
class Audit : public ::testing::Test {
 protected:
  Audit() {
    book.enter(kId);
    for (int i = 0; i < 5; ++i) note("backup", Book::noon("2026-05-01").plus_seconds(i));
  }

  void note(const std::string& act, Instant at) {
    Actor who;
    who.organisation = "ISMAP運用支援機関";
    who.local_user = 1000;
    ASSERT_TRUE(book.env()
                    .write([&](lmdb::WriteTxn& txn) -> Result<Done> {
                      audit::note(txn, act, who, at, Json{{"out", "/copy"}});
                      return Done{};
                    })
                    .ok());
  }
  AuditPage ask(const AuditFilter& filter) {
    return book.env()
        .read([&](const lmdb::ReadTxn& txn) -> Result<AuditPage> { return audit::query(txn, filter); })
        .value();
  }
  AuditLines lines(std::uint64_t from, std::optional<std::uint64_t> to, std::size_t limit) {
    return book.env()
        .read([&](const lmdb::ReadTxn& txn) -> Result<AuditLines> { return audit::lines(txn, from, to, limit); })
        .value();
  }
  std::uint64_t size() {
    return book.env().read([](const lmdb::ReadTxn& txn) -> Result<std::uint64_t> { return ledger::size(txn); }).value();
  }

  Book book;
};

TEST_F(Audit, AnEntryIsFoundByTheEventThatItMade) {
  AuditFilter filter;
  filter.service = ServiceId{kId};
  const AuditPage page = ask(filter);
  ASSERT_FALSE(page.items.empty());
  EXPECT_EQ(page.items.back().at("act"), "register");
  EXPECT_EQ(page.items.back().at("events"), Json::array({1}));
  for (const Json& item : page.items) EXPECT_NE(item.at("act"), "backup");
}

TEST_F(Audit, APageEndsAtItsLimitAndTheNextGoesOn) {
  AuditFilter filter;
  filter.act = "backup";
  filter.limit = 2;
  std::vector<std::size_t> sizes;
  std::vector<Json> seen;
  for (;;) {
    const AuditPage page = ask(filter);
    sizes.push_back(page.items.size());
    seen.insert(seen.end(), page.items.begin(), page.items.end());
    if (!page.next) break;
    filter.after = page.next;
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{2, 2, 1}));
  ASSERT_EQ(seen.size(), 5U);
  for (std::size_t i = 1; i < seen.size(); ++i) {
    EXPECT_LT(seen[i].at("number").get<std::uint64_t>(), seen[i - 1].at("number").get<std::uint64_t>());
  }
}

TEST_F(Audit, ACursorPastEitherEndFindsNothing) {
  AuditFilter down;
  down.after = 0;
  EXPECT_TRUE(ask(down).items.empty());
  AuditFilter up;
  up.newest_first = false;
  up.after = size() - 1;
  EXPECT_TRUE(ask(up).items.empty());
  up.after = std::nullopt;
  up.from = size();
  EXPECT_TRUE(ask(up).items.empty());
  AuditFilter empty_range;
  empty_range.from = 3;
  empty_range.to = 2;
  EXPECT_TRUE(ask(empty_range).items.empty());
}

TEST_F(Audit, APayloadIsShownUntilItIsDestroyed) {
  AuditFilter filter;
  filter.act = "backup";
  filter.texts = true;
  const Json before = ask(filter).items.front();
  EXPECT_EQ(before.at("texts"), (Json{{"out", "/copy"}}));
  EXPECT_EQ(before.at("texts_destroyed"), false);
  const auto number = before.at("number").get<std::uint64_t>();
  ASSERT_TRUE(book.env()
                  .write([&](lmdb::WriteTxn& txn) {
                    return ledger::destroy(txn, number, {Actor{}, "公文書管理法 8", "満了", Book::noon("2031-05-01")});
                  })
                  .ok());
  const Json after = ask(filter).items.front();
  EXPECT_EQ(after.at("texts"), nullptr);
  EXPECT_EQ(after.at("texts_destroyed"), true);
  EXPECT_EQ(after.at("entry_sha256"), before.at("entry_sha256")) << "the chain is what it was";
}

TEST_F(Audit, LinesAreTheStoredOctetsAndSayWhereTheyGoOn) {
  const AuditLines all = lines(0, std::nullopt, 1000);
  EXPECT_FALSE(all.next);
  const AuditLines some = lines(1, std::nullopt, 2);
  EXPECT_EQ(some.next, std::optional<std::uint64_t>(3));
  EXPECT_NE(all.text.find(some.text), std::string::npos);
  EXPECT_FALSE(lines(1, 2, 2).next) << "the range ends there";
  EXPECT_EQ(lines(size(), std::nullopt, 2).text, "");
  const AuditLines last = lines(size() - 1, std::nullopt, 2);
  const auto head =
      book.env().read([](const lmdb::ReadTxn& txn) -> Result<AuditHead> { return audit::head(txn).value(); }).value();
  EXPECT_EQ(head.number, size() - 1);
  EXPECT_EQ(head.sha256, hex(sha256(std::string_view(last.text).substr(0, last.text.size() - 1))));
}

}  // namespace
}  // namespace ismap::registry
