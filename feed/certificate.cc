#include "feed/certificate.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "feed/crypto.h"
#include "feed/openssl.h"

namespace ismap::feed {

namespace {

using openssl::must;
using registry::Code;
using registry::Error;
using registry::Json;
using registry::Result;

constexpr std::size_t kMaxCommonName = 64;  ///< ub-common-name (RFC 5280 appendix A.1)
constexpr long kVersion3 = 2;

Error malformed_certificate() {
  return {Code::malformed, "", "", "RSA 3072ビットの証明書として読めません", "not a certificate of an RSA-3072 key"};
}

openssl::Certificate parse(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* end = at + der.size();
  openssl::Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  openssl::forget_errors();
  if (at != end) return nullptr;
  return certificate;
}

std::string certificate_der(X509* certificate) {
  std::string der(static_cast<std::size_t>(i2d_X509(certificate, nullptr)), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  must(i2d_X509(certificate, &at) > 0, "encode a certificate");
  return der;
}

/// A positive serial of 15 bytes that follows from the key and the first day, so the certificate has no chance in it.
void set_serial(X509* certificate, std::string_view seed) {
  const registry::Digest digest = sha256(seed);
  std::string bytes(reinterpret_cast<const char*>(digest.value().data()), 15);
  bytes.front() = '\x01';
  const openssl::Number number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
  must(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr, "set a serial number");
}

void set_names(X509* certificate, std::string_view common_name) {
  const std::string name(common_name.substr(0, kMaxCommonName));
  X509_NAME* subject = X509_get_subject_name(certificate);
  must(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.data()),
                                  static_cast<int>(name.size()), -1, 0) == 1 &&
           X509_set_issuer_name(certificate, subject) == 1,
       "name a certificate");
}

void add_extension(X509* certificate, int nid, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
  must(extension != nullptr, "make an extension");
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  must(added, "add an extension");
}

std::string key_parameter(EVP_PKEY* key, const char* name) {
  BIGNUM* raw = nullptr;
  must(EVP_PKEY_get_bn_param(key, name, &raw) == 1, "read a key parameter");
  const openssl::Number number(raw);
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
  BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

}  // namespace

std::string PrivateKey::self_signed_certificate(std::string_view common_name, std::int64_t not_before_unix,
                                                std::int64_t not_after_unix) const {
  const openssl::Certificate certificate(X509_new());
  auto* key = static_cast<EVP_PKEY*>(key_.get());
  must(certificate != nullptr && X509_set_version(certificate.get(), kVersion3) == 1 &&
           X509_set_pubkey(certificate.get(), key) == 1 &&
           ASN1_TIME_set(X509_getm_notBefore(certificate.get()), not_before_unix) != nullptr &&
           ASN1_TIME_set(X509_getm_notAfter(certificate.get()), not_after_unix) != nullptr,
       "fill a certificate");
  set_serial(certificate.get(), kid() + std::to_string(not_before_unix));
  set_names(certificate.get(), common_name);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature");
  must(X509_sign(certificate.get(), key, kind_ == KeyKind::ed25519 ? nullptr : EVP_sha256()) > 0, "sign a certificate");
  return certificate_der(certificate.get());
}

Result<Json> certificate_jwk(std::string_view der) {
  const openssl::Certificate certificate = parse(der);
  EVP_PKEY* key = certificate == nullptr ? nullptr : X509_get0_pubkey(certificate.get());
  openssl::forget_errors();
  if (key == nullptr || EVP_PKEY_is_a(key, "RSA") != 1 || EVP_PKEY_get_bits(key) != 3072)
    return malformed_certificate();
  Json jwk{{"alg", "RS256"}, {"kty", "RSA"}, {"use", "sig"}};
  jwk["n"] = base64url(key_parameter(key, OSSL_PKEY_PARAM_RSA_N));
  jwk["e"] = base64url(key_parameter(key, OSSL_PKEY_PARAM_RSA_E));
  jwk["kid"] = thumbprint(jwk);
  return jwk;
}

std::string certificate_pem(std::string_view der) {
  const std::string text = base64(der);
  std::string pem = "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t i = 0; i < text.size(); i += 64) pem += text.substr(i, 64) + "\n";
  return pem + "-----END CERTIFICATE-----\n";
}

Result<std::string> certificate_from_pem(std::string_view pem) {
  const openssl::Bytes memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const openssl::Certificate certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
  openssl::forget_errors();
  if (certificate == nullptr) return malformed_certificate();
  return certificate_der(certificate.get());
}

}  // namespace ismap::feed
