#include <gtest/gtest.h>

#include "registry/rules/common.h"
#include "tests/support/book.h"

/// Which edition of the rules an act is under, and from when there are rules at all.
namespace ismap::registry {
namespace {

using test::Book;
using test::kId;

Error refused_on(const std::string& day, bool at_hand_over) {
  Book book;
  book.enter(kId);
  Command change = Book::command(kId, ChangeItems{Json{{"url", "https://b.example.jp/"}}}, "14.2");
  change.effective = Book::day(day);
  change.at_hand_over = at_hand_over;
  const auto done = book.act(change, "2026-05-01");
  return done.ok() ? Error{} : done.errors().front();
}

TEST(Editions, NothingIsRecordedForDaysBeforeTheRules_S2022_11_01_1) {
  EXPECT_EQ(rules::rules_edition(Book::day("2022-10-31")), std::nullopt);
  EXPECT_EQ(rules::rules_edition(Book::day("2022-11-01")), "2022-11-01");
  for (const bool import : {false, true}) {
    EXPECT_EQ(refused_on("2022-10-31", import).article, "S2022-11-01.1");
    EXPECT_NE(refused_on("2022-11-01", import).article, "S2022-11-01.1");
  }
}

TEST(Editions, DaysBeforeThePresentOneComeByImportAlone_S2024_03_01_1) {
  EXPECT_EQ(rules::rules_edition(Book::day("2024-02-29")), "2023-11-10");
  EXPECT_EQ(rules::rules_edition(Book::day("2024-03-01")), "2024-03-01");
  EXPECT_EQ(refused_on("2024-02-29", false).article, "S2024-03-01.1");
  EXPECT_NE(refused_on("2024-02-29", true).article, "S2024-03-01.1");
  EXPECT_NE(refused_on("2024-03-01", false).article, "S2024-03-01.1");
}

TEST(Editions, TheEventOfAPastDayNamesTheEditionOfThatDay_S2022_11_01_1) {
  Book book;
  Json record = Book::record(kId);
  record.merge_patch(
      {{"registered_on", "2023-08-01"}, {"audit_period", {{"from", "2022-07-01"}, {"to", "2023-06-30"}}}});
  Command enter = Book::command(kId, RegisterService{parse_service(record).value()}, "11.1");
  enter.at_hand_over = true;
  ASSERT_TRUE(book.act(enter, "2026-04-01").ok());
  EXPECT_EQ(book.history(kId).back().rules, "2023-07-03");
}

}  // namespace
}  // namespace ismap::registry
