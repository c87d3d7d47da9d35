#include "registry/controls.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace ismap::registry {
namespace {

ControlId id(std::string_view text) { return ControlId::parse(text).value(); }

TEST(Controls, TableHolds121ObjectivesInOrder) {
  const auto& all = control_objectives();
  ASSERT_EQ(all.size(), 121U);
  std::vector<ControlId> ids;
  for (const std::string& text : all) {
    ids.push_back(id(text));
    EXPECT_TRUE(ids.back().is_objective()) << text;
    EXPECT_EQ(ids.back().str(), text);
  }
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
}

TEST(Controls, TableHasTheStatedNumberInEachChapter) {
  const std::map<int, int> expected = {{5, 2},   {6, 8},  {7, 6},   {8, 11}, {9, 16}, {10, 2}, {11, 15},
                                       {12, 16}, {13, 8}, {14, 13}, {15, 5}, {16, 7}, {17, 4}, {18, 8}};
  std::map<int, int> counted;
  for (const std::string& text : control_objectives()) ++counted[std::stoi(text)];
  EXPECT_EQ(counted, expected);
}

TEST(Controls, CloudObjectivesCarryP) {
  for (const char* text : {"6.3.1.P", "8.1.5.P", "9.5.1.P", "9.5.2.P", "12.1.5.P", "12.4.5.P", "13.1.4.P"}) {
    EXPECT_TRUE(ControlId::parse(text)) << text;
    const std::string bare(text, std::string_view(text).size() - 2);
    EXPECT_FALSE(ControlId::parse(bare)) << bare;
    EXPECT_TRUE(ControlId::follows_pattern(bare)) << bare;
  }
}

TEST(Controls, DetailedControlsGoByPattern) {
  for (const char* text : {"3.1.1.1", "4.6.2.2", "4.6.2.2.B", "5.1.1.3", "9.2.10.4.P", "18.2.3.99.PB", "6.3.1.13.PB"}) {
    const auto parsed = ControlId::parse(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_FALSE(parsed->is_objective());
    EXPECT_EQ(parsed->str(), text);
  }
}

TEST(Controls, RefusedByPattern) {
  for (const char* text :
       {"",         ".",           "5",        "5.1",       "5.1.1.1.1", "2.1.1",  "19.1.1", "1.1.1",
        "05.1.1",   "5.01.1",      "5.0.1",    "5.1.0",     "5.1.100",   "5.1.1.", ".5.1.1", "5..1.1",
        "5.1.1.Q",  "5.1.1.p",     "5.1.1.BP", "5.1.1.P.P", "5.1.1.P.1", "5.1.1 ", " 5.1.1", "5.1.1.B",
        "5.1.1.PB", "5.1.1.1.P.B", "P.5.1.1",  "５.1.1",    "5-1-1",     "+5.1.1", "5.1.1\n"}) {
    EXPECT_FALSE(ControlId::follows_pattern(text)) << text;
    EXPECT_FALSE(ControlId::parse(text)) << text;
  }
}

TEST(Controls, ThreePartRefusedByTable) {
  for (const char* text : {"5.1.3", "3.1.1", "4.1.1", "18.2.4", "6.3.1", "5.1.1.P", "10.1.3", "99.1.1"}) {
    EXPECT_FALSE(ControlId::parse(text)) << text;
  }
  EXPECT_TRUE(ControlId::follows_pattern("3.1.1"));
  EXPECT_TRUE(ControlId::follows_pattern("4.9.3.P"));
}

TEST(Controls, OrderIsNumericAndAgreesWithEquality) {
  const std::vector<std::string> sorted = {"4.6.2.2",  "5.1.1",  "5.1.1.3", "5.1.1.3.B", "5.1.1.3.P", "5.1.1.3.PB",
                                           "5.1.1.10", "5.1.2",  "9.2.5",   "9.2.6",     "9.2.9.1",   "9.2.10.1",
                                           "9.3.1",    "10.1.1", "11.2.9",  "12.1.1",    "18.2.3"};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      EXPECT_EQ(id(sorted[i]) < id(sorted[j]), i < j) << sorted[i] << " " << sorted[j];
      EXPECT_EQ(id(sorted[i]) == id(sorted[j]), i == j) << sorted[i] << " " << sorted[j];
    }
  }
}

TEST(Controls, BelongsToTheObjectiveByNumberAlone) {
  EXPECT_TRUE(id("6.3.1.13.PB").belongs_to(id("6.3.1.P")));
  EXPECT_TRUE(id("5.1.1.3").belongs_to(id("5.1.1")));
  EXPECT_TRUE(id("5.1.1").belongs_to(id("5.1.1")));
  EXPECT_FALSE(id("5.1.2.3").belongs_to(id("5.1.1")));
  EXPECT_FALSE(id("15.1.1.3").belongs_to(id("5.1.1")));
  EXPECT_FALSE(ControlId{}.belongs_to(id("5.1.1")));
  EXPECT_FALSE(id("5.1.1").belongs_to(ControlId{}));
}

}  // namespace
}  // namespace ismap::registry
