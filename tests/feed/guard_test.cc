#include "feed/guard.h"

#include <gtest/gtest.h>

#include "feed/files.h"
#include "registry/merkle.h"
#include "tests/feed/temporary_folder.h"

namespace ismap::feed {
namespace {

using registry::Code;
using registry::Instant;
using registry::TreeSize;

const Guard kGuard{Instant{1'716'168'225'000}, registry::leaf_hash("x"), TreeSize{57}, registry::ListVersion{9}};

TEST(GuardFile, IsCanonicalJsonAndANewline) {
  EXPECT_EQ(to_octets(kGuard),
            R"({"iat":1716168225,"root":")" + registry::hex(kGuard.root) + R"(","size":57,"ver":9})" + "\n");
  EXPECT_EQ(*parse_guard(to_octets(kGuard)), kGuard);
}

TEST(GuardFile, ATornOneIsRefusedAtEveryLength) {
  const std::string whole = to_octets(kGuard);
  for (std::size_t n = 0; n < whole.size(); ++n) {
    EXPECT_EQ(parse_guard(whole.substr(0, n)).errors().front().code, Code::corrupt) << n;
  }
  EXPECT_FALSE(parse_guard(" " + whole).ok());
  EXPECT_FALSE(parse_guard(whole + "\n").ok());
  EXPECT_FALSE(parse_guard("{\"iat\":1,\"root\":\"\",\"size\":-1,\"ver\":1}\n").ok());
}

TEST(GuardFile, MissingAndTornAreDifferent) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_guard(folder.path()).errors().front().code, Code::not_found);
  ASSERT_TRUE(write_guard(folder.path(), kGuard).ok());
  EXPECT_EQ(*read_guard(folder.path()), kGuard);
  ASSERT_TRUE(replace_file(guard_path(folder.path()), "{").ok());
  EXPECT_EQ(read_guard(folder.path()).errors().front().code, Code::corrupt);
}

TEST(GuardCheck, AllowsWhatExtendsTheHistoryAndNothingElse) {
  const Instant at = kGuard.iat;
  const Instant later = at.plus_seconds(86'400);
  EXPECT_TRUE(check(kGuard, {TreeSize{57}, kGuard.root, at, later}).ok()) << "the same second is fine";
  EXPECT_TRUE(check(kGuard, {TreeSize{58}, kGuard.root, Instant{at.unix_milliseconds() + 999}, later}).ok());
  EXPECT_FALSE(check(kGuard, {TreeSize{56}, std::nullopt, at, later}).ok()) << "ahead";
  EXPECT_FALSE(check(kGuard, {TreeSize{57}, registry::leaf_hash("y"), at, later}).ok()) << "beside";
  EXPECT_FALSE(check(kGuard, {TreeSize{57}, kGuard.root, Instant{at.unix_milliseconds() - 1}, later}).ok());
  EXPECT_TRUE(check(kGuard, {TreeSize{57}, kGuard.root, Instant{later.unix_milliseconds() - 1}, later}).ok());
  EXPECT_FALSE(check(kGuard, {TreeSize{57}, kGuard.root, later, later}).ok()) << "key set expired";
  const auto all = check(kGuard, {TreeSize{56}, std::nullopt, Instant{0}, Instant{0}});
  ASSERT_EQ(all.errors().size(), 3U);
  for (const registry::Error& error : all.errors()) EXPECT_EQ(error.code, Code::unavailable);
}

TEST(GuardCheck, TheFirstGuardIsThatOfTheEmptyTree) {
  const Guard first = first_guard(Instant{1'500});
  EXPECT_EQ(first.iat, Instant{1'000});
  EXPECT_EQ(first.root, registry::sha256(""));
  EXPECT_TRUE(check(first, {TreeSize{1}, registry::Tree().root(), Instant{1'500}, Instant{9'000}}).ok());
}

}  // namespace
}  // namespace ismap::feed
