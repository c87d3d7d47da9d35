#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feed/crypto.h"
#include "registry/canonical_json.h"
#include "registry/result.h"

/// JSON Web Signatures with ES256 and nothing else (formats: List and evidence, Keys).
namespace ismap::feed {

inline constexpr std::string_view kListType = "liu-list+jwt";
inline constexpr std::string_view kStatusType = "liu-status+jwt";
inline constexpr std::string_view kReceiptType = "liu-receipt+jwt";
inline constexpr std::string_view kKeySetType = "liu-keys+json";

/// A payload whose signature held, and by whom.
struct SignedPayload {
  std::string octets;
  std::vector<std::string> kids;  ///< thumbprints of the keys that signed, each once
};

/// The compact form (header.payload.signature), without a newline. The header is exactly alg, kid, typ in RFC 8785
/// form. REQUIRES: `key` is es256. Source: RFC 7515 §7.1, RFC 7518 §3.4.
std::string sign_jwt(const PrivateKey& key, std::string_view typ, std::string_view payload);

/// Checks a compact JWS against the keys of `jwks` (an array of JWK): the header is the one that sign_jwt writes for
/// `typ` and the thumbprint of one of the keys. A key that it brings along (`jwk`, `x5c`, `jku`) is passed over and
/// never used; whatever else it could carry (`crit`, `x5u` …), and any other spelling, is refused. Errors: malformed
/// (not strict base64url or not I-JSON), invalid (wrong header, unknown key, wrong signature).
registry::Result<SignedPayload> verify_jwt(std::string_view compact, const registry::Json& jwks, std::string_view typ);

/// The general JSON form with one signature a key, in RFC 8785 form.
/// REQUIRES: every key is es256.
/// Source: RFC 7515 §7.2.1.
std::string general_jws(std::string_view payload, std::string_view typ, std::span<const PrivateKey> keys);

/// Checks a general JWS: at least `threshold` different keys of `jwks` signed it, with `typ`. Signatures of keys that
/// are not in `jwks` are passed over (a version is signed by the roots of two versions); one that names a key of `jwks`
/// and is wrong is a refusal. Unprotected headers, and any other spelling than the RFC 8785 form, are refused.
/// Errors: malformed, invalid.
registry::Result<SignedPayload> verify_general_jws(std::string_view text, const registry::Json& jwks,
                                                   std::string_view typ, std::size_t threshold);

/// The payload of a general JWS whose signatures nobody has checked yet: to learn which keys it names.
/// Errors: malformed.
registry::Result<std::string> unverified_payload(std::string_view general_jws);

}  // namespace ismap::feed
