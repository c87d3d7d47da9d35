#include "feed/keyset.h"

#include <algorithm>
#include <set>

#include "feed/certificate.h"
#include "feed/jwt.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Error;
using registry::Errors;
using registry::Instant;
using registry::Json;
using registry::Result;

/// Reads members by name; what is missing or of another kind is noted with its pointer, and a default stands for it.
class Reader {
 public:
  void wrong(std::string pointer) {
    if (!errors_.empty() && errors_.back().pointer == pointer) return;
    errors_.push_back({Code::invalid, std::move(pointer), "", "鍵セットの項目がないか、誤っています",
                       "a member of the key set is missing or wrong"});
  }
  [[nodiscard]] const Errors& errors() const { return errors_; }

  const Json& member(const Json& object, const char* name, const std::string& at = "") {
    static const Json kNothing;
    if (object.is_object() && object.contains(name)) return object.at(name);
    wrong(at + "/" + name);
    return kNothing;
  }
  std::string text(const Json& object, const char* name, const std::string& at = "") {
    const Json& value = member(object, name, at);
    if (value.is_string()) return value.get<std::string>();
    wrong(at + "/" + name);
    return "";
  }
  std::uint64_t number(const Json& object, const char* name, const std::string& at = "") {
    const Json& value = member(object, name, at);
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    wrong(at + "/" + name);
    return 0;
  }
  Instant seconds(const Json& object, const char* name, const std::string& at = "") {
    const std::uint64_t n = number(object, name, at);
    if (n > registry::kLastUnixSecond) wrong(at + "/" + name);
    return Instant{0}.plus_seconds(static_cast<std::int64_t>(std::min(n, registry::kLastUnixSecond)));
  }
  /// Always an array: an empty one stands for what is none.
  const Json& list(const Json& object, const char* name, const std::string& at = "") {
    static const Json kEmpty = Json::array();
    const Json& value = member(object, name, at);
    if (value.is_array()) return value;
    wrong(at + "/" + name);
    return kEmpty;
  }

 private:
  Errors errors_;
};

/// JWK array in which every `kid` is there, is the thumbprint, and is there once. No private member may slip in.
Json read_jwks(Reader& reader, const Json& object, const std::string& at) {
  const Json& jwks = reader.list(object, "keys", at);
  std::set<std::string> seen;
  for (const Json& jwk : jwks) {
    const std::string kid = thumbprint(jwk);
    const bool named = !kid.empty() && jwk.contains("kid") && jwk.at("kid") == kid;
    if (!named || jwk.contains("d") || !seen.insert(kid).second) reader.wrong(at + "/keys");
  }
  return jwks;
}

/// Each of the type and each public key once: a witness under two names would count twice towards the quorum.
std::vector<VerifierKey> read_vkeys(Reader& reader, const Json& object, const char* name, SignatureType type,
                                    const std::string& at = "") {
  std::vector<VerifierKey> keys;
  for (const Json& line : reader.list(object, name, at)) {
    auto key = line.is_string() ? parse_vkey(line.get_ref<const std::string&>()) : Result<VerifierKey>(Error{});
    const auto same = [&](const VerifierKey& other) { return other.public_key == key->public_key; };
    if (!key || key->type != type || std::any_of(keys.begin(), keys.end(), same)) {
      reader.wrong(at + "/" + name);
    } else {
      keys.push_back(std::move(*key));
    }
  }
  return keys;
}

std::vector<AtomKey> read_atom(Reader& reader, const Json& payload) {
  std::vector<AtomKey> keys;
  for (const Json& entry : reader.list(payload, "atom")) {
    const std::string kid = reader.text(entry, "kid", "/atom");
    const Json& chain = reader.list(entry, "x5c", "/atom");
    const bool single = chain.size() == 1 && chain.front().is_string();
    const auto der = single ? from_base64(chain.front().get_ref<const std::string&>()) : Result<std::string>(Error{});
    const auto jwk = der ? certificate_jwk(*der) : Result<Json>(Error{});
    if (jwk && jwk->at("kid") == kid) {
      keys.push_back(AtomKey{kid, *der});
    } else {
      reader.wrong("/atom/x5c");
    }
  }
  return keys;
}

void read_past_keys(Reader& reader, const Json& payload, KeySet& set) {
  for (const Json& key : reader.list(payload, "retired")) {
    set.retired.push_back(RetiredKey{reader.text(key, "kid", "/retired"), reader.seconds(key, "from", "/retired"),
                                     reader.seconds(key, "to", "/retired")});
  }
  for (const Json& key : reader.list(payload, "revoked")) {
    set.revoked.push_back(RevokedKey{reader.text(key, "kid", "/revoked"), reader.seconds(key, "at", "/revoked"),
                                     reader.text(key, "reason", "/revoked"),
                                     registry::ListVersion{reader.number(key, "last_good_ver", "/revoked")},
                                     registry::TreeSize{reader.number(key, "last_good_size", "/revoked")}});
  }
}

/// What must hold between members.
void check_whole(Reader& reader, const KeySet& set) {
  if (set.ver.value() == 0) reader.wrong("/ver");
  if (set.exp <= set.iat) reader.wrong("/exp");
  if (set.root_threshold == 0 || set.root_threshold > set.roots.size()) reader.wrong("/roots/threshold");
  if (set.witness_quorum > set.witnesses.size()) reader.wrong("/witnesses/quorum");
}

KeySet read(Reader& reader, const Json& payload) {
  KeySet set;
  set.iss = reader.text(payload, "iss");
  set.ver = registry::KeySetVersion{reader.number(payload, "ver")};
  set.iat = reader.seconds(payload, "iat");
  set.exp = reader.seconds(payload, "exp");
  const Json& roots = reader.member(payload, "roots");
  set.root_threshold = reader.number(roots, "threshold", "/roots");
  set.roots = read_jwks(reader, roots, "/roots");
  set.keys = read_jwks(reader, payload, "");
  set.atom = read_atom(reader, payload);
  set.log = read_vkeys(reader, payload, "log", SignatureType::log);
  const Json& witnesses = reader.member(payload, "witnesses");
  set.witness_quorum = reader.number(witnesses, "quorum", "/witnesses");
  set.witnesses = read_vkeys(reader, witnesses, "keys", SignatureType::cosignature, "/witnesses");
  read_past_keys(reader, payload, set);
  check_whole(reader, set);
  return set;
}

Json vkeys(const std::vector<VerifierKey>& keys) {
  Json lines = Json::array();
  for (const VerifierKey& key : keys) lines.push_back(to_string(key));
  return lines;
}

Json past_keys(const std::vector<RetiredKey>& keys) {
  Json out = Json::array();
  for (const RetiredKey& key : keys) {
    out.push_back({{"kid", key.kid}, {"from", key.from.unix_seconds()}, {"to", key.to.unix_seconds()}});
  }
  return out;
}

Json past_keys(const std::vector<RevokedKey>& keys) {
  Json out = Json::array();
  for (const RevokedKey& key : keys) {
    out.push_back({{"kid", key.kid},
                   {"at", key.at.unix_seconds()},
                   {"reason", key.reason},
                   {"last_good_ver", key.last_good_ver.value()},
                   {"last_good_size", key.last_good_size.value()}});
  }
  return out;
}

}  // namespace

std::string kid_of(const VerifierKey& key) {
  const std::string line = to_string(key);
  return line.substr(0, line.find('+', key.name.size() + 1));
}

std::string to_payload(const KeySet& set) {
  Json atom = Json::array();
  for (const AtomKey& key : set.atom) {
    atom.push_back({{"kid", key.kid}, {"x5c", Json::array({base64(key.certificate_der)})}});
  }
  return registry::canonical({{"iss", set.iss},
                              {"ver", set.ver.value()},
                              {"iat", set.iat.unix_seconds()},
                              {"exp", set.exp.unix_seconds()},
                              {"roots", {{"threshold", set.root_threshold}, {"keys", set.roots}}},
                              {"keys", set.keys},
                              {"atom", std::move(atom)},
                              {"log", vkeys(set.log)},
                              {"witnesses", {{"quorum", set.witness_quorum}, {"keys", vkeys(set.witnesses)}}},
                              {"retired", past_keys(set.retired)},
                              {"revoked", past_keys(set.revoked)}});
}

Result<KeySet> parse_key_set(std::string_view payload) {
  const auto json = registry::parse_json(payload);
  if (!json) return json.errors();
  Reader reader;
  KeySet set = read(reader, *json);
  if (!reader.errors().empty()) return reader.errors();
  return set;
}

Result<KeySet> open_key_set(std::string_view document) {
  const auto payload = unverified_payload(document);
  if (!payload) return payload.errors();
  auto set = parse_key_set(*payload);
  if (!set) return set;
  // One spelling, and no member beside ours: two readers never see two key sets in the same octets.
  if (to_payload(*set) != *payload) {
    return Error{Code::malformed, "", "", "鍵セットの形が定めと異なります", "the key set is not in its one form"};
  }
  const auto verified = verify_general_jws(document, set->roots, kKeySetType, set->root_threshold);
  if (!verified) return verified.errors();
  return set;
}

}  // namespace ismap::feed
