#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "feed/passphrase.h"
#include "registry/canonical_json.h"
#include "registry/result.h"
#include "registry/strong.h"

/// The three signatures of the publication on OpenSSL, and their keys (formats: Keys, Algorithms).
namespace ismap::feed {

/// SHA-256 (FIPS 180-4).
registry::Digest sha256(std::string_view bytes);

/// Base 64 with padding (RFC 4648 §4), and strictly back: no line breaks, canonical trailing bits.
std::string base64(std::string_view bytes);
registry::Result<std::string> from_base64(std::string_view text);
/// Base 64 URL alphabet without padding (RFC 4648 §5), and strictly back.
std::string base64url(std::string_view bytes);
void append_base64url(std::string& out, std::string_view bytes);
registry::Result<std::string> from_base64url(std::string_view text);

enum class KeyKind { es256, ed25519, rsa3072 };

/// A private key; its memory is cleansed by OpenSSL when it goes.
class PrivateKey {
 public:
  static PrivateKey generate(KeyKind kind);
  /// Reads PKCS#8 PEM, plain or encrypted. Errors: unavailable (missing, unreadable, readable by others than the owner,
  /// another kind, another passphrase).
  static registry::Result<PrivateKey> read(const std::filesystem::path& pem, KeyKind kind,
                                           const Passphrase& passphrase = {});
  /// Writes PKCS#8 PEM with mode 0600, durably; encrypted (PBES2, AES-256) under a passphrase. Refuses to replace a
  /// file. Errors: unavailable.
  [[nodiscard]] registry::Result<registry::Done> write(const std::filesystem::path& pem,
                                                       const Passphrase& passphrase = {}) const;

  [[nodiscard]] KeyKind kind() const { return kind_; }
  /// Public key as JWK with `alg`, `kid` (RFC 7638 thumbprint) and `use`; for es256 and rsa3072.
  [[nodiscard]] registry::Json jwk() const;
  /// RFC 7638 thumbprint, base64url.
  [[nodiscard]] std::string kid() const;
  /// The 32 public bytes of an Ed25519 key (RFC 8032).
  [[nodiscard]] std::string ed25519_public() const;
  /// es256: raw r‖s, 64 bytes (RFC 7518 §3.4). ed25519: 64 bytes. rsa3072: RSASSA-PKCS1-v1_5 with SHA-256.
  [[nodiscard]] std::string sign(std::string_view message) const;
  /// A self-signed X.509 certificate of this key (DER), for readers of XML signatures that want one; a hint only.
  [[nodiscard]] std::string self_signed_certificate(std::string_view common_name, std::int64_t not_before_unix,
                                                    std::int64_t not_after_unix) const;

 private:
  PrivateKey(KeyKind kind, std::shared_ptr<void> key) : kind_(kind), key_(std::move(key)) {}
  KeyKind kind_;
  std::shared_ptr<void> key_;  ///< EVP_PKEY
};

/// Verifies what PrivateKey::sign made: with a JWK (es256, rsa3072), or with 32 public bytes (ed25519).
/// Anything unexpected is a refusal, never an exception.
bool verify_es256(const registry::Json& jwk, std::string_view message, std::string_view signature);
bool verify_rs256(const registry::Json& jwk, std::string_view message, std::string_view signature);
bool verify_ed25519(std::string_view public_key, std::string_view message, std::string_view signature);
/// RFC 7638 thumbprint of a JWK (EC P-256 or RSA), base64url; "" for anything else.
std::string thumbprint(const registry::Json& jwk);

}  // namespace ismap::feed
