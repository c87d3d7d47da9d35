#include "feed/jwt.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace ismap::feed {
namespace {

using registry::Json;

constexpr std::string_view kPayload = R"({"iss":"https://liu.example.jp","ver":1})";

class Jwt : public testing::Test {
 protected:
  /// header.payload.signature with any header, signed by the key.
  [[nodiscard]] std::string with_header(const Json& header) const {
    std::string compact = base64url(registry::canonical(header)) + "." + base64url(kPayload);
    return compact + "." + base64url(key_.sign(compact));
  }
  [[nodiscard]] bool accepts(std::string_view compact) const { return verify_jwt(compact, jwks_, kListType).ok(); }

  PrivateKey key_ = PrivateKey::generate(KeyKind::es256);
  Json jwks_ = Json::array({PrivateKey::generate(KeyKind::es256).jwk(), key_.jwk()});
};

TEST_F(Jwt, IsCompactAndVerifies) {
  const std::string compact = sign_jwt(key_, kListType, kPayload);
  EXPECT_EQ(*from_base64url(compact.substr(0, compact.find('.'))),
            R"({"alg":"ES256","kid":")" + key_.kid() + R"(","typ":"liu-list+jwt"})");
  EXPECT_EQ(compact.find_first_of("=\n "), std::string::npos);
  const auto verified = verify_jwt(compact, jwks_, kListType);
  ASSERT_TRUE(verified.ok());
  EXPECT_EQ(verified->octets, kPayload);
  EXPECT_EQ(verified->kids, std::vector<std::string>{key_.kid()});
}

TEST_F(Jwt, OneChangedByteAnywhereIsRefused) {
  const std::string compact = sign_jwt(key_, kListType, kPayload);
  for (std::size_t i = 0; i < compact.size(); ++i) {
    for (const char change : {'\x01', '\x20', '\x04'}) {
      std::string tampered = compact;
      tampered[i] = static_cast<char>(tampered[i] ^ change);
      EXPECT_FALSE(accepts(tampered)) << i;
    }
    EXPECT_FALSE(accepts(compact.substr(0, i))) << i;
  }
  EXPECT_FALSE(accepts(compact + "\n"));
  EXPECT_FALSE(accepts(compact + "=") || accepts(compact + ".") || accepts("." + compact));
}

TEST_F(Jwt, OnlyEs256OfAKnownKeyAndThisTypeIsAccepted) {
  const Json header{{"alg", "ES256"}, {"kid", key_.kid()}, {"typ", kListType}};
  const auto with = [&](const char* name, const Json& value) {
    Json other = header;
    other[name] = value;
    return with_header(other);
  };
  ASSERT_TRUE(accepts(with_header(header)));
  for (const char* alg : {"none", "HS256", "ES384", "es256", ""}) EXPECT_FALSE(accepts(with("alg", alg))) << alg;
  EXPECT_FALSE(accepts(with("alg", nullptr)));
  EXPECT_FALSE(accepts(with("typ", kReceiptType)));
  EXPECT_FALSE(accepts(with("typ", "LIU-LIST+JWT")));
  EXPECT_FALSE(accepts(with("kid", "")));
  EXPECT_FALSE(accepts(with("kid", PrivateKey::generate(KeyKind::es256).kid())));
  EXPECT_FALSE(accepts(with("crit", Json::array({"b64"}))));
  EXPECT_FALSE(accepts(with_header({{"alg", "ES256"}, {"typ", kListType}})));
  EXPECT_FALSE(accepts(with_header(Json::array())));
  const std::string unsigned_one = with("alg", "none");
  EXPECT_FALSE(accepts(unsigned_one.substr(0, unsigned_one.rfind('.') + 1)));
}

TEST_F(Jwt, AKeyInTheHeaderDoesNotCount) {
  const PrivateKey foreign = PrivateKey::generate(KeyKind::es256);
  const std::vector<std::pair<std::string, Json>> brought{
      {"jwk", foreign.jwk()}, {"x5c", Json::array({"MII="})}, {"jku", "https://evil.example/keys"}};
  const auto header_with = [&](const std::vector<std::pair<std::string, Json>>& more) {
    Json header{{"alg", "ES256"}, {"kid", key_.kid()}, {"typ", kListType}};
    for (const auto& [name, value] : more) header[name] = value;
    return header;
  };
  const auto by_foreign = [&](const Json& header) {
    const std::string compact = base64url(registry::canonical(header)) + "." + base64url(kPayload);
    return compact + "." + base64url(foreign.sign(compact));
  };
  for (const auto& one : brought) {
    EXPECT_TRUE(accepts(with_header(header_with({one})))) << one.first << " is passed over";
    EXPECT_FALSE(accepts(by_foreign(header_with({one})))) << one.first << " is not believed";
  }
  EXPECT_TRUE(accepts(with_header(header_with(brought))));
  Json foreign_name = header_with(brought);
  foreign_name["kid"] = foreign.kid();
  EXPECT_FALSE(accepts(by_foreign(foreign_name))) << "the key that it brings under its own name";
  Json critical = header_with(brought);
  critical["crit"] = Json::array({"jwk"});
  EXPECT_FALSE(accepts(with_header(critical)));
  EXPECT_FALSE(accepts(with_header(header_with({{"x5u", "https://evil.example/x"}})))) << "formats name no x5u";
}

TEST(GeneralJws, AKeySetsHeaderHasNoOtherMember) {
  const PrivateKey root = PrivateKey::generate(KeyKind::es256);
  const Json header{{"alg", "ES256"}, {"jwk", root.jwk()}, {"kid", root.kid()}, {"typ", kKeySetType}};
  const std::string head = base64url(registry::canonical(header));
  const std::string signature = base64url(root.sign(head + "." + base64url("{}")));
  const Json jws{{"payload", base64url("{}")},
                 {"signatures", Json::array({{{"protected", head}, {"signature", signature}}})}};
  EXPECT_FALSE(verify_general_jws(registry::canonical(jws), Json::array({root.jwk()}), kKeySetType, 1).ok());
}

TEST_F(Jwt, AHeaderHasOneForm) {
  const auto with = [&](const std::string& header) {
    const std::string input = base64url(header) + "." + base64url(kPayload);
    return input + "." + base64url(key_.sign(input));
  };
  const std::string kid = key_.kid();
  const std::string typ(kListType);
  ASSERT_TRUE(accepts(with(R"({"alg":"ES256","kid":")" + kid + R"(","typ":")" + typ + "\"}")));
  for (const std::string& header :
       {R"({"alg": "ES256","kid":")" + kid + R"(","typ":")" + typ + "\"}",
        R"({"kid":")" + kid + R"(","alg":"ES256","typ":")" + typ + "\"}",
        R"({"alg":"\u0045S256","kid":")" + kid + R"(","typ":")" + typ + "\"}",
        R"({"alg":"ES256","cty":"x","kid":")" + kid + R"(","typ":")" + typ + "\"}",
        R"({"alg":"ES256","kid":")" + kid + R"(","typ":")" + typ + "\"}\n",
        R"({"alg":"ES256","kid":")" + kid + R"(","typ":")" + typ + "\"}" + std::string("\0x", 2),
        "\xEF\xBB\xBF" + (R"({"alg":"ES256","kid":")" + kid + R"(","typ":")" + typ + "\"}")}) {
    EXPECT_FALSE(accepts(with(header))) << header;
  }
}

TEST_F(Jwt, ADerSignatureIsRefused) {
  const std::string compact = sign_jwt(key_, kListType, kPayload);
  const std::string raw = *from_base64url(compact.substr(compact.rfind('.') + 1));
  const auto integer = [](std::string n) {
    if ((static_cast<unsigned char>(n.front()) & 0x80U) != 0) n = std::string(1, '\0') + n;
    return "\x02" + std::string(1, static_cast<char>(n.size())) + n;
  };
  const std::string both = integer(raw.substr(0, 32)) + integer(raw.substr(32));
  const std::string der = "\x30" + std::string(1, static_cast<char>(both.size())) + both;
  EXPECT_FALSE(accepts(compact.substr(0, compact.rfind('.') + 1) + base64url(der)));
}

TEST_F(Jwt, AThumbprintMustBeThatOfTheKey) {
  Json lying = PrivateKey::generate(KeyKind::es256).jwk();
  lying["kid"] = key_.kid();
  EXPECT_FALSE(verify_jwt(sign_jwt(key_, kListType, kPayload), Json::array({lying}), kListType).ok());
  EXPECT_FALSE(verify_jwt(sign_jwt(key_, kListType, kPayload), Json::object(), kListType).ok());
}

TEST(GeneralJws, CountsDifferentKeysOfTheThreshold) {
  const std::array keys{PrivateKey::generate(KeyKind::es256), PrivateKey::generate(KeyKind::es256)};
  const Json both = Json::array({keys[0].jwk(), keys[1].jwk()});
  const Json first = Json::array({keys[0].jwk()});
  const std::string jws = general_jws("{}", kKeySetType, keys);
  EXPECT_EQ(jws, registry::canonical(*registry::parse_json(jws)));
  ASSERT_TRUE(verify_general_jws(jws, both, kKeySetType, 2).ok());
  EXPECT_EQ(verify_general_jws(jws, both, kKeySetType, 2)->octets, "{}");
  EXPECT_EQ(verify_general_jws(jws, first, kKeySetType, 1)->kids.size(), 1U);
  EXPECT_FALSE(verify_general_jws(jws, first, kKeySetType, 2).ok());
  EXPECT_FALSE(verify_general_jws(jws, both, kKeySetType, 0).ok());
  EXPECT_FALSE(verify_general_jws(jws, both, kListType, 1).ok());
  const std::array twice{keys[0], keys[0]};
  EXPECT_FALSE(verify_general_jws(general_jws("{}", kKeySetType, twice), both, kKeySetType, 2).ok());
}

TEST(GeneralJws, AnyForeignShapeIsRefused) {
  const std::array keys{PrivateKey::generate(KeyKind::es256)};
  const Json jwks = Json::array({keys[0].jwk()});
  const Json good = *registry::parse_json(general_jws("{}", kKeySetType, keys));
  const auto accepts = [&](const Json& jws) {
    return verify_general_jws(registry::canonical(jws), jwks, kKeySetType, 1).ok();
  };
  ASSERT_TRUE(accepts(good));
  const std::string octets = registry::canonical(good);
  for (const std::string& other : {octets + "\n", " " + octets, good.dump(1), octets + std::string("\0x", 2)}) {
    EXPECT_FALSE(verify_general_jws(other, jwks, kKeySetType, 1).ok()) << other;
  }
  Json changed = good;
  changed["payload"] = base64url("{} ");
  EXPECT_FALSE(accepts(changed));
  changed = good;
  changed["signatures"][0]["header"] = Json::object();
  EXPECT_FALSE(accepts(changed));
  changed = good;
  changed["signatures"] = Json::array();
  EXPECT_FALSE(accepts(changed));
  changed = good;
  changed["signature"] = "";
  EXPECT_FALSE(accepts(changed));
  EXPECT_FALSE(unverified_payload("[]").ok());
  EXPECT_EQ(*unverified_payload(registry::canonical(good)), "{}");
}

}  // namespace
}  // namespace ismap::feed
