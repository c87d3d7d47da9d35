#include "server/token_uses.h"

#include <gtest/gtest.h>

namespace ismap::server {
namespace {

using registry::Instant;
using registry::TokenId;

const TokenId kOne{"0000000000000001"};
const TokenId kTwo{"0000000000000002"};

Instant after(std::int64_t seconds) { return Instant{1'000'000'000'000}.plus_seconds(seconds); }

class TokenUsesTest : public ::testing::Test {
 protected:
  TokenUsesTest() { EXPECT_TRUE(uses.due(after(0)).empty()); }

  /// Which are written when a server looks at that time.
  std::vector<TokenUses::Use> written(std::int64_t seconds) {
    auto out = uses.due(after(seconds));
    uses.written(out, after(seconds));
    return out;
  }
  TokenUses uses;
};

TEST_F(TokenUsesTest, AreKnownAtOnce) {
  EXPECT_EQ(uses.last(kOne), std::nullopt);
  uses.note(kOne, {after(1), "192.0.2.7"});
  uses.note(kOne, {after(2), "192.0.2.8"});
  EXPECT_EQ(uses.last(kOne), (registry::TokenUse{after(2), "192.0.2.8"}));
  EXPECT_EQ(uses.last(kTwo), std::nullopt);
}

TEST_F(TokenUsesTest, AreWrittenAtMostOnceAnHourAToken) {
  uses.note(kOne, {after(1), ""});
  EXPECT_TRUE(written(59).empty()) << "a server that has just begun";
  EXPECT_EQ(written(60), (std::vector<TokenUses::Use>{{kOne, {after(1), ""}}}));
  EXPECT_TRUE(written(3600 + 60).empty()) << "it was not used since";
  uses.note(kOne, {after(3661), ""});
  uses.note(kTwo, {after(3662), ""});
  EXPECT_EQ(written(3663).size(), 2U);
  uses.note(kOne, {after(3700), ""});
  EXPECT_TRUE(written(3663 + 3599).empty());
  EXPECT_EQ(written(3663 + 3600), (std::vector<TokenUses::Use>{{kOne, {after(3700), ""}}}));
}

TEST_F(TokenUsesTest, ShareATransaction) {
  uses.note(kOne, {after(1), ""});
  EXPECT_EQ(written(60).size(), 1U);
  uses.note(kTwo, {after(61), ""});
  EXPECT_TRUE(written(119).empty());
  EXPECT_EQ(written(120).size(), 1U);
}

TEST_F(TokenUsesTest, WhatCouldNotBeWrittenIsTriedAgain) {
  uses.note(kOne, {after(1), ""});
  EXPECT_EQ(uses.due(after(60)).size(), 1U);
  EXPECT_TRUE(uses.due(after(61)).empty()) << "not each second";
  EXPECT_EQ(uses.due(after(120)).size(), 1U);
}

TEST_F(TokenUsesTest, AtTheEndAllAreWritten) {
  uses.note(kOne, {after(1), ""});
  uses.written(uses.unwritten(), after(2));
  uses.note(kTwo, {after(3), ""});
  EXPECT_EQ(uses.unwritten(), (std::vector<TokenUses::Use>{{kTwo, {after(3), ""}}}));
}

}  // namespace
}  // namespace ismap::server
