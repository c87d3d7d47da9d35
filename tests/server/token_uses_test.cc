#include "server/office/token_uses.h"

#include <gtest/gtest.h>

namespace ismap::server {
namespace {

using registry::Instant;
using registry::TokenId;

const TokenId kOneToken{"0000000000000001"};
const TokenId kOtherToken{"0000000000000002"};

Instant at_second(std::int64_t second) { return Instant{1'000'000'000'000}.plus_seconds(second); }

class TokenUsesTest : public ::testing::Test {
 protected:
  TokenUsesTest() { EXPECT_TRUE(uses.due(at_second(0)).empty()); }

  /// Which are written when a server looks at that time.
  std::vector<TokenUses::Use> written(std::int64_t second) {
    auto out = uses.due(at_second(second));
    uses.written(out, at_second(second));
    return out;
  }
  TokenUses uses;
};

TEST_F(TokenUsesTest, AreKnownAtOnce) {
  EXPECT_EQ(uses.last(kOneToken), std::nullopt);
  uses.note(kOneToken, {at_second(1), "192.0.2.7"});
  uses.note(kOneToken, {at_second(2), "192.0.2.8"});
  EXPECT_EQ(uses.last(kOneToken), (registry::TokenUse{at_second(2), "192.0.2.8"}));
  EXPECT_EQ(uses.last(kOtherToken), std::nullopt);
}

TEST_F(TokenUsesTest, AreWrittenAtMostOnceAnHourAToken) {
  uses.note(kOneToken, {at_second(1), ""});
  EXPECT_TRUE(written(59).empty()) << "a server that has just begun";
  EXPECT_EQ(written(60), (std::vector<TokenUses::Use>{{kOneToken, {at_second(1), ""}}}));
  EXPECT_TRUE(written(3600 + 60).empty()) << "it was not used since";
  uses.note(kOneToken, {at_second(3661), ""});
  uses.note(kOtherToken, {at_second(3662), ""});
  EXPECT_EQ(written(3663).size(), 2U);
  uses.note(kOneToken, {at_second(3700), ""});
  EXPECT_TRUE(written(3663 + 3599).empty());
  EXPECT_EQ(written(3663 + 3600), (std::vector<TokenUses::Use>{{kOneToken, {at_second(3700), ""}}}));
}

TEST_F(TokenUsesTest, ShareATransaction) {
  uses.note(kOneToken, {at_second(1), ""});
  EXPECT_EQ(written(60).size(), 1U);
  uses.note(kOtherToken, {at_second(61), ""});
  EXPECT_TRUE(written(119).empty());
  EXPECT_EQ(written(120).size(), 1U);
}

TEST_F(TokenUsesTest, WhatCouldNotBeWrittenIsTriedAgain) {
  uses.note(kOneToken, {at_second(1), ""});
  EXPECT_EQ(uses.due(at_second(60)).size(), 1U);
  EXPECT_TRUE(uses.due(at_second(61)).empty()) << "not each second";
  EXPECT_EQ(uses.due(at_second(120)).size(), 1U);
}

TEST_F(TokenUsesTest, AtTheEndAllAreWritten) {
  uses.note(kOneToken, {at_second(1), ""});
  uses.written(uses.unwritten(), at_second(2));
  uses.note(kOtherToken, {at_second(3), ""});
  EXPECT_EQ(uses.unwritten(), (std::vector<TokenUses::Use>{{kOtherToken, {at_second(3), ""}}}));
}

}  // namespace
}  // namespace ismap::server
