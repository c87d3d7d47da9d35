#include "feed/crypto.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "feed/certificate.h"
#include "feed/files.h"
#include "tests/feed/temporary_folder.h"

namespace ismap::feed {
namespace {

using registry::Json;

TEST(Base64, IsStrictBothWays) {
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64url("\xFF\xFE"), "__4");
  for (const std::string text : {"", "f", "fo", "foo", "\xFF\xFE\xFD\x80"}) {
    EXPECT_EQ(*from_base64(base64(text)), text);
    EXPECT_EQ(*from_base64url(base64url(text)), text);
  }
  for (const char* wrong : {"Zm8", "Zm9=", "Zm8=\n", "Z", "Zm8==", "====", "=", "Zm-_"}) {
    EXPECT_FALSE(from_base64(wrong).ok()) << wrong;
  }
  for (const char* wrong : {"Zm8=", "Zm9", "Z", "Zm+/", " Zm8"}) EXPECT_FALSE(from_base64url(wrong).ok()) << wrong;
}

// RFC 7638 §3.1
TEST(Thumbprint, IsThatOfTheRfc) {
  const Json jwk{
      {"kty", "RSA"},
      {"n",
       "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCi"
       "FV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgn"
       "Yb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqb"
       "w0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"},
      {"e", "AQAB"},
      {"alg", "RS256"},
      {"kid", "2011-04-29"}};
  EXPECT_EQ(thumbprint(jwk), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  EXPECT_EQ(thumbprint(Json{{"kty", "oct"}, {"k", "AA"}}), "");
  EXPECT_EQ(thumbprint(Json("text")), "");
}

// RFC 7515 appendix A.3
TEST(Es256, VerifiesTheSignatureOfTheRfc) {
  const Json jwk{{"kty", "EC"},
                 {"crv", "P-256"},
                 {"x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"},
                 {"y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}};
  const std::string input =
      "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
      "cnVlfQ";
  const std::string signature =
      *from_base64url("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
  EXPECT_TRUE(verify_es256(jwk, input, signature));
  EXPECT_FALSE(verify_es256(jwk, input + "x", signature));
  EXPECT_FALSE(verify_es256(jwk, input, std::string(64, '\0')));
  Json off_curve = jwk;
  off_curve["y"] = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4";
  EXPECT_FALSE(verify_es256(off_curve, input, signature));
  Json other_use = jwk;
  other_use["alg"] = "ES384";
  EXPECT_FALSE(verify_es256(other_use, input, signature));
}

TEST(Signatures, HoldForTheirMessageAlone) {
  const PrivateKey ec = PrivateKey::generate(KeyKind::es256);
  const PrivateKey ed = PrivateKey::generate(KeyKind::ed25519);
  const PrivateKey rsa = PrivateKey::generate(KeyKind::rsa3072);
  EXPECT_EQ(ec.sign("m").size(), 64U);
  EXPECT_EQ(ed.sign("m").size(), 64U);
  EXPECT_EQ(rsa.sign("m").size(), 384U);
  EXPECT_TRUE(verify_es256(ec.jwk(), "m", ec.sign("m")));
  EXPECT_FALSE(verify_es256(ec.jwk(), "n", ec.sign("m")));
  EXPECT_TRUE(verify_ed25519(ed.ed25519_public(), "m", ed.sign("m")));
  EXPECT_FALSE(verify_ed25519(ed.ed25519_public(), "n", ed.sign("m")));
  EXPECT_TRUE(verify_rs256(rsa.jwk(), "m", rsa.sign("m")));
  EXPECT_FALSE(verify_rs256(rsa.jwk(), "n", rsa.sign("m")));
  EXPECT_FALSE(verify_rs256(ec.jwk(), "m", ec.sign("m")));
  EXPECT_FALSE(verify_es256(rsa.jwk(), "m", rsa.sign("m")));
  EXPECT_FALSE(verify_es256(Json(), "m", ec.sign("m")));
}

TEST(Jwk, HasTheMembersOfItsKind) {
  const Json ec = PrivateKey::generate(KeyKind::es256).jwk();
  ASSERT_EQ(ec.size(), 7U);
  for (const char* name : {"alg", "crv", "kid", "kty", "use", "x", "y"}) EXPECT_TRUE(ec.contains(name)) << name;
  const PrivateKey key = PrivateKey::generate(KeyKind::rsa3072);
  const Json rsa = key.jwk();
  ASSERT_EQ(rsa.size(), 6U);
  for (const char* name : {"alg", "e", "kid", "kty", "n", "use"}) EXPECT_TRUE(rsa.contains(name)) << name;
  EXPECT_EQ(rsa.at("e"), "AQAB");
  EXPECT_EQ(rsa.at("kid"), key.kid());
}

TEST(KeyFiles, AreForTheirOwnerAndNeverReplaced) {
  const TemporaryFolder folder;
  for (const KeyKind kind : {KeyKind::es256, KeyKind::ed25519, KeyKind::rsa3072}) {
    const PrivateKey key = PrivateKey::generate(kind);
    const auto path = folder.path() / ("key" + std::to_string(static_cast<int>(kind)) + ".pem");
    ASSERT_TRUE(key.write(path).ok());
    EXPECT_FALSE(key.write(path).ok());
    EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms(0600));
    const auto back = PrivateKey::read(path, kind);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->kid(), key.kid());
    EXPECT_FALSE(PrivateKey::read(path, kind == KeyKind::es256 ? KeyKind::rsa3072 : KeyKind::es256).ok());
    std::filesystem::permissions(path, std::filesystem::perms(0640));
    EXPECT_FALSE(PrivateKey::read(path, kind).ok());
  }
  EXPECT_FALSE(PrivateKey::read(folder.path() / "none.pem", KeyKind::es256).ok());
  EXPECT_FALSE(PrivateKey::read(folder.path(), KeyKind::es256).ok());
  ASSERT_TRUE(write_new_file(folder.path() / "torn.pem", "-----BEGIN PRIVATE KEY-----\n", FileMode::only_owner).ok());
  EXPECT_FALSE(PrivateKey::read(folder.path() / "torn.pem", KeyKind::es256).ok());
}

TEST(Certificate, CarriesTheKey) {
  const PrivateKey key = PrivateKey::generate(KeyKind::rsa3072);
  const std::string der = key.self_signed_certificate(std::string(80, 'h'), 1'700'000'000, 4'000'000'000);
  EXPECT_EQ(*certificate_jwk(der), key.jwk());
  EXPECT_EQ(*certificate_from_pem(certificate_pem(der)), der);
  EXPECT_FALSE(certificate_jwk(der + "x").ok());
  EXPECT_FALSE(certificate_jwk("").ok());
  EXPECT_FALSE(certificate_from_pem("no PEM").ok());
}

TEST(Files, ReplaceAsAWhole) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "file";
  EXPECT_EQ(read_file(path).errors().front().code, registry::Code::not_found);
  ASSERT_TRUE(replace_file(path, "one").ok());
  ASSERT_TRUE(replace_file(path, "two").ok());
  EXPECT_EQ(*read_file(path), "two");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "file.tmp"));
  EXPECT_FALSE(replace_file(folder.path() / "none" / "file", "x").ok());
  EXPECT_FALSE(read_file(folder.path()).ok());
  EXPECT_EQ(write_new_file(path, "x", FileMode::only_owner).errors().front().code, registry::Code::conflict);
}

}  // namespace
}  // namespace ismap::feed
