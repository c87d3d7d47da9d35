#include "feed/keyset.h"

#include <gtest/gtest.h>

#include "feed/files.h"
#include "feed/jwt.h"
#include "feed/key_schedule.h"
#include "feed/keys.h"
#include "tests/feed/temporary_folder.h"

namespace ismap::feed {
namespace {

using registry::Instant;
using registry::Json;

const Instant kNow{1'716'168'225'678};
constexpr const char* kIss = "https://liu.example.jp";
constexpr const char* kOrigin = "liu.example.jp/log";

class KeySets : public testing::Test {
 protected:
  [[nodiscard]] Json payload() const { return *registry::parse_json(*unverified_payload(document_)); }

  TemporaryFolder folder_;
  Keys keys_ = make_keys(folder_.path() / "keys", "liu.example.jp", kNow).value();
  std::string document_ = initial_key_set(keys_, kIss, kOrigin, kNow);
};

TEST_F(KeySets, VersionOneHasEveryMember) {
  const Json set = payload();
  ASSERT_EQ(set.size(), 11U);
  EXPECT_EQ(set.at("iss"), kIss);
  EXPECT_EQ(set.at("ver"), 1);
  EXPECT_EQ(set.at("iat"), 1'716'168'225);
  EXPECT_EQ(set.at("exp"), 1'716'168'225 + 400 * 86'400);
  EXPECT_EQ(set.at("roots"), Json({{"keys", Json::array({keys_.root->jwk()})}, {"threshold", 1}}));
  EXPECT_EQ(set.at("keys"), Json::array({keys_.jwt.jwk()}));
  EXPECT_EQ(set.at("atom"),
            Json::array({Json{{"kid", keys_.atom.kid()}, {"x5c", Json::array({base64(keys_.atom_certificate)})}}}));
  EXPECT_EQ(set.at("log"), Json::array({vkey(kOrigin, keys_.log)}));
  EXPECT_EQ(set.at("witnesses").dump(), R"({"keys":[],"quorum":0})");
  EXPECT_EQ(set.at("retired"), Json::array());
  EXPECT_EQ(set.at("revoked"), Json::array());
}

TEST_F(KeySets, ReadBackToTheSameOctets) {
  const auto set = open_key_set(document_);
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(to_payload(*set), *unverified_payload(document_));
  KeySet later = *set;
  later.ver = registry::KeySetVersion{2};
  const std::string witness =
      vkey("witness.example", PrivateKey::generate(KeyKind::ed25519), SignatureType::cosignature);
  later.witnesses.push_back(parse_vkey(witness).value());
  later.witness_quorum = 1;
  later.retired.push_back({"k1", Instant{1'000}, Instant{2'000}});
  later.revoked.push_back({"k2", Instant{3'000}, "lost", registry::ListVersion{7}, registry::TreeSize{8}});
  const auto back = parse_key_set(to_payload(later));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(to_payload(*back), to_payload(later));
  EXPECT_EQ(back->revoked, later.revoked);
}

TEST_F(KeySets, AMissingMemberIsRefusedByName) {
  const Json whole = payload();
  for (const auto& [name, value] : whole.items()) {
    Json without = whole;
    without.erase(name);
    const auto set = parse_key_set(registry::canonical(without));
    ASSERT_FALSE(set.ok()) << name;
    EXPECT_EQ(set.errors().front().pointer, "/" + name);
  }
}

TEST_F(KeySets, WhatContradictsItselfIsRefused) {
  const auto refused = [&](const char* pointer, const Json& value) {
    Json changed = payload();
    changed[Json::json_pointer(pointer)] = value;
    return !parse_key_set(registry::canonical(changed)).ok();
  };
  EXPECT_FALSE(refused("/ver", 2));
  EXPECT_TRUE(refused("/ver", 0));
  EXPECT_TRUE(refused("/exp", 1));
  EXPECT_TRUE(refused("/iat", "1"));
  EXPECT_TRUE(refused("/roots/threshold", 0));
  EXPECT_TRUE(refused("/roots/threshold", 2));
  EXPECT_TRUE(refused("/witnesses/quorum", 1));
  EXPECT_TRUE(refused("/keys/0/kid", "other"));
  EXPECT_TRUE(refused("/keys/0/d", "secret"));
  EXPECT_TRUE(refused("/atom/0/kid", "other"));
  EXPECT_TRUE(refused("/log/0", "not a vkey"));
  const PrivateKey other = PrivateKey::generate(KeyKind::ed25519);
  const std::string witness = vkey("w.example", other, SignatureType::cosignature);
  EXPECT_FALSE(refused("/witnesses/keys", Json::array({witness})));
  EXPECT_TRUE(refused("/witnesses/keys", Json::array({vkey("w.example", other)}))) << "only cosignature/v1";
  EXPECT_TRUE(refused("/log/0", witness)) << "only the log's type";
  const std::string again = vkey("v.example", other, SignatureType::cosignature);
  EXPECT_TRUE(refused("/witnesses/keys", Json::array({witness, again}))) << "one key, two names";
  EXPECT_TRUE(refused("/retired", Json::array({1})));
  const Json key = payload().at("keys").front();
  EXPECT_TRUE(refused("/keys", Json::array({key, key})));
}

TEST_F(KeySets, ASignatureOfAnotherRootIsRefused) {
  const std::array other{PrivateKey::generate(KeyKind::es256)};
  EXPECT_FALSE(open_key_set(general_jws(*unverified_payload(document_), kKeySetType, other)).ok());
}

TEST_F(KeySets, LoadedKeysAreCheckedAgainstTheSet) {
  std::filesystem::remove(folder_.path() / "keys" / "root.pem");
  const auto loaded = load_keys(folder_.path() / "keys");
  using std::filesystem::perms;
  std::filesystem::permissions(folder_.path() / "keys", perms::all);
  EXPECT_EQ(load_keys(folder_.path() / "keys").errors().front().code, registry::Code::unavailable)
      << "others could put keys there";
  std::filesystem::permissions(folder_.path() / "keys", perms::owner_all);
  ASSERT_TRUE(loaded.ok());
  const KeySet set = open_key_set(document_).value();
  const KeyAges ages = ages_of(std::vector<KeyVersion>{{document_, set, kNow, registry::Seq{0}}});
  const SigningTime time{kNow, registry::TreeSize{0}};
  EXPECT_TRUE(choose_keys(*loaded, set, ages, kOrigin, time).ok());
  EXPECT_EQ(choose_keys(*loaded, set, ages, "other.example/log", time).errors().size(), 1U);
  const TemporaryFolder other;
  ASSERT_TRUE(make_keys(other.path() / "keys", "liu.example.jp", kNow).ok());
  EXPECT_EQ(choose_keys(load_keys(other.path() / "keys").value(), set, ages, kOrigin, time).errors().size(), 3U);
}

TEST_F(KeySets, KeysAreNeverMadeTwiceAndAlwaysWhole) {
  EXPECT_FALSE(make_keys(folder_.path() / "keys", "liu.example.jp", kNow).ok());
  ASSERT_TRUE(load_keys(folder_.path() / "keys").ok());
  ASSERT_TRUE(replace_file(folder_.path() / "keys" / "atom.pem", "torn").ok());
  EXPECT_FALSE(load_keys(folder_.path() / "keys").ok());
  std::filesystem::remove(folder_.path() / "keys" / "jwt.pem");
  EXPECT_FALSE(load_keys(folder_.path() / "keys").ok());
}

}  // namespace
}  // namespace ismap::feed
