#include "registry/service.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>

#include "registry/text.h"
#include "tests/registry/example_record.h"

namespace ismap::registry {
namespace {

using namespace example_record;

// --- Round trip ---

TEST(Record, TheExampleLeafGoesThroughByteForByte) {
  for (const char* name : {"/example-leaf.json", "/example-leaf-corrected.json"}) {
    std::ifstream in(ISMAP_TEST_DATA + std::string(name), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    Json leaf = parse_json(bytes).value();
    const auto service = parse_service(leaf.at("record"));
    ASSERT_TRUE(service.ok()) << service.errors().front().en;
    leaf["record"] = to_json(*service);
    EXPECT_EQ(canonical(leaf), bytes);
  }
}

TEST(Record, EveryMemberRoundTrips) {
  const Json r = record([](Json& j) {
    j["remarks"] = {{"ja", "国内リージョンに限る。"}, {"en", "Regions in Japan only."}};
    j["state"] = "removed";
    j["removal"] = {{"article", "18.2(2)"}, {"on", "2026-06-01"}};
    j["re_audits"][0]["ended"] = {{"article", "16.3"}, {"on", "2026-05-30"}};
    j["suspensions"][0]["lifted"] = nullptr;
    j["renewals"][0]["decided"] = {{"article", nullptr}, {"on", "2026-05-20"}, {"result", "withdrawn"}};
    j["renewals"].push_back({{"opening", 60},
                             {"filed_on", "2026-05-21"},
                             {"decided", {{"article", "9.6"}, {"on", "2026-05-22"}, {"result", "not-accepted"}}}});
  });
  const auto service = parse_service(r);
  ASSERT_TRUE(service.ok()) << service.errors().front().en;
  EXPECT_EQ(to_json(*service), r);
  EXPECT_EQ(parse_service(to_json(*service)).value(), *service);
}

TEST(Record, WhatTheRegisterKeepsMayBeAbsentAtIntake) {
  const Json r = record([](Json& j) {
    for (const char* name : {"state", "suspensions", "re_audits", "renewals", "removal", "remarks"}) j.erase(name);
    for (const char* name : {"items", "excluded", "regions"}) j["scope"].erase(name);
    j["controls"].erase("excluded");
  });
  const auto service = parse_service(r);
  ASSERT_TRUE(service.ok()) << service.errors().front().en;
  const Json out = to_json(*service);
  EXPECT_EQ(out.at("state"), "registered");
  for (const char* name : {"suspensions", "re_audits", "renewals"}) EXPECT_EQ(out.at(name), Json::array());
  for (const char* name : {"removal", "remarks"}) EXPECT_TRUE(out.at(name).is_null());
  EXPECT_EQ(out.at("scope").at("regions"), Json::array());
  EXPECT_EQ(out.at("controls").at("excluded"), Json::array());
}

// --- Members ---

TEST(Record, EachItemIsRequired_11_5) {
  const std::vector<std::pair<std::string, std::string>> items = {
      {"/id", "11.5"},
      {"/name", "11.5(1)"},
      {"/name/ja", "11.5(1)"},
      {"/url", "11.5(2)"},
      {"/provider", "11.5(3)"},
      {"/provider/name", "11.5(3)"},
      {"/provider/address", "11.5(3)"},
      {"/provider/corporate_number", "11.5(3)"},
      {"/registered_on", "11.5(4)"},
      {"/expires_on", "11.5(5)"},
      {"/scope", "11.5(6)"},
      {"/scope/text", "11.5(6)"},
      {"/controls", "11.5(7)"},
      {"/controls/edition", "11.5(7)"},
      {"/controls/implemented", "11.5(7)"},
      {"/audit_period", "11.5(8)"},
      {"/audit_period/from", "11.5(8)"},
      {"/audit_period/to", "11.5(8)"},
      {"/subsequent_events", "11.5(9)"},
      {"/improvement_plan", "11.5(10)"},
      {"/disclosures", "11.5(11)"},
      {"/disclosures/capital_and_officers", "11.5(11)"},
      {"/disclosures/foreign_law", "11.5(11)"},
      {"/disclosures/governing_law_and_jurisdiction", "11.5(11)"},
      {"/disclosures/third_party_tests", "11.5(11)"},
      {"/agencies_using", "11.5(13)"},
  };
  for (const auto& [pointer, article] : items) {
    EXPECT_EQ(refusals(without(pointer)), List{pointer + " " + article});
    EXPECT_EQ(article_of_item(pointer), article);
    if (pointer == "/name/ja") continue;  // a text is an object: null in it is another mistake
    EXPECT_EQ(refusals(with(pointer, nullptr)), List{pointer + " " + article});
  }
}

TEST(Record, UnknownMembersAreRefusedByNameAtEveryLevel) {
  const std::vector<std::pair<std::string, std::string>> places = {{"/x", "11.5"},
                                                                   {"/name/fr", "11.5(1)"},
                                                                   {"/provider/phone", "11.5(3)"},
                                                                   {"/scope/x", "11.5(6)"},
                                                                   {"/scope/items/0/x", "11.5(6)"},
                                                                   {"/controls/x", "11.5(7)"},
                                                                   {"/controls/excluded/0/x", "11.5(7)"},
                                                                   {"/audit_period/x", "11.5(8)"},
                                                                   {"/disclosures/x", "11.5(11)"},
                                                                   {"/suspensions/0/x", "11.5"},
                                                                   {"/suspensions/0/lifted/x", "11.5"},
                                                                   {"/re_audits/0/x", "11.5"},
                                                                   {"/renewals/0/x", "11.5"},
                                                                   {"/a~1b~0c", "11.5"}};
  for (const auto& [pointer, article] : places) {
    EXPECT_EQ(refusals(with(pointer, 1)), List{pointer + " " + article});
  }
  EXPECT_NE(message(with("/reason", "x")).find("\"reason\""), std::string::npos);
}

TEST(Record, WrongTypesAreRefused) {
  const std::vector<std::pair<std::string, Json>> wrong = {
      {"/id", 7},
      {"/name", "架空"},
      {"/name/ja", 7},
      {"/name/en", nullptr},
      {"/url", Json::array()},
      {"/provider", "株式会社架空"},
      {"/provider/corporate_number", 7123456789012},
      {"/registered_on", 20260401},
      {"/scope/items", "API"},
      {"/scope/items/1", "API"},
      {"/scope/regions", nullptr},
      {"/controls", Json::array()},
      {"/controls/implemented", "5.1.1"},
      {"/controls/implemented/0", 5},
      {"/controls/excluded/0", "14.1.1"},
      {"/improvement_plan", "有"},
      {"/improvement_plan", 1},
      {"/remarks", "なし"},
      {"/state", 1},
      {"/suspensions", nullptr},
      {"/suspensions/0", 1},
      {"/suspensions/0/opening", "41"},
      {"/suspensions/0/lifted", "2026-05-20"},
      {"/removal", true},
  };
  for (const auto& [pointer, value] : wrong) {
    const List found = refusals(with(pointer, value));
    ASSERT_FALSE(found.empty()) << pointer << value;
    EXPECT_EQ(found.front(), pointer + " " + article_of_item(pointer));
    EXPECT_EQ(found.size(), 1U) << pointer << " " << found.back();
  }
  for (const Json& whole : {Json(nullptr), Json(1), Json::array(), Json("x")})
    EXPECT_EQ(refusals(whole), List{" 11.5"});
}

TEST(Record, AllMistakesInOneRun) {
  const Json r = record([](Json& j) {
    j["name"]["ja"] = " ";
    j["url"] = "ftp://example.jp";
    j["provider"]["corporate_number"] = "7123456789013";
    j["registered_on"] = "2026-02-30";
    j["controls"]["implemented"] = {"5.1.1", "5.9.9", "x"};
    j["subsequent_events"] = nullptr;
    j["agencies_using"] = -1;
    j["extra"] = 1;
  });
  EXPECT_EQ(refusals(r),
            (List{"/name/ja 11.5(1)", "/url 11.5(2)", "/provider/corporate_number 11.5(3)", "/registered_on 11.5(4)",
                  "/controls/implemented/1 11.5(7)", "/controls/implemented/2 11.5(7)", "/subsequent_events 11.5(9)",
                  "/agencies_using 11.5(13)", "/extra 11.5"}));
}

TEST(Record, ArticleOfAnythingElseIs11_5) {
  for (const char* pointer : {"", "/", "/id", "/names", "/nam", "/state", "/suspensions/0/since", "x"}) {
    EXPECT_EQ(article_of_item(pointer), "11.5") << pointer;
  }
  EXPECT_EQ(article_of_item("/provider/name/ja"), "11.5(3)");
  EXPECT_EQ(article_of_item("/scope/items/3/en"), "11.5(6)");
  EXPECT_EQ(article_of_item("/remarks/ja"), "11.5(12)");
}

// --- Items ---

TEST(Record, IdHoldsLettersDigitsAndHyphens) {
  for (const char* id : {"L24-0001", "a", "A-1"}) EXPECT_TRUE(refusals(with("/id", id)).empty()) << id;
  EXPECT_TRUE(refusals(with("/id", std::string(64, 'a'))).empty());
  for (const std::string& id : {std::string(), std::string(65, 'a'), std::string("L24/0001"), std::string("L24 0001"),
                                std::string("Ｌ24-0001"), std::string("../x"), std::string("keys")}) {
    EXPECT_EQ(refusals(with("/id", id)), List{"/id 11.5"}) << id;
  }
}

TEST(Record, TextsAreNeitherBlankNorUnclean_7_10) {
  EXPECT_EQ(refusals(with("/subsequent_events/ja", "\u3000\n")), List{"/subsequent_events/ja 11.5(9)"});
  EXPECT_NE(message(with("/subsequent_events/ja", "")).find("なし"), std::string::npos);
  EXPECT_EQ(refusals(with("/name/en", " ")), List{"/name/en 11.5(1)"});
  EXPECT_EQ(refusals(with("/name/ja", "架\x07空")), List{"/name/ja 11.5(1)"});
  EXPECT_NE(message(with("/name/ja", "架\x07空")).find("U+0007"), std::string::npos);
  EXPECT_EQ(refusals(with("/scope/regions/0/ja", "\xff")), List{"/scope/regions/0/ja 11.5(6)"});
  EXPECT_EQ(refusals(with("/remarks", {{"ja", "\u202e"}})), List{"/remarks/ja 11.5(12)"});
  const auto service = parse_service(with("/scope/text/ja", "一\r\n二\r三\n﨑"));
  ASSERT_TRUE(service.ok());
  EXPECT_EQ(service->items.scope.text.ja, "一\n二\n三\n﨑");
}

TEST(Record, ATextHasAtMost20000Bytes) {
  EXPECT_TRUE(refusals(with("/scope/text/ja", std::string(kMaxTextBytes, 'x'))).empty());
  EXPECT_EQ(refusals(with("/scope/text/ja", std::string(kMaxTextBytes + 1, 'x'))), List{"/scope/text/ja 11.5(6)"});
}

TEST(Record, TheWholeHasAtMost40000Bytes) {
  const auto filled = [](std::size_t bytes) {
    Json r = with("/scope/text/ja", std::string(kMaxTextBytes, 'x'));
    r["subsequent_events"]["ja"] = "x";
    r["subsequent_events"]["ja"] = std::string(bytes - canonical(r).size() + 1, 'x');
    EXPECT_EQ(canonical(r).size(), bytes);
    return r;
  };
  EXPECT_TRUE(refusals(filled(kMaxRecordBytes - 1)).empty());
  EXPECT_TRUE(refusals(filled(kMaxRecordBytes)).empty());
  EXPECT_EQ(refusals(filled(kMaxRecordBytes + 1)), List{" 11.5"});
}

TEST(Record, AgenciesUsingIsACount_11_5_13) {
  for (const int n : {0, 1, 9'999'999}) EXPECT_TRUE(refusals(with("/agencies_using", n)).empty()) << n;
  const std::vector<std::pair<Json, std::string>> wrong = {{-1, "is negative"},
                                                           {10'000'000, "is too large"},
                                                           {1.5, "is no integer"},
                                                           {"3", "is no integer"},
                                                           {true, "is no"}};
  for (const auto& [value, reason] : wrong) {
    EXPECT_EQ(refusals(with("/agencies_using", value)), List{"/agencies_using 11.5(13)"}) << value;
    EXPECT_NE(message(with("/agencies_using", value)).find(reason), std::string::npos) << value;
  }
}

TEST(Record, DaysAreRealDays) {
  for (const char* text : {"2025-02-29", "2026-13-01", "2026-04-31", "2026-4-1", "2026/04/01", "", "令和8年4月1日",
                           "1899-12-31", "3000-01-01", "2026-04-01T00:00:00Z"}) {
    EXPECT_EQ(refusals(with("/registered_on", text)), List{"/registered_on 11.5(4)"}) << text;
    EXPECT_EQ(refusals(with("/audit_period/from", text)), List{"/audit_period/from 11.5(8)"}) << text;
    EXPECT_EQ(refusals(with("/controls/edition", text)), List{"/controls/edition 11.5(7)"}) << text;
  }
}

// --- Intervals and state ---

TEST(Record, IntervalsAreReadWhole) {
  EXPECT_EQ(refusals(without("/suspensions/0/opening")), List{"/suspensions/0/opening 11.5"});
  EXPECT_EQ(refusals(with("/suspensions/0/opening", -1)), List{"/suspensions/0/opening 11.5"});
  EXPECT_EQ(refusals(with("/suspensions/0/article", "")), List{"/suspensions/0/article 11.5"});
  EXPECT_EQ(refusals(with("/suspensions/0/lifted/on", "x")), List{"/suspensions/0/lifted/on 11.5"});
  EXPECT_EQ(refusals(without("/re_audits/0/since")), List{"/re_audits/0/since 11.5"});
  EXPECT_EQ(refusals(without("/renewals/0/filed_on")), List{"/renewals/0/filed_on 11.5"});
  const Json undecided = {{"article", nullptr}, {"on", "2026-05-20"}, {"result", "maybe"}};
  EXPECT_EQ(refusals(with("/renewals/0/decided", undecided)), List{"/renewals/0/decided/result 11.5"});
  EXPECT_TRUE(refusals(without("/suspensions/0/lifted")).empty());
}

TEST(Record, RemovedExactlyWhenThereIsARemoval_18_2) {
  const Json removal = {{"article", "18.2(2)"}, {"on", "2026-06-01"}};
  EXPECT_EQ(refusals(with("/state", "removed")), List{"/removal 11.5"});
  EXPECT_EQ(refusals(with("/removal", removal)), List{"/state 11.5"});
  EXPECT_EQ(refusals(with("/state", "suspended")), List{"/state 11.5"});
}

TEST(Validity, FromTheRegistrationToTheExpiry_12_1) {
  const Service s = example([](Json& j) { j["renewals"] = Json::array(); });  // 2026-04-01 to 2027-04-30
  EXPECT_FALSE(valid_on(s, *Day::parse("2026-03-31")));
  EXPECT_TRUE(valid_on(s, *Day::parse("2026-04-01")));
  EXPECT_TRUE(valid_on(s, *Day::parse("2027-04-30")));
  EXPECT_FALSE(valid_on(s, *Day::parse("2027-05-01")));
}

TEST(Validity, PastTheExpiryWhileARenewalIsUndecided_12_1) {
  EXPECT_TRUE(valid_on(example([](Json&) {}), *Day::parse("2027-05-01")));
  const Service decided = example([](Json& j) {
    j["renewals"][0]["decided"] = {{"article", "18.2(3)"}, {"on", "2027-05-10"}, {"result", "dismissed"}};
  });
  EXPECT_TRUE(valid_on(decided, *Day::parse("2027-05-09")));
  EXPECT_FALSE(valid_on(decided, *Day::parse("2027-05-10")));
  EXPECT_FALSE(valid_on(decided, *Day::parse("2027-05-11")));
}

TEST(Validity, NotFromTheDayOfTheRemoval_18_2) {
  const Service s = example([](Json& j) {
    j["state"] = "removed";
    j["removal"] = {{"article", "18.2(2)"}, {"on", "2026-06-01"}};
  });
  EXPECT_TRUE(valid_on(s, *Day::parse("2026-05-31")));
  EXPECT_FALSE(valid_on(s, *Day::parse("2026-06-01")));
  EXPECT_FALSE(valid_on(s, *Day::parse("2026-06-02")));
}

TEST(Flags, OpenIntervalsOfAServiceThatIsNotRemoved_13_12_14_5_16_8) {
  const Service lifted = example([](Json&) {});
  EXPECT_TRUE(open_suspensions(lifted).empty());
  ASSERT_EQ(open_re_audits(lifted).size(), 1U);
  EXPECT_EQ(open_re_audits(lifted)[0].opening, Seq{44});
  const auto two = [](Json& j) {
    j["suspensions"].push_back({{"opening", 52}, {"article", "13.7"}, {"since", "2026-05-19"}, {"lifted", nullptr}});
  };
  ASSERT_EQ(open_suspensions(example(two)).size(), 1U);
  EXPECT_EQ(open_suspensions(example(two))[0].article, Article{"13.7"});
  const Service removed = example([&](Json& j) {
    two(j);
    j["state"] = "removed";
    j["removal"] = {{"article", "18.2(5)"}, {"on", "2026-06-01"}};
  });
  EXPECT_TRUE(open_suspensions(removed).empty());
  EXPECT_TRUE(open_re_audits(removed).empty());
}

TEST(Flags, TheUndecidedRenewal_12_1) {
  const auto decide = [](Json& j) {
    j["renewals"][0]["decided"] = {{"article", "11.2"}, {"on", "2026-05-20"}, {"result", "renewed"}};
  };
  EXPECT_EQ(undecided_renewal(example([](Json&) {}))->opening, Seq{50});
  EXPECT_FALSE(undecided_renewal(example(decide)));
  const Service again = example([&](Json& j) {
    decide(j);
    j["renewals"].push_back({{"opening", 90}, {"filed_on", "2027-04-01"}, {"decided", nullptr}});
  });
  EXPECT_EQ(undecided_renewal(again)->opening, Seq{90});
}

}  // namespace
}  // namespace ismap::registry
