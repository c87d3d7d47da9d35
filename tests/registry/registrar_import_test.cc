#include <gtest/gtest.h>

#include "registry/import/columns.h"
#include "registry/import/csv.h"
#include "registry/journal.h"
#include "registry/registrar.h"
#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using test::Book;
using test::test_data;

const char* const kImportDay = "2026-11-22";

class Import : public ::testing::Test {
 protected:
  ImportReport take(const std::string& file, bool dry_run = false, const std::string& day = kImportDay) {
    Actor who;
    who.organisation = "ISMAP運用支援機関";
    return book.registrar().import(file, who, Book::noon(day), dry_run).value();
  }
  /// A CSV of these records, as list.csv is written.
  static std::string csv(const std::vector<Json>& records) {
    std::string file = csv_header();
    for (const Json& record : records) file += "\r\n" + write_row(csv_cells(parse_service(record).value()));
    return file;
  }
  Book book;
};

TEST_F(Import, TakesTheOperatorsListWholeAndOnce) {
  const std::string file = test_data("operator-list.csv");
  const ImportReport first = take(file);
  EXPECT_EQ(first.imported, 60U);
  EXPECT_TRUE(first.errors.empty());
  const std::uint64_t size = book.size();
  EXPECT_EQ(size, 75U) << "a key leaf, 60 registrations, 8 suspensions, 3 re-audits, 3 renewals";
  const ImportReport second = take(file);
  EXPECT_EQ(second.unchanged, 60U);
  EXPECT_EQ(second.imported + second.changed, 0U);
  EXPECT_EQ(book.size(), size);
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST_F(Import, RefusesTheBadListWholeAndNamesEachMistake) {
  const ImportReport report = take(test_data("operator-list-bad.csv"));
  std::vector<std::size_t> rows;
  for (const RowError& e : report.errors) rows.push_back(e.row);
  for (std::size_t row = 3; row <= 20; ++row) EXPECT_NE(std::find(rows.begin(), rows.end(), row), rows.end()) << row;
  EXPECT_EQ(std::count(rows.begin(), rows.end(), 2U) + std::count(rows.begin(), rows.end(), 21U), 0);
  EXPECT_EQ(report.imported, 0U);
  EXPECT_EQ(book.size(), 1U);
}

TEST_F(Import, OpensWhatWasOpenAtHandOverFromItsOwnDay) {
  take(test_data("operator-list.csv"));
  const auto history = book.history("L26-0005");
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history[1].kind, EventKind::suspended);
  EXPECT_EQ(history[1].article, Article{"13.7"});
  EXPECT_EQ(history[1].effective.iso(), "2026-11-11");
  EXPECT_EQ(history[2].kind, EventKind::re_audit_started);
  EXPECT_EQ(history[2].record.at("re_audits")[0].at("opening"), history[2].seq.value());
  EXPECT_EQ(book.history("L25-0007").back().kind, EventKind::renewal_filed);
}

TEST_F(Import, MakesEventsOfExactlyTheDifferences) {
  Json record = Book::record("L26-0001");
  take(csv({record}));
  record["remarks"] = Json{{"ja", "新しい特記事項"}};
  record["agencies_using"] = 8;
  const ImportReport report = take(csv({record}), false, "2026-11-23");
  EXPECT_EQ(report.changed, 1U);
  const auto history = book.history("L26-0001");
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history[1].kind, EventKind::usage_updated);
  EXPECT_EQ(history[2].kind, EventKind::changed);
  EXPECT_EQ(history[2].article, Article{"14.2"});
  const auto changes = changes_of(history[2], history[1].record);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].path, std::vector<std::string>{"remarks"});
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST_F(Import, ShowsWhatWouldChangeAndChangesNothing) {
  take(csv({Book::record("L26-0001")}));
  Json record = Book::record("L26-0001");
  record["url"] = "https://other.example.jp/";
  const std::uint64_t size = book.size();
  const ImportReport report = take(csv({record, Book::record("L26-0002")}), true);
  EXPECT_EQ(report.imported, 1U);
  EXPECT_EQ(report.changed, 1U);
  ASSERT_EQ(report.changes.size(), 2U);
  EXPECT_EQ(report.changes[0].after, (Json{{"url", "https://other.example.jp/"}}));
  EXPECT_EQ(report.changes[0].before, (Json{{"url", "https://service.example.jp/"}}));
  EXPECT_EQ(book.size(), size);
}

TEST_F(Import, KeepsWhatTheFileCannotSay) {
  Json record = Book::record("L26-0001");
  record["remarks"] = Json{{"ja", "特記"}, {"en", "A remark"}};
  record["scope"]["regions"] = Json::array({{{"ja", "東京"}, {"en", "Tokyo"}}});
  take(Json::array({record}).dump());
  EXPECT_EQ(take(csv({record})).unchanged, 1U) << "English texts but the name's have no column";
  std::string narrow = csv({record});
  const std::size_t at = narrow.find("名称（英語）");
  narrow.replace(at, std::string("名称（英語）").size(), "");  // an unnamed column is refused, so take its cell too
  const std::size_t cell = narrow.find("Fictitious Safety Check Cloud");
  narrow.replace(cell, std::string("Fictitious Safety Check Cloud").size(), "");
  EXPECT_EQ(take(narrow).unchanged, 1U) << "no column for the English name: it stays";
}

TEST_F(Import, RefusesAChangedDateOfRegistrationOrExpiry_11_5) {
  take(csv({Book::record("L26-0001")}));
  Json record = Book::record("L26-0001");
  record["registered_on"] = "2026-04-02";
  record["expires_on"] = "2027-04-29";
  const ImportReport report = take(csv({record}));
  ASSERT_EQ(report.errors.size(), 2U);
  EXPECT_EQ(report.errors[0].error.article, "11.5(4)");
  EXPECT_EQ(report.errors[1].error.article, "11.5(5)");
  EXPECT_EQ(report.errors[1].column, "(5)登録の有効期限");
}

TEST_F(Import, RegistersAndRemovesARowPastItsExpiry_12_1) {
  Json lapsed = Book::record("L24-0001");
  lapsed["registered_on"] = "2025-04-01";
  lapsed["audit_period"] = Json{{"from", "2024-01-01"}, {"to", "2024-12-31"}};
  lapsed["expires_on"] = "2026-04-30";
  const std::string file = csv({lapsed});
  const ImportReport report = take(file);
  EXPECT_EQ(report.imported, 1U);
  EXPECT_EQ(report.lapsed, 1U);
  EXPECT_EQ(book.history("L24-0001").back().effective.iso(), "2026-05-01");
  EXPECT_EQ(take(file).unchanged, 1U) << "again: nothing";
  lapsed["url"] = "https://other.example.jp/";
  EXPECT_EQ(take(csv({lapsed})).errors.at(0).error.article, "12.1");
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST_F(Import, IsAllOrNothing) {
  Json bad = Book::record("L26-0002");
  bad["registered_on"] = "2026-11-23";  // tomorrow
  bad["expires_on"] = "2027-12-01";
  const ImportReport report = take(Json::array({Book::record("L26-0001"), bad}).dump());
  ASSERT_EQ(report.errors.size(), 1U);
  EXPECT_EQ(report.errors[0].row, 3U);
  EXPECT_EQ(book.size(), 1U);
}

}  // namespace
}  // namespace ismap::registry
