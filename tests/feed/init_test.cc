#include "feed/init.h"

#include <gtest/gtest.h>

#include "feed/files.h"
#include "feed/guard.h"
#include "feed/jwt.h"
#include "tests/feed/register_fixture.h"

namespace ismap::feed {
namespace {

using registry::Code;
using registry::Done;
using registry::Json;

class Init : public RegisterFixture {};

TEST_F(Init, WritesWhatAVerifierPins) {
  EXPECT_EQ(*read_file(data() / "trust" / "keysver"), "1\n");
  const Json trust = *registry::parse_json(*read_file(data() / "trust" / "root.jwks"));
  ASSERT_EQ(trust.at("keys").size(), 1U);
  EXPECT_EQ(trust.at("threshold"), 1);
  EXPECT_EQ(thumbprint(trust.at("keys").front()), report_.root_thumbprint);
  EXPECT_TRUE(verify_general_jws(report_.key_set, trust.at("keys"), kKeySetType, 1).ok());
  EXPECT_EQ(report_.key_set_sha256, registry::sha256(report_.key_set));
  EXPECT_EQ(*read_guard(data()), first_guard(kNow));
  EXPECT_TRUE(root_is_online(data() / "keys"));
}

TEST_F(Init, PinsTheThresholdOfNewRootsToo) {
  const auto pinned = [&] { return *registry::parse_json(*read_file(data() / "trust" / "root.jwks")); };
  KeySet set = open_key_set(report_.key_set).value();
  ASSERT_TRUE(pin_roots(data(), set).ok());
  EXPECT_EQ(*read_file(data() / "trust" / "keysver"), "1\n");
  set.ver = registry::KeySetVersion{2};
  set.roots.push_back(PrivateKey::generate(KeyKind::es256).jwk());
  set.root_threshold = 2;
  ASSERT_TRUE(pin_roots(data(), set).ok());
  EXPECT_EQ(pinned().at("keys"), set.roots);
  EXPECT_EQ(pinned().at("threshold"), 2);
  EXPECT_EQ(*read_file(data() / "trust" / "keysver"), "2\n");
  set.ver = registry::KeySetVersion{3};
  ASSERT_TRUE(pin_roots(data(), set).ok());
  EXPECT_EQ(*read_file(data() / "trust" / "keysver"), "2\n") << "the roots are the same";
  set.root_threshold = 1;
  ASSERT_TRUE(pin_roots(data(), set).ok());
  EXPECT_EQ(pinned().at("threshold"), 1);
  EXPECT_EQ(*read_file(data() / "trust" / "keysver"), "3\n");
}

TEST_F(Init, NeverOverwrites) {
  const auto untouched = [](const std::string&) -> registry::Result<Done> {
    ADD_FAILURE() << "the log was opened";
    return Done{};
  };
  EXPECT_EQ(init(data(), kOrigin, kIss, kNow, untouched).errors().front().code, Code::conflict);
  for (const char* name : {"keys", "lmdb"}) {
    const TemporaryFolder half_made;
    std::filesystem::create_directory(half_made.path() / name);
    EXPECT_EQ(init(half_made.path(), kOrigin, kIss, kNow, untouched).errors().front().code, Code::conflict);
  }
}

TEST_F(Init, RefusesNamesThatCannotBePublished) {
  const TemporaryFolder other;
  const auto open = [](const std::string&) -> registry::Result<Done> { return Done{}; };
  for (const char* origin : {"", "liu example/log", "liu+example/log", "https://liu.example.jp/log", "liu\n/log"}) {
    EXPECT_EQ(init(other.path() / "d", origin, kIss, kNow, open).errors().front().code, Code::invalid) << origin;
  }
  for (const char* iss : {"", "liu.example.jp", "https://", "https://liu.example.jp/", "https://a b", "ftp://x"}) {
    EXPECT_EQ(init(other.path() / "d", kOrigin, iss, kNow, open).errors().front().code, Code::invalid) << iss;
  }
  EXPECT_FALSE(std::filesystem::exists(other.path() / "d"));
  EXPECT_EQ(default_issuer(kOrigin), kIss);
  EXPECT_EQ(names_of("http://127.0.0.1:8080").host, "127.0.0.1");
}

}  // namespace
}  // namespace ismap::feed
