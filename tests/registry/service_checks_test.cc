#include <gtest/gtest.h>

#include <algorithm>

#include "registry/service.h"
#include "tests/registry/example_record.h"

namespace ismap::registry {
namespace {

using namespace example_record;

// --- Days against each other ---

Json days(const char* from, const char* to, const char* registered, const char* expires) {
  return record([&](Json& j) {
    j["audit_period"] = {{"from", from}, {"to", to}};
    j["registered_on"] = registered;
    j["expires_on"] = expires;
  });
}

TEST(Record, TheExpiryIsAfterTheRegistration_11_5_5) {
  EXPECT_EQ(refusals(with("/expires_on", "2026-03-31")), List{"/expires_on 11.5(5)"});
  EXPECT_EQ(refusals(with("/expires_on", "2026-04-01")), List{"/expires_on 11.5(5)"});
  EXPECT_TRUE(refusals(with("/expires_on", "2026-04-02")).empty());
}

TEST(Record, TheAuditPeriodIsInOrder_11_5_8) {
  EXPECT_EQ(refusals(days("2025-06-01", "2025-05-31", "2026-04-01", "2027-01-31")), List{"/audit_period/to 11.5(8)"});
  EXPECT_TRUE(refusals(days("2025-06-01", "2025-06-01", "2026-04-01", "2027-01-31")).empty());
  EXPECT_TRUE(refusals(days("2025-06-01", "2025-06-02", "2026-04-01", "2027-01-31")).empty());
}

TEST(Record, TheAuditPeriodLastsOneYearAtMost_11_5_8) {
  EXPECT_TRUE(refusals(days("2025-02-19", "2026-02-17", "2026-04-01", "2027-06-17")).empty());
  EXPECT_TRUE(refusals(days("2025-02-19", "2026-02-18", "2026-04-01", "2027-06-18")).empty());
  EXPECT_EQ(refusals(days("2025-02-19", "2026-02-19", "2026-04-01", "2027-06-19")), List{"/audit_period/to 11.5(8)"});
  EXPECT_TRUE(refusals(days("2024-02-29", "2025-02-28", "2025-04-01", "2026-06-30")).empty());
  EXPECT_EQ(refusals(days("2024-02-29", "2025-03-01", "2025-04-01", "2026-06-30")), List{"/audit_period/to 11.5(8)"});
}

TEST(Record, TheAuditPeriodEndsBeforeTheExpiry_11_5_5) {
  // Renewed: the expiry lies beyond 16 months after the registration, so only the expiry itself is compared.
  EXPECT_EQ(refusals(days("2027-01-01", "2027-12-31", "2026-04-01", "2027-12-30")), List{"/expires_on 11.5(5)"});
  EXPECT_EQ(refusals(days("2027-01-01", "2027-12-31", "2026-04-01", "2027-12-31")), List{"/expires_on 11.5(5)"});
  EXPECT_TRUE(refusals(days("2027-01-01", "2027-12-31", "2026-04-01", "2028-01-01")).empty());
}

TEST(Record, TheAuditPeriodEndsBeforeTheRegistration_11_5_8) {
  EXPECT_TRUE(refusals(days("2025-05-01", "2026-03-31", "2026-04-01", "2027-07-31")).empty());
  EXPECT_EQ(refusals(days("2025-05-01", "2026-04-01", "2026-04-01", "2027-07-31")), List{"/audit_period/to 11.5(8)"});
  EXPECT_EQ(refusals(days("2025-05-01", "2026-04-02", "2026-04-01", "2027-07-31")), List{"/audit_period/to 11.5(8)"});
}

TEST(Record, ARenewedServiceHasAnAuditPeriodAfterItsRegistration_12_1) {
  EXPECT_EQ(refusals(days("2025-05-01", "2026-04-30", "2026-04-01", "2027-08-01")), List{"/audit_period/to 11.5(8)"})
      << "16 months after the registration";
  EXPECT_TRUE(refusals(days("2025-05-01", "2026-04-30", "2026-04-01", "2027-08-02")).empty());
}

TEST(Record, ChecksBetweenDaysLookOnlyAtSoundOnes) {
  EXPECT_EQ(refusals(with("/audit_period", Json::object())),
            (List{"/audit_period/from 11.5(8)", "/audit_period/to 11.5(8)"}));
  EXPECT_EQ(refusals(with("/audit_period", 1)), List{"/audit_period 11.5(8)"});
}

// --- Controls ---

TEST(Record, ControlsAreSetsInNumericOrder_11_5_7) {
  const Json r = record([](Json& j) {
    j["controls"]["implemented"] = {"10.1.1", "9.2.10.3", "9.2.5", "5.1.1", "9.2.9.1", "5.1.1", "6.3.1.P"};
    j["controls"]["excluded"] = {{{"id", "14.1.1"}, {"reason", {{"ja", "一"}}}},
                                 {{"id", "5.1.2"}, {"reason", {{"ja", "二"}}}}};
  });
  const auto service = parse_service(r);
  ASSERT_TRUE(service.ok()) << service.errors().front().en;
  const Json out = to_json(service->items).at("controls");
  EXPECT_EQ(out.at("implemented"), Json({"5.1.1", "6.3.1.P", "9.2.5", "9.2.9.1", "9.2.10.3", "10.1.1"}));
  EXPECT_EQ(out.at("excluded")[0].at("id"), "5.1.2");
  EXPECT_EQ(out.at("excluded")[1].at("id"), "14.1.1");
}

TEST(Record, ControlsMustBeKnown_11_5_7) {
  EXPECT_EQ(refusals(with("/controls/implemented", Json::array())), List{"/controls/implemented 11.5(7)"});
  EXPECT_NE(message(with("/controls/implemented/0", "5.1")).find("no identifier"), std::string::npos);
  EXPECT_NE(message(with("/controls/implemented/0", "5.1.1.B")).find("on four numbers only"), std::string::npos);
  EXPECT_NE(message(with("/controls/implemented/0", "5.1.3")).find("not in the management standard's table"),
            std::string::npos);
  EXPECT_NE(message(with("/controls/implemented/0", "6.3.1")).find("is it 6.3.1.P?"), std::string::npos);
  EXPECT_EQ(refusals(with("/controls/excluded/0/id", "3.1.1")), List{"/controls/excluded/0/id 11.5(7)"});
}

TEST(Record, AnExcludedControlNeedsAReasonAndStandsOnce_11_5_7) {
  EXPECT_EQ(refusals(without("/controls/excluded/0/reason")), List{"/controls/excluded/0/reason 11.5(7)"});
  EXPECT_EQ(refusals(with("/controls/excluded/0/reason/ja", " ")), List{"/controls/excluded/0/reason/ja 11.5(7)"});
  EXPECT_EQ(refusals(with("/controls/excluded/0/id", "5.1.1")), List{"/controls/excluded/0/id 11.5(7)"});
  const Json twice = record([](Json& j) { j["controls"]["excluded"].push_back(j["controls"]["excluded"][0]); });
  EXPECT_EQ(refusals(twice), List{"/controls/excluded/1/id 11.5(7)"});
}

// --- Notices ---

TEST(Notices, AnExpiryThatIsNotTheComputedOneIsNoMistake_BasicRegulations_3_6) {
  const auto all = notices(example([](Json&) {}).items);
  EXPECT_TRUE(std::none_of(all.begin(), all.end(), [](const Error& e) { return e.pointer == "/expires_on"; }));
  const auto other = notices(example([](Json& j) { j["expires_on"] = "2027-04-29"; }).items);
  ASSERT_FALSE(other.empty());
  EXPECT_EQ(other[0].pointer, "/expires_on");
  EXPECT_EQ(other[0].article, "11.5(5)");
  EXPECT_NE(other[0].ja.find("2027-04-29"), std::string::npos);
  EXPECT_NE(other[0].ja.find("2027-04-30"), std::string::npos);
}

TEST(Notices, ADetailedControlUnderAnExcludedObjective_11_5_7) {
  const auto all = notices(example([](Json& j) { j["controls"]["implemented"].push_back("14.1.1.3"); }).items);
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all[0].pointer, "/controls/implemented/3");
  EXPECT_NE(all[0].en.find("14.1.1.3"), std::string::npos);
}

TEST(Notices, ObjectivesThatStandNowhere_11_5_7) {
  const auto some = notices(example([](Json&) {}).items);
  ASSERT_EQ(some.size(), 1U);
  EXPECT_EQ(some[0].pointer, "/controls");
  EXPECT_NE(some[0].en.find("117 of 121"), std::string::npos);
  EXPECT_NE(some[0].en.find("(6.1.1, 6.1.2, 6.1.3, 6.1.4, 6.1.5 …)"), std::string::npos);
  const auto covered = [](Json& j) {
    j["controls"]["implemented"] = control_objectives();
    auto& ids = j["controls"]["implemented"];
    ids.erase(std::find(ids.begin(), ids.end(), "14.1.1"));
    ids.erase(std::find(ids.begin(), ids.end(), "5.1.1"));
    ids.push_back("5.1.1.4.PB");
  };
  EXPECT_TRUE(notices(example(covered).items).empty()) << "a detailed control counts for its objective";
}

}  // namespace
}  // namespace ismap::registry
