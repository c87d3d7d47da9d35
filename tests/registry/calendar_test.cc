#include "registry/calendar.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

#include "registry/embedded.h"
#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using test::day;

struct TermVector {
  const char* from;
  int n;
  const char* to;
};

// --- Terms ---

TEST(Terms, AddMonthsKeepsTheDayOrTakesTheMonthsLast) {
  const TermVector vectors[] = {{"2024-01-31", 1, "2024-02-29"},  {"2025-01-31", 1, "2025-02-28"},
                                {"2025-01-28", 1, "2025-02-28"},  {"2024-12-15", 1, "2025-01-15"},
                                {"2024-02-29", 12, "2025-02-28"}, {"2024-02-29", 48, "2028-02-29"},
                                {"2025-03-31", -1, "2025-02-28"}, {"2025-01-15", -1, "2024-12-15"},
                                {"2026-04-01", 16, "2027-08-01"}, {"2025-05-05", 0, "2025-05-05"}};
  for (const TermVector& v : vectors) EXPECT_EQ(add_months(day(v.from), v.n).iso(), v.to) << v.from << "+" << v.n;
}

TEST(Terms, WithinMonths_CivilCode_140_143) {
  const TermVector vectors[] = {{"2024-04-15", 1, "2024-05-15"}, {"2024-04-30", 1, "2024-05-31"},
                                {"2025-01-30", 1, "2025-02-28"}, {"2025-02-28", 1, "2025-03-31"},
                                {"2024-02-28", 1, "2024-03-28"}, {"2025-09-30", 3, "2025-12-31"},
                                {"2025-11-30", 3, "2026-02-28"}};
  for (const TermVector& v : vectors) EXPECT_EQ(within_months(day(v.from), v.n).iso(), v.to) << v.from << "+" << v.n;
}

TEST(Terms, WithinMonthsAroundAMonthsEnd) {
  const TermVector vectors[] = {{"2025-01-27", 1, "2025-02-27"}, {"2025-01-28", 1, "2025-02-28"},
                                {"2025-01-29", 1, "2025-02-28"}, {"2025-01-31", 1, "2025-02-28"},
                                {"2024-01-30", 1, "2024-02-29"}, {"2024-12-31", 1, "2025-01-31"}};
  for (const TermVector& v : vectors) EXPECT_EQ(within_months(day(v.from), v.n).iso(), v.to) << v.from << "+" << v.n;
}

TEST(Terms, WithinOneYear_CivilCode_143) {
  const TermVector vectors[] = {{"2026-11-01", 1, "2027-11-01"},
                                {"2024-02-29", 1, "2025-02-28"},
                                {"2027-02-28", 1, "2028-02-29"},
                                {"2024-02-28", 1, "2025-02-28"}};
  for (const TermVector& v : vectors) EXPECT_EQ(within_years(day(v.from), v.n).iso(), v.to) << v.from;
}

TEST(Terms, HalfYears_5_3) {
  const TermVector vectors[] = {{"2024-03-31", 0, "2024-06-30"}, {"2024-04-01", 0, "2024-12-31"},
                                {"2024-09-30", 0, "2024-12-31"}, {"2024-10-01", 0, "2025-06-30"},
                                {"2024-12-31", 0, "2025-06-30"}, {"2025-01-01", 0, "2025-06-30"}};
  for (const TermVector& v : vectors) EXPECT_EQ(half_year_decision_due(day(v.from)).iso(), v.to) << v.from;
}

TEST(Terms, DueCountsByTheParametersUnit) {
  EXPECT_EQ(due(day("2024-12-27"), kPreliminaryReport).iso(), "2025-01-08");
  EXPECT_EQ(due(day("2024-12-27"), kFullReport).iso(), "2025-01-26");
  EXPECT_EQ(due(day("2025-01-30"), kApplicationAnswer).iso(), "2025-02-28");
  EXPECT_EQ(due(day("2026-11-01"), kIncidentUnresolved).iso(), "2027-11-01");
  EXPECT_EQ(due(day("2024-04-01"), kApplicationCheck).iso(), "2024-04-15");
}

TEST(Parameters, EachArticleStandsInTheTableOfArticles) {
  std::set<std::string> articles;
  std::istringstream table{std::string(embedded::registry_data().at("registry/data/articles.tsv"))};
  for (std::string line; std::getline(table, line);) articles.insert(line.substr(0, line.find('\t')));
  for (const Parameter& p : kParameters) {
    if (p == kRegistrationTerm) continue;  // of the basic regulations
    EXPECT_EQ(articles.count(std::string(p.article.substr(0, p.article.find('(')))), 1U) << p.article;
    EXPECT_GT(p.value, 0);
    EXPECT_GE(p.in_force_from.iso(), "2022-11-01");
  }
}

// --- Expiry ---

TEST(Expiry, SixteenMonthsFromTheDayAfterTheAudit_BasicRegulations_3_6) {
  const TermVector vectors[] = {{"2024-03-31", 0, "2025-07-31"}, {"2023-12-31", 0, "2025-04-30"},
                                {"2023-04-30", 0, "2024-08-31"}, {"2024-02-29", 0, "2025-06-30"},
                                {"2022-10-31", 0, "2024-02-29"}, {"2023-10-30", 0, "2025-02-28"},
                                {"2024-06-15", 0, "2025-10-15"}, {"2024-09-30", 0, "2026-01-31"}};
  for (const TermVector& v : vectors) EXPECT_EQ(expiry_of(day(v.from)).iso(), v.to) << v.from;
}

TEST(AuditPeriod, LastsOneYearAtMost_11_5_8) {
  const TermVector vectors[] = {{"2025-02-19", 0, "2026-02-18"},
                                {"2024-02-29", 0, "2025-02-28"},
                                {"2024-03-01", 0, "2025-02-28"},
                                {"2023-03-01", 0, "2024-02-29"},
                                {"2025-01-01", 0, "2025-12-31"}};
  for (const TermVector& v : vectors) EXPECT_EQ(latest_audit_end(day(v.from)).iso(), v.to) << v.from;
}

// --- Holidays ---

std::string holidays_of(int year) {
  std::string out;
  for (Day d = Day::from_civil(year, 1, 1).value(); static_cast<int>(d.civil().year()) == year; d = d.plus(1)) {
    if (is_national_holiday(d)) out += d.iso().substr(5) + " ";
  }
  return out;
}

TEST(Holidays, OrdinaryYears) {
  EXPECT_EQ(holidays_of(2024),
            "01-01 01-08 02-11 02-12 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-22 09-23 "
            "10-14 11-03 11-04 11-23 ");
  EXPECT_EQ(holidays_of(2025),
            "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 "
            "11-23 11-24 ");
}

TEST(Holidays, ADayBetweenTwoHolidaysIsOne_Act_3_3) {
  EXPECT_EQ(holidays_of(2026),
            "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 "
            "11-23 ");
  for (const char* text : {"2009-09-22", "2015-09-22", "2032-09-21"})
    EXPECT_TRUE(is_national_holiday(day(text))) << text;
  EXPECT_FALSE(is_national_holiday(day("2025-09-22")));
}

TEST(Holidays, TheEnthronement_2019) {
  EXPECT_EQ(holidays_of(2019),
            "01-01 01-14 02-11 03-21 04-29 04-30 05-01 05-02 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-23 "
            "10-14 10-22 11-03 11-04 11-23 ");
}

TEST(Holidays, TheOlympicYears_2020_2021) {
  EXPECT_EQ(holidays_of(2020),
            "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-23 07-24 08-10 09-21 09-22 11-03 "
            "11-23 ");
  EXPECT_EQ(holidays_of(2021),
            "01-01 01-11 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-22 07-23 08-08 08-09 09-20 09-23 11-03 11-23 ");
}

TEST(Holidays, OldAndNewBirthdays) {
  EXPECT_TRUE(is_national_holiday(day("2018-12-24"))) << "substitute for Sunday 23 December";
  EXPECT_FALSE(is_national_holiday(day("2019-12-23")));
  EXPECT_FALSE(is_national_holiday(day("2018-02-23")));
  EXPECT_FALSE(is_national_holiday(day("2015-08-11")));
}

TEST(Holidays, EquinoxesByTheFormula) {
  const char* days[] = {"2012-09-22", "2016-03-20", "2023-03-21", "2024-09-22", "2027-03-21",
                        "2044-09-22", "2092-03-19", "2099-03-20", "2099-09-23"};
  for (const char* text : days) EXPECT_TRUE(is_national_holiday(day(text))) << text;
  for (const char* text : {"2024-03-21", "2092-03-20"}) EXPECT_FALSE(is_national_holiday(day(text))) << text;
}

TEST(Holidays, OverridesComeBeforeTheRules) {
  const auto overrides = parse_holiday_overrides("# moved\n+2030-06-02 記念の日\r\n\n-2030-07-15\n");
  ASSERT_TRUE(overrides.ok());
  EXPECT_TRUE(is_national_holiday(day("2030-06-02"), *overrides));
  EXPECT_TRUE(is_national_holiday(day("2030-06-03"), *overrides)) << "substitute for the Sunday";
  EXPECT_FALSE(is_national_holiday(day("2030-07-15"), *overrides));
  EXPECT_TRUE(is_national_holiday(day("2030-07-15")));
}

TEST(Holidays, OverridesAreReadStrictly) {
  for (const char* text : {"2030-06-02", "+2030-02-30", "+2030-06-02x", "+2030-6-2 x", "*2030-06-02", "+"}) {
    const auto overrides = parse_holiday_overrides("# one\n" + std::string(text) + "\n");
    ASSERT_FALSE(overrides.ok()) << text;
    EXPECT_NE(overrides.errors().front().en.find("line 2"), std::string::npos);
  }
  EXPECT_EQ(shipped_holiday_overrides().size(), 14U);
}

TEST(Holidays, AdministrativeOnesAddWeekendsAndTheTurnOfTheYear) {
  for (const char* text : {"2024-12-28", "2024-12-29", "2024-12-30", "2024-12-31", "2025-01-01", "2025-01-02",
                           "2025-01-03", "2025-01-04", "2025-01-05", "2025-02-24"}) {
    EXPECT_TRUE(is_administrative_holiday(day(text))) << text;
  }
  for (const char* text : {"2024-12-27", "2025-01-06", "2023-12-28", "2024-01-04", "2025-02-25"}) {
    EXPECT_FALSE(is_administrative_holiday(day(text))) << text;
  }
}

TEST(PreliminaryReport, ThreeDaysWithoutAdministrativeHolidays_13_2) {
  const TermVector vectors[] = {{"2024-12-27", 3, "2025-01-08"}, {"2024-12-28", 3, "2025-01-08"},
                                {"2025-05-01", 3, "2025-05-08"}, {"2024-08-09", 3, "2024-08-15"},
                                {"2025-03-19", 3, "2025-03-25"}, {"2026-09-17", 3, "2026-09-25"},
                                {"2025-06-02", 3, "2025-06-05"}, {"2025-06-05", 3, "2025-06-10"}};
  for (const TermVector& v : vectors) EXPECT_EQ(due_after_administrative_days(day(v.from), v.n).iso(), v.to) << v.from;
}

// --- Era names ---

TEST(Era, FirstAndLastDays) {
  struct Case {
    const char* era;
    int year;
    unsigned month;
    unsigned day;
    const char* iso;  // empty: outside
  };
  const Case cases[] = {{"令和", 1, 4, 30, ""},
                        {"令和", 1, 5, 1, "2019-05-01"},
                        {"令和", 1, 5, 2, "2019-05-02"},
                        {"平成", 1, 1, 7, ""},
                        {"平成", 1, 1, 8, "1989-01-08"},
                        {"平成", 1, 1, 9, "1989-01-09"},
                        {"平成", 31, 4, 29, "2019-04-29"},
                        {"平成", 31, 4, 30, "2019-04-30"},
                        {"平成", 31, 5, 1, ""},
                        {"昭和", 1, 12, 24, ""},
                        {"昭和", 1, 12, 25, "1926-12-25"},
                        {"昭和", 64, 1, 7, "1989-01-07"},
                        {"昭和", 64, 1, 8, ""},
                        {"大正", 1, 7, 29, ""},
                        {"大正", 1, 7, 30, "1912-07-30"},
                        {"大正", 15, 12, 24, "1926-12-24"},
                        {"大正", 15, 12, 25, ""},
                        {"明治", 45, 7, 29, "1912-07-29"},
                        {"明治", 45, 7, 30, ""},
                        {"明治", 33, 1, 1, "1900-01-01"},
                        {"明治", 32, 12, 31, ""},
                        {"令和", 6, 2, 29, "2024-02-29"},
                        {"令和", 7, 2, 29, ""},
                        {"令和", 0, 5, 1, ""},
                        {"令和", -1, 5, 1, ""},
                        {"令和", 981, 12, 31, "2999-12-31"},
                        {"令和", 982, 1, 1, ""},
                        {"R", 8, 8, 28, "2026-08-28"},
                        {"h", 31, 4, 30, "2019-04-30"},
                        {"S", 64, 1, 7, "1989-01-07"},
                        {"t", 1, 7, 30, "1912-07-30"},
                        {"M", 45, 7, 29, "1912-07-29"},
                        {"X", 1, 1, 8, ""},
                        {"", 1, 1, 8, ""},
                        {"平", 1, 1, 8, ""},
                        {"令和", 2147483647, 1, 1, ""},
                        {"令和", 6, 13, 1, ""},
                        {"令和", 6, 0, 1, ""},
                        {"令和", 6, 1, 0, ""}};
  for (const Case& c : cases) {
    const auto d = from_era(c.era, c.year, c.month, c.day);
    EXPECT_EQ(d ? d->iso() : "", c.iso) << c.era << c.year << "." << c.month << "." << c.day;
  }
}

TEST(Era, TextForPeople) {
  EXPECT_EQ(era_text(day("2024-06-03")), "令和6年（2024年）6月3日");
  EXPECT_EQ(era_text(day("2019-05-01")), "令和元年（2019年）5月1日");
  EXPECT_EQ(era_text(day("2019-12-31")), "令和元年（2019年）12月31日");
  EXPECT_EQ(era_text(day("2020-01-01")), "令和2年（2020年）1月1日");
  EXPECT_EQ(era_text(day("2019-04-30")), "平成31年（2019年）4月30日");
  EXPECT_EQ(era_text(day("1989-01-08")), "平成元年（1989年）1月8日");
  EXPECT_EQ(era_text(day("1989-01-07")), "昭和64年（1989年）1月7日");
  EXPECT_EQ(era_text(day("1926-12-25")), "昭和元年（1926年）12月25日");
  EXPECT_EQ(era_text(day("1926-12-24")), "大正15年（1926年）12月24日");
  EXPECT_EQ(era_text(day("1912-07-29")), "明治45年（1912年）7月29日");
}

TEST(Era, NamesAndDaysAgreeBothWays) {
  for (Day d = day("1900-01-01"); d < day("2030-01-01"); d = d.plus(1)) {
    int names = 0;
    for (const auto& [era, first] :
         {std::pair{"令和", 2019}, {"平成", 1989}, {"昭和", 1926}, {"大正", 1912}, {"明治", 1868}}) {
      const auto civil = d.civil();
      const int year = static_cast<int>(civil.year()) - first + 1;
      const auto back = from_era(era, year, static_cast<unsigned>(civil.month()), static_cast<unsigned>(civil.day()));
      if (back == d) ++names;
    }
    ASSERT_EQ(names, 1) << d.iso();
  }
}

}  // namespace
}  // namespace ismap::registry
