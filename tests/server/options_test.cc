#include "server/command/options.h"

#include <gtest/gtest.h>

namespace ismap::server {
namespace {

/// The options of a command line that is right.
template <class T>
T parsed(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "ismap-liu");
  auto options = parse_command_line(static_cast<int>(arguments.size()), arguments.data());
  if (const auto* wrong = std::get_if<std::string>(&options)) throw std::runtime_error(*wrong);
  return std::get<T>(std::get<Options>(options));
}

using Texts = std::vector<std::string>;

TEST(CommandLine, AnOptionThatMayBeRepeatedTakesOneValueEachTime) {
  const auto verify = parsed<VerifyOptions>({"verify", "--trust", "t", "--service", "A", "--service", "B", "BASE"});
  EXPECT_EQ(verify.services, (Texts{"A", "B"}));
  EXPECT_EQ(verify.base, "BASE");
  const auto mirror = parsed<MirrorOptions>({"mirror", "--trust", "t", "--service", "A", "ORIGIN", "DIR"});
  EXPECT_EQ(mirror.services, Texts{"A"});
  EXPECT_EQ(mirror.origin, "ORIGIN");
  EXPECT_EQ(mirror.folder, "DIR");
  const auto token = parsed<TokenOptions>({"token", "issue", "--data", "d", "--role", "registrant", "--organisation",
                                           "o", "--service", "A", "--service", "B"});
  EXPECT_EQ(token.services, (Texts{"A", "B"}));
  const auto sign = parsed<KeyOptions>({"key", "sign", "--root", "one", "--root", "two", "DRAFT"});
  EXPECT_EQ(sign.roots.size(), 2U);
  EXPECT_EQ(sign.draft, "DRAFT");
}

TEST(CommandLine, ATokenIsIssuedToAPersonAndRotatedWithAnOverlap) {
  const auto issued = parsed<TokenOptions>(
      {"token", "issue", "--data", "d", "--role", "operator", "--organisation", "o", "--person", "p"});
  EXPECT_EQ(issued.person, "p");
  const auto rotated = parsed<TokenOptions>({"token", "rotate", "--data", "d", "0123456789abcdef", "--overlap", "2"});
  EXPECT_EQ(rotated.action, TokenOptions::Action::rotate);
  EXPECT_EQ(rotated.id, "0123456789abcdef");
  EXPECT_EQ(rotated.overlap_hours, 2);
  EXPECT_EQ(parsed<TokenOptions>({"token", "rotate", "--data", "d", "x"}).overlap_hours, 24);
}

TEST(CommandLine, AServerTakesItsSettingsFromAFile) {
  EXPECT_EQ(parsed<ServeOptions>({"serve", "--data", "d", "--config", "c.json"}).config, "c.json");
  EXPECT_TRUE(parsed<ServeOptions>({"serve", "--data", "d"}).config.empty());
}

TEST(CommandLine, TheChainIsPrintedOrComparedWholeAndNeverFiltered) {
  EXPECT_EQ(parsed<AuditOptions>({"audit", "--data", "d", "--act", "key", "--limit", "5"}).limit, 5U);
  EXPECT_TRUE(parsed<AuditOptions>({"audit", "--data", "d", "--jsonl"}).jsonl);
  EXPECT_EQ(parsed<AuditOptions>({"audit", "--data", "d", "--check", "h", "--json"}).check, "h");
  for (const char* other : {"--jsonl", "--check=h"}) {
    const char* const arguments[] = {"ismap-liu", "audit", "--data", "d", "--act", "key", other};
    EXPECT_TRUE(std::holds_alternative<std::string>(parse_command_line(7, arguments))) << other;
  }
}

TEST(CommandLine, ASettingIsChangedWithAReason) {
  EXPECT_EQ(parsed<SettingsOptions>({"settings", "--data", "d"}).four_eyes, "");
  EXPECT_EQ(parsed<SettingsOptions>({"settings", "--data", "d", "--four-eyes", "none", "--reason", "r"}).reason, "r");
  const char* const arguments[] = {"ismap-liu", "settings", "--data", "d", "--four-eyes", "none"};
  EXPECT_TRUE(std::holds_alternative<std::string>(parse_command_line(6, arguments)));
  EXPECT_EQ(parsed<ProposalOptions>({"proposal", "confirm", "--data", "d", "--role", "committee", "P1"}).id, "P1");
  EXPECT_EQ(parsed<ServeOptions>({"serve", "--data", "d", "--socket-group", "g"}).socket_group, "g");
}

TEST(CommandLine, WhatAnOptionDoesNotTakeIsNotPassedOver) {
  const char* const arguments[] = {"ismap-liu", "token",          "issue", "--data",    "d", "--role",
                                   "operator",  "--organisation", "o",     "--service", "A", "B"};
  EXPECT_TRUE(std::holds_alternative<std::string>(parse_command_line(12, arguments)));
}

}  // namespace
}  // namespace ismap::server
