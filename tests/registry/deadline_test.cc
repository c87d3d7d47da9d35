#include "registry/cases/deadline.h"

#include <gtest/gtest.h>

#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using test::Book;
using test::day;

Step step(const std::string& name, const std::string& article, const std::string& on, Json facts = Json::object()) {
  Step made;
  made.name = name;
  made.article = Article{article};
  made.on = day(on);
  made.recorded_at = Book::noon(on);
  made.facts = std::move(facts);
  return made;
}

Case a_case(Procedure procedure, std::vector<Step> steps) {
  Case made;
  made.id = CaseId{"C000000001"};
  made.procedure = procedure;
  made.service = ServiceId{"L26-0001"};
  made.opened_on = steps.front().on;
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i].number = i + 1;
  made.steps = std::move(steps);
  return made;
}

Deadline of_article(const std::vector<Deadline>& all, const std::string& article) {
  for (const Deadline& d : all) {
    if (d.article == article) return d;
  }
  ADD_FAILURE() << "no deadline under " << article;
  return {};
}

Case known_on(const std::string& known) {
  return a_case(Procedure::incident, {step("judged", "13.1(1)", known, {{"known_on", known}})});
}

struct DueVector {
  const char* from;
  const char* to;
};

TEST(Deadlines, PreliminaryReportInThreeDaysWithoutAdministrativeHolidays_13_2) {
  const DueVector vectors[] = {{"2024-12-27", "2025-01-08"}, {"2024-12-28", "2025-01-08"},
                               {"2025-05-01", "2025-05-08"}, {"2024-08-09", "2024-08-15"},
                               {"2025-03-19", "2025-03-25"}, {"2026-09-17", "2026-09-25"}};
  for (const DueVector& v : vectors) {
    const Deadline d = of_article(deadlines(known_on(v.from), day(v.from)), "13.2");
    EXPECT_EQ(d.due, day(v.to)) << v.from;
    EXPECT_EQ(d.counted_from, day(v.from));
    EXPECT_EQ(d.arithmetic, std::string("認知日 ") + v.from + " → 行政機関の休日を除く3日 → " + v.to);
    EXPECT_EQ(d.who, Role::registrant);
  }
}

TEST(Deadlines, FullReportInThirtyDays_13_3) {
  const DueVector vectors[] = {
      {"2024-12-27", "2025-01-26"}, {"2025-01-30", "2025-03-01"}, {"2024-02-01", "2024-03-02"}};
  for (const DueVector& v : vectors) {
    const Deadline d = of_article(deadlines(known_on(v.from), day(v.from)), "13.3");
    EXPECT_EQ(d.due, day(v.to)) << v.from;
    EXPECT_EQ(d.arithmetic, std::string("認知日 ") + v.from + " → 30日 → " + v.to);
  }
}

TEST(Deadlines, TheDayBeforeOnAndAfterTheThirdDay_13_2) {
  const Case open = known_on("2024-12-27");
  const auto state = [&](const Case& of, const char* on) { return of_article(deadlines(of, day(on)), "13.2").state; };
  EXPECT_EQ(state(open, "2025-01-07"), DeadlineState::open);
  EXPECT_EQ(state(open, "2025-01-08"), DeadlineState::open);
  EXPECT_EQ(state(open, "2025-01-09"), DeadlineState::overdue);
  for (const auto& [reported, expected] :
       {std::pair{"2025-01-07", DeadlineState::met}, std::pair{"2025-01-08", DeadlineState::met},
        std::pair{"2025-01-09", DeadlineState::met_late}}) {
    Case answered = open;
    answered.steps.push_back(step("preliminary-report", "13.2", reported));
    EXPECT_EQ(state(answered, "2025-01-10"), expected) << reported;
  }
}

TEST(Deadlines, HolidaysOfTheFolderCount_13_2) {
  CaseSettings settings;
  settings.holidays[day("2025-06-03")] = true;
  const Case of = known_on("2025-06-02");
  EXPECT_EQ(of_article(deadlines(of, day("2025-06-02")), "13.2").due, day("2025-06-05"));
  EXPECT_EQ(of_article(deadlines(of, day("2025-06-02"), settings), "13.2").due, day("2025-06-06"));
}

TEST(Deadlines, AnswerToAnInquiryInAMonth_9_6) {
  const DueVector vectors[] = {{"2024-04-15", "2024-05-15"},
                               {"2024-04-30", "2024-05-31"},
                               {"2025-01-30", "2025-02-28"},
                               {"2025-02-28", "2025-03-31"},
                               {"2024-02-28", "2024-03-28"}};
  for (const DueVector& v : vectors) {
    const Case of = a_case(Procedure::renewal, {step("inquired", "9.4", v.from)});
    const Deadline d = of_article(deadlines(of, day(v.from)), "9.6(1)");
    EXPECT_EQ(d.due, day(v.to)) << v.from;
    EXPECT_EQ(d.arithmetic, std::string("要請日 ") + v.from + " → 1か月 → " + v.to);
  }
}

TEST(Deadlines, TheYearOfAnOpenSuspensionFromTheFirmDay_18_2_6) {
  const DueVector vectors[] = {
      {"2026-11-01", "2027-11-02"}, {"2024-02-29", "2025-03-01"}, {"2027-02-28", "2028-03-01"}};
  for (const DueVector& v : vectors) {
    Step suspended = step("suspended", "13.7", v.from, {{"incident_on", v.from}});
    suspended.event = Seq{7};
    const Deadline d = of_article(deadlines(a_case(Procedure::incident, {suspended}), day(v.from)), "18.2(6)");
    EXPECT_EQ(d.due, day(v.to)) << "the day after the year";
    const std::string last = day(v.to).plus(-1).iso();
    EXPECT_EQ(d.arithmetic, std::string("発生日 ") + v.from + " → 1年 → " + last + "、その経過 → " + v.to);
  }
}

TEST(Deadlines, HalfYearBatches_5_3) {
  const DueVector vectors[] = {{"2024-03-31", "2024-06-30"},
                               {"2024-04-01", "2024-12-31"},
                               {"2024-09-30", "2024-12-31"},
                               {"2024-10-01", "2025-06-30"},
                               {"2025-03-31", "2025-06-30"}};
  for (const DueVector& v : vectors) {
    const Case of = a_case(Procedure::renewal, {step("pre-applied", "3.4", v.from, {{"work_listed", false}})});
    EXPECT_EQ(of_article(deadlines(of, day(v.from)), "5.3").due, day(v.to)) << v.from;
  }
  const Case listed = a_case(Procedure::renewal, {step("pre-applied", "3.4", "2024-03-31", {{"work_listed", true}})});
  EXPECT_TRUE(deadlines(listed, day("2024-03-31")).empty()) << "listed work is decided promptly";
}

TEST(Deadlines, TheLatestPreApplicationThatIsDecidedByTheExpiry_5_3) {
  const DueVector vectors[] = {{"2027-04-30", "2026-09-30"}, {"2027-06-29", "2026-09-30"},
                               {"2027-06-30", "2027-03-31"}, {"2027-12-30", "2027-03-31"},
                               {"2027-12-31", "2027-09-30"}, {"2028-01-01", "2027-09-30"}};
  for (const DueVector& v : vectors) {
    const Day latest = latest_safe_pre_application(day(v.from));
    EXPECT_EQ(latest, day(v.to)) << v.from;
    EXPECT_LE(half_year_decision_due(latest), day(v.from));
    EXPECT_GT(half_year_decision_due(latest.plus(1)), day(v.from)) << "one day later is decided after the expiry";
  }
}

TEST(Deadlines, AnApplicationThatEndedPastTheExpiryLeavesNothingToTheRegistrant_12_1_18_2_1) {
  Service service = parse_service(Book::record("L26-0001")).value();  // until 2027-04-30
  const auto ended = [&](const char* filed, const char* on) {
    const RenewalDecision decision{std::nullopt, day(on), RenewalResult::withdrawn};
    service.renewals = {Renewal{Seq{2}, day(filed), decision}};
    return deadlines(service, day("2027-05-10"));
  };
  EXPECT_TRUE(ended("2027-04-30", "2027-05-01").empty()) << "the committee's 18.2(1)";
  EXPECT_EQ(of_article(ended("2027-04-01", "2027-04-30"), "12.1").state, DeadlineState::overdue)
      << "as if none had been made";
}

TEST(Incidents, OnceTheCommitteeStatedAFirmDayOnlyTheCommitteeMovesIt_13_7_18_2_6) {
  const auto stated = [](const char* name, const char* article, const char* occurred, bool estimated = false) {
    Json facts{{"incident_on", occurred}};
    if (estimated) facts["incident_estimated"] = true;
    return step(name, article, "2026-06-01", std::move(facts));
  };
  const Step report = stated("full-report", "13.3", "2026-05-01");
  const Step later_report = stated("full-report", "13.3", "2026-05-20");
  const Step serious = stated("suspended", "13.7", "2025-07-01");
  const Step estimate = stated("suspended", "13.7", "2025-07-01", true);
  const Step confirmed = stated("occurrence-confirmed", "18.2(6)", "2025-06-30");
  const auto day_of = [](std::vector<Step> steps) {
    return incident_of(a_case(Procedure::incident, std::move(steps))).incident_on;
  };
  EXPECT_EQ(day_of({report, later_report}), day("2026-05-20"));
  EXPECT_EQ(day_of({report, serious}), day("2025-07-01"));
  EXPECT_EQ(day_of({serious, later_report}), day("2025-07-01"));
  EXPECT_EQ(day_of({serious, confirmed, later_report}), day("2025-06-30"));
  EXPECT_EQ(day_of({estimate, report}), day("2026-05-01")) << "an estimate waits for the firm day";
  EXPECT_EQ(day_of({estimate, confirmed, later_report}), day("2025-06-30"));
  EXPECT_EQ(day_of({report, estimate}), day("2026-05-01"));
}

TEST(Deadlines, AnEndedCaseHasNoDutiesAnyMore_18_2) {
  Case of = known_on("2025-06-02");
  of.steps.push_back(step("preliminary-report", "13.2", "2025-06-03"));
  of.ended = CaseEnd::by_removal;
  const auto all = deadlines(of, day("2026-01-01"));
  ASSERT_EQ(all.size(), 1U) << "only what was answered";
  EXPECT_EQ(all.front().article, "13.2");
}

TEST(Deadlines, AreSortedByDayWithThoseWithoutOneLast) {
  std::vector<Deadline> all(3);
  all[0].article = "a";
  all[1].article = "b";
  all[1].due = day("2026-05-02");
  all[2].article = "c";
  all[2].due = day("2026-05-01");
  sort_by_due(all);
  EXPECT_EQ(all[0].article + all[1].article + all[2].article, "cba");
}

TEST(Deadlines, AsJson) {
  const Json d = to_json(of_article(deadlines(known_on("2024-12-27"), day("2025-01-09")), "13.2"));
  EXPECT_EQ(d, (Json{{"answered_on", nullptr},
                     {"arithmetic", "認知日 2024-12-27 → 行政機関の休日を除く3日 → 2025-01-08"},
                     {"article", "13.2"},
                     {"before_demand", false},
                     {"case", "C000000001"},
                     {"counted_from", "2024-12-27"},
                     {"due", "2025-01-08"},
                     {"service", "L26-0001"},
                     {"state", "overdue"},
                     {"step", 1},
                     {"what", {{"en", "preliminary report"}, {"ja", "速報の提出"}}},
                     {"who", "registrant"}}));
}

}  // namespace
}  // namespace ismap::registry
