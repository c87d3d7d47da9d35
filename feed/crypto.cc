#include "feed/crypto.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>

#include <optional>
#include <stdexcept>

#include "feed/openssl.h"
#include "registry/digest.h"

namespace ismap::feed {

namespace openssl {

void must(bool ok, const char* what_was_done) {
  if (ok) return;
  std::array<char, 256> words{};
  ERR_error_string_n(ERR_get_error(), words.data(), words.size());
  ERR_clear_error();
  throw std::runtime_error(std::string("OpenSSL could not ") + what_was_done + ": " + words.data());
}

void forget_errors() { ERR_clear_error(); }

}  // namespace openssl

namespace {

using openssl::must;
using registry::Json;

constexpr std::size_t kCoordinate = 32;  ///< bytes of a P-256 coordinate, and of r and s
constexpr int kRsaBits = 3072;

using EcdsaSignature = std::unique_ptr<ECDSA_SIG, openssl::Freed<ECDSA_SIG_free>>;

const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());  // OpenSSL's name for the same bytes
}

unsigned char* octets(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

EVP_PKEY* pkey(const std::shared_ptr<void>& key) { return static_cast<EVP_PKEY*>(key.get()); }

const EVP_MD* digest_for(KeyKind kind) { return kind == KeyKind::ed25519 ? nullptr : EVP_sha256(); }

std::string bytes_of(const BIGNUM* number, std::size_t width) {
  std::string out(width, '\0');
  must(BN_bn2binpad(number, octets(out), static_cast<int>(width)) == static_cast<int>(width), "write a number");
  return out;
}

openssl::Number number_of(std::string_view bytes) {
  return openssl::Number(BN_bin2bn(octets(bytes), static_cast<int>(bytes.size()), nullptr));
}

openssl::Number parameter(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  must(EVP_PKEY_get_bn_param(key, name, &number) == 1, "read a key parameter");
  return openssl::Number(number);
}

/// Raw r‖s of a DER signature (RFC 7518 §3.4).
std::string raw_of(std::string_view der) {
  const unsigned char* at = octets(der);
  const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  must(signature != nullptr, "read an ECDSA signature");
  return bytes_of(ECDSA_SIG_get0_r(signature.get()), kCoordinate) +
         bytes_of(ECDSA_SIG_get0_s(signature.get()), kCoordinate);
}

std::string der_of(std::string_view raw) {
  const EcdsaSignature signature(ECDSA_SIG_new());
  must(signature != nullptr, "make a signature");
  openssl::Number r = number_of(raw.substr(0, kCoordinate));
  openssl::Number s = number_of(raw.substr(kCoordinate));
  must(ECDSA_SIG_set0(signature.get(), r.get(), s.get()) == 1, "set a signature");
  static_cast<void>(r.release());  // the signature owns both now
  static_cast<void>(s.release());
  std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)), '\0');
  unsigned char* at = octets(der);
  i2d_ECDSA_SIG(signature.get(), &at);
  return der;
}

bool verified(EVP_PKEY* key, const EVP_MD* digest, std::string_view message, std::string_view signature) {
  const openssl::DigestContext context(EVP_MD_CTX_new());
  const bool good =
      key != nullptr && context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
      EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(message), message.size()) == 1;
  openssl::forget_errors();
  return good;
}

/// A member that must be a string, or nothing.
std::optional<std::string> jwk_text(const Json& jwk, const char* name) {
  const auto at = jwk.find(name);
  if (at == jwk.end() || !at->is_string()) return std::nullopt;
  return at->get<std::string>();
}

/// The decoded member of a JWK, or "" where it is absent or not strict base64url.
std::string decoded(const Json& jwk, const char* name) {
  const auto value = jwk_text(jwk, name);
  if (!value) return "";
  auto bytes = from_base64url(*value);
  return bytes ? *bytes : "";
}

/// Whether the JWK says of itself what it is asked for; absent members do not matter (RFC 7517 §4).
bool usable(const Json& jwk, std::string_view kty, std::string_view alg) {
  return jwk.is_object() && jwk_text(jwk, "kty") == kty && (!jwk.contains("alg") || jwk_text(jwk, "alg") == alg) &&
         (!jwk.contains("use") || jwk_text(jwk, "use") == "sig");
}

openssl::Pkey public_key(const char* type, OSSL_PARAM_BLD* builder) {
  const openssl::Params params(OSSL_PARAM_BLD_to_param(builder));
  const openssl::PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    openssl::forget_errors();
    return nullptr;
  }
  return openssl::Pkey(key);
}

openssl::Pkey p256_key(const Json& jwk) {
  if (!usable(jwk, "EC", "ES256") || jwk_text(jwk, "crv") != "P-256") return nullptr;
  const std::string x = decoded(jwk, "x");
  const std::string y = decoded(jwk, "y");
  if (x.size() != kCoordinate || y.size() != kCoordinate) return nullptr;
  const std::string point = '\x04' + x + y;  // uncompressed (SEC 1 §2.3.3)
  const openssl::ParamBuilder builder(OSSL_PARAM_BLD_new());
  must(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
           OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1,
       "describe a key");
  return public_key("EC", builder.get());
}

openssl::Pkey rsa_key(const Json& jwk) {
  if (!usable(jwk, "RSA", "RS256")) return nullptr;
  const std::string n_bytes = decoded(jwk, "n");
  const std::string e_bytes = decoded(jwk, "e");
  if (n_bytes.size() > 1024 || e_bytes.empty() || e_bytes.size() > 4) return nullptr;
  const openssl::Number n = number_of(n_bytes);
  const openssl::Number e = number_of(e_bytes);
  if (BN_num_bits(n.get()) != kRsaBits || BN_is_odd(e.get()) != 1 || BN_num_bits(e.get()) < 17) return nullptr;
  const openssl::ParamBuilder builder(OSSL_PARAM_BLD_new());
  must(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
           OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1,
       "describe a key");
  return public_key("RSA", builder.get());
}

std::string digest_name(const Json& members) {
  const registry::Digest digest = sha256(registry::canonical(members));
  return base64url({reinterpret_cast<const char*>(digest.value().data()), digest.value().size()});
}

}  // namespace

registry::Digest sha256(std::string_view bytes) { return registry::sha256(bytes); }

PrivateKey PrivateKey::generate(KeyKind kind) {
  EVP_PKEY* key = nullptr;
  switch (kind) {
    case KeyKind::es256:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
      break;
    case KeyKind::ed25519:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
      break;
    case KeyKind::rsa3072:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{kRsaBits});
      break;
  }
  must(key != nullptr, "make a key");
  return {kind, std::shared_ptr<void>(key, [](void* p) { EVP_PKEY_free(static_cast<EVP_PKEY*>(p)); })};
}

Json PrivateKey::jwk() const {
  if (kind_ == KeyKind::ed25519) return nullptr;
  Json jwk{{"use", "sig"}};
  if (kind_ == KeyKind::es256) {
    jwk["alg"] = "ES256";
    jwk["kty"] = "EC";
    jwk["crv"] = "P-256";
    jwk["x"] = base64url(bytes_of(parameter(pkey(key_), OSSL_PKEY_PARAM_EC_PUB_X).get(), kCoordinate));
    jwk["y"] = base64url(bytes_of(parameter(pkey(key_), OSSL_PKEY_PARAM_EC_PUB_Y).get(), kCoordinate));
  } else {
    const openssl::Number n = parameter(pkey(key_), OSSL_PKEY_PARAM_RSA_N);
    const openssl::Number e = parameter(pkey(key_), OSSL_PKEY_PARAM_RSA_E);
    jwk["alg"] = "RS256";
    jwk["kty"] = "RSA";
    jwk["n"] = base64url(bytes_of(n.get(), static_cast<std::size_t>(BN_num_bytes(n.get()))));
    jwk["e"] = base64url(bytes_of(e.get(), static_cast<std::size_t>(BN_num_bytes(e.get()))));
  }
  jwk["kid"] = thumbprint(jwk);
  return jwk;
}

std::string PrivateKey::kid() const { return thumbprint(jwk()); }

std::string PrivateKey::ed25519_public() const {
  std::string bytes(32, '\0');
  std::size_t size = bytes.size();
  must(EVP_PKEY_get_raw_public_key(pkey(key_), octets(bytes), &size) == 1 && size == bytes.size(), "read a public key");
  return bytes;
}

std::string PrivateKey::sign(std::string_view message) const {
  const openssl::DigestContext context(EVP_MD_CTX_new());
  must(EVP_DigestSignInit(context.get(), nullptr, digest_for(kind_), nullptr, pkey(key_)) == 1, "begin a signature");
  std::size_t size = 0;
  must(EVP_DigestSign(context.get(), nullptr, &size, octets(message), message.size()) == 1, "size a signature");
  std::string signature(size, '\0');
  must(EVP_DigestSign(context.get(), octets(signature), &size, octets(message), message.size()) == 1, "sign");
  signature.resize(size);
  return kind_ == KeyKind::es256 ? raw_of(signature) : signature;
}

bool verify_es256(const Json& jwk, std::string_view message, std::string_view signature) {
  if (signature.size() != 2 * kCoordinate) return false;
  return verified(p256_key(jwk).get(), EVP_sha256(), message, der_of(signature));
}

bool verify_rs256(const Json& jwk, std::string_view message, std::string_view signature) {
  return signature.size() == kRsaBits / 8 && verified(rsa_key(jwk).get(), EVP_sha256(), message, signature);
}

bool verify_ed25519(std::string_view public_bytes, std::string_view message, std::string_view signature) {
  if (public_bytes.size() != 32 || signature.size() != 64) return false;
  const openssl::Pkey key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets(public_bytes), public_bytes.size()));
  return verified(key.get(), nullptr, message, signature);
}

std::string thumbprint(const Json& jwk) {
  if (!jwk.is_object()) return "";
  const auto kty = jwk_text(jwk, "kty");
  if (kty == "EC" && jwk_text(jwk, "crv") == "P-256" && jwk_text(jwk, "x") && jwk_text(jwk, "y")) {
    return digest_name({{"crv", "P-256"}, {"kty", "EC"}, {"x", *jwk_text(jwk, "x")}, {"y", *jwk_text(jwk, "y")}});
  }
  if (kty == "RSA" && jwk_text(jwk, "n") && jwk_text(jwk, "e")) {
    return digest_name({{"e", *jwk_text(jwk, "e")}, {"kty", "RSA"}, {"n", *jwk_text(jwk, "n")}});
  }
  return "";
}

}  // namespace ismap::feed
