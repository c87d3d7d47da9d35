#include "feed/jwt.h"

#include <algorithm>

#include "feed/large_text.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Error;
using registry::Json;
using registry::Result;

/// Room for what follows a payload: its last characters, a dot, and 64 octets in base64url.
constexpr std::size_t kSignatureText = 96;

Error malformed_jws() {
  return {Code::malformed, "", "", "署名付き文書（JWS）として読めません", "not a JSON Web Signature"};
}

Error refused_jws(std::string ja, std::string en) { return {Code::invalid, "", "", std::move(ja), std::move(en)}; }

/// The one header that we write and take.
std::string header_octets(std::string_view kid, std::string_view typ) {
  return registry::canonical({{"alg", "ES256"}, {"kid", kid}, {"typ", typ}});
}

std::string protected_header(const PrivateKey& key, std::string_view typ) {
  return base64url(header_octets(key.kid(), typ));
}

/// Members by which a header may bring a key along. They are hints of nobody: passed over, never looked at.
constexpr const char* kKeysBrought[] = {"jku", "jwk", "x5c"};

/// Whether a header may bring keys along, which do not count.
enum class Brought { passed_over, refused };

/// The kid of a header that says ES256 and `typ` and nothing else that counts, in its one form.
Result<std::string> kid_in_header(std::string_view encoded, std::string_view typ, Brought brought) {
  const auto octets = from_base64url(encoded);
  if (!octets) return malformed_jws();
  const auto header = registry::parse_json(*octets);
  if (!header || !header->is_object()) return malformed_jws();
  const auto says = [&](const char* name, std::string_view value) {
    const auto at = header->find(name);
    return at != header->end() && at->is_string() && at->get_ref<const std::string&>() == value;
  };
  if (!says("alg", "ES256")) return refused_jws("署名方式がES256ではありません", "alg is not ES256");
  if (!says("typ", typ)) return refused_jws("文書の種類（typ）が違います", "typ is not the one expected");
  if (header->contains("crit")) return refused_jws("知らない拡張（crit）があります", "crit is not understood");
  const auto kid = header->find("kid");
  if (kid == header->end() || !kid->is_string()) return refused_jws("鍵の名（kid）がありません", "there is no kid");
  auto name = kid->get<std::string>();
  Json rest = *header;
  if (brought == Brought::passed_over) {
    for (const char* member : kKeysBrought) rest.erase(member);
  }
  if (*octets != registry::canonical(*header) || registry::canonical(rest) != header_octets(name, typ)) {
    return refused_jws("ヘッダーの形が定めと異なります", "not the one form of a header");
  }
  return name;
}

/// The key whose thumbprint and name are `kid`, or null.
const Json* key_named(const Json& jwks, const std::string& kid) {
  if (!jwks.is_array()) return nullptr;
  for (const Json& jwk : jwks) {
    if (!kid.empty() && thumbprint(jwk) == kid && (!jwk.contains("kid") || jwk.at("kid") == kid)) return &jwk;
  }
  return nullptr;
}

Error wrong_signature() { return refused_jws("署名が合いません", "the signature does not verify"); }

/// Whether `encoded` signs `input` with `jwk`.
bool signs(const Json& jwk, std::string_view input, std::string_view encoded) {
  const auto signature = from_base64url(encoded);
  return signature && verify_es256(jwk, input, *signature);
}

struct Signature {
  std::string header;
  std::string value;
};

struct General {
  std::string payload;  ///< base64url
  std::vector<Signature> signatures;
};

/// The value of a member that must be a string, or null.
const std::string* text_member(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get_ptr<const std::string*>() : nullptr;
}

Result<General> read_general(std::string_view text_of_jws) {
  const auto jws = registry::parse_json(text_of_jws);
  if (!jws || !jws->is_object() || jws->size() != 2 || !jws->contains("signatures")) return malformed_jws();
  if (registry::canonical(*jws) != text_of_jws) return malformed_jws();
  const std::string* payload = text_member(*jws, "payload");
  const Json& signatures = jws->at("signatures");
  if (payload == nullptr || !signatures.is_array() || signatures.empty()) return malformed_jws();
  General general{*payload, {}};
  for (const Json& signature : signatures) {
    if (!signature.is_object() || signature.size() != 2) return malformed_jws();
    const std::string* header = text_member(signature, "protected");
    const std::string* value = text_member(signature, "signature");
    if (header == nullptr || value == nullptr) return malformed_jws();
    general.signatures.push_back(Signature{*header, *value});
  }
  return general;
}

}  // namespace

std::string sign_jwt(const PrivateKey& key, std::string_view typ, std::string_view payload) {
  std::string compact = protected_header(key, typ) + ".";
  reserve_large(compact, compact.size() + payload.size() / 3 * 4 + kSignatureText);
  append_base64url(compact, payload);
  const std::string signature = key.sign(compact);
  compact += '.';
  append_base64url(compact, signature);
  return compact;
}

Result<SignedPayload> verify_jwt(std::string_view compact, const Json& jwks, std::string_view typ) {
  const std::size_t first = compact.find('.');
  const std::size_t second = first == std::string_view::npos ? first : compact.find('.', first + 1);
  if (second == std::string_view::npos) return malformed_jws();
  auto payload = from_base64url(compact.substr(first + 1, second - first - 1));
  if (!payload) return malformed_jws();
  auto kid = kid_in_header(compact.substr(0, first), typ, Brought::passed_over);
  if (!kid) return kid.errors();
  const Json* jwk = key_named(jwks, *kid);
  if (jwk == nullptr) return refused_jws("知らない鍵の署名です", "signed by an unknown key");
  if (!signs(*jwk, compact.substr(0, second), compact.substr(second + 1))) return wrong_signature();
  return SignedPayload{std::move(*payload), {std::move(*kid)}};
}

std::string general_jws(std::string_view payload, std::string_view typ, std::span<const PrivateKey> keys) {
  const std::string encoded = base64url(payload);
  Json signatures = Json::array();
  for (const PrivateKey& key : keys) {
    const std::string header = protected_header(key, typ);
    std::string input = header;
    input += '.';
    input += encoded;
    signatures.push_back({{"protected", header}, {"signature", base64url(key.sign(input))}});
  }
  return registry::canonical({{"payload", encoded}, {"signatures", std::move(signatures)}});
}

Result<SignedPayload> verify_general_jws(std::string_view text_of_jws, const Json& jwks, std::string_view typ,
                                         std::size_t threshold) {
  auto jws = read_general(text_of_jws);
  if (!jws) return jws.errors();
  auto payload = from_base64url(jws->payload);
  if (!payload) return malformed_jws();
  SignedPayload verified{std::move(*payload), {}};
  for (const Signature& signature : jws->signatures) {
    auto kid = kid_in_header(signature.header, typ, Brought::refused);
    if (!kid) return kid.errors();
    const Json* jwk = key_named(jwks, *kid);
    if (jwk == nullptr) continue;
    std::string input = signature.header;
    input += '.';
    input += jws->payload;
    if (!signs(*jwk, input, signature.value)) return wrong_signature();
    if (std::find(verified.kids.begin(), verified.kids.end(), *kid) == verified.kids.end()) {
      verified.kids.push_back(std::move(*kid));
    }
  }
  if (threshold == 0 || verified.kids.size() < threshold) {
    return refused_jws("必要な数の鍵の署名がありません", "fewer keys signed than the threshold asks for");
  }
  return verified;
}

Result<std::string> unverified_payload(std::string_view text_of_jws) {
  const auto jws = read_general(text_of_jws);
  if (!jws) return jws.errors();
  auto payload = from_base64url(jws->payload);
  if (!payload) return malformed_jws();
  return std::move(*payload);
}

}  // namespace ismap::feed
