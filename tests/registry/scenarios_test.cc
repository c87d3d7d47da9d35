#include <gtest/gtest.h>

#include "registry/articles.h"
#include "tests/support/scenario.h"

namespace ismap::registry {
namespace {

using test::Scenario;

/// The life of a registration, chapters 11 to 18, as the texts of tests/scenarios/ tell it.
class Scenarios : public ::testing::TestWithParam<Scenario> {};

TEST_P(Scenarios, Hold) {
  for (const std::string& article : GetParam().articles) EXPECT_TRUE(is_article(article)) << article;
  test::play(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Law, Scenarios, ::testing::ValuesIn(test::read_scenarios(ISMAP_TEST_DATA "/../scenarios")),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace ismap::registry
