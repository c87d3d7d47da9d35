#include "feed/verify/key_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "feed/certificate.h"
#include "feed/files.h"
#include "feed/verify/octets.h"

namespace ismap::feed::verify {

namespace {

using registry::Done;
using registry::Instant;
using registry::Json;
using registry::KeySetVersion;

constexpr std::uint64_t kMaxVersions = 10'000;

std::string path_of_version(std::uint64_t ver) { return fmt::format("/v1/keys/{}.json", ver); }

Finding found(Fault fault, const std::string& document, const registry::Errors& errors) {
  return {fault, document, errors.front().en};
}

bool signed_by(const std::string& octets, const Json& roots, std::uint64_t threshold) {
  return verify_general_jws(octets, roots, kKeySetType, threshold).ok();
}

/// Whether what was signed at that time is before the revocation in each way that it tells its time. What tells none (a
/// service's feed has a size, a receipt a time) is not.
bool is_before(const RevokedKey& key, const SignedAt& at) {
  if (!at.iat && !at.ver && !at.size) return false;
  return (!at.iat || *at.iat <= key.at) && (!at.ver || *at.ver <= key.last_good_ver) &&
         (!at.size || *at.size <= key.last_good_size);
}

/// Distinct keys of a JWK array; 0 when one of them is none that could sign.
std::uint64_t count_keys(const Json& jwks) {
  std::set<std::string> kids;
  for (const Json& jwk : jwks) kids.insert(thumbprint(jwk));
  return kids.contains("") ? 0 : kids.size();
}

/// The threshold that root.jwks names; all of its `count` keys when it names none; 0 when it is no threshold.
std::uint64_t threshold_of(const Json& jwks, std::uint64_t count) {
  if (!jwks.contains("threshold")) return count;
  const Json& threshold = jwks.at("threshold");
  if (!threshold.is_number_unsigned() || threshold.get<std::uint64_t>() > count) return 0;
  return threshold.get<std::uint64_t>();
}

template <class Keys>
bool has_kid(const Keys& keys, std::string_view kid) {
  return std::any_of(keys.begin(), keys.end(), [&](const auto& key) { return key.kid == kid; });
}

}  // namespace

Checked<Trust> read_trust(const std::filesystem::path& folder) {
  const auto jwks_octets = read_file(folder / "root.jwks");
  const auto ver_octets = read_file(folder / "keysver");
  if (!jwks_octets || !ver_octets) return Finding{Fault::trust_unreadable, folder.string(), ""};
  const auto jwks = registry::parse_json(*jwks_octets);
  std::string_view digits = *ver_octets;
  if (digits.ends_with('\n')) digits.remove_suffix(1);
  const auto ver = unsigned_of(digits);
  const bool is_set = jwks && jwks->is_object() && jwks->contains("keys") && jwks->at("keys").is_array();
  const std::uint64_t threshold = is_set ? threshold_of(*jwks, count_keys(jwks->at("keys"))) : 0;
  if (threshold == 0 || !ver || *ver == 0) {
    return Finding{Fault::trust_unreadable, folder.string(), "root.jwks or keysver is malformed"};
  }
  return Trust{jwks->at("keys"), threshold, KeySetVersion{*ver}};
}

Checked<Done> KeyHistory::add(const std::string& octets, const std::string& path) {
  auto set = open_key_set(octets);
  if (!set) {
    const bool shape = set.errors().front().code == registry::Code::malformed || !set.errors().front().pointer.empty();
    return found(shape ? Fault::keys_malformed : Fault::keys_signature, path, set.errors());
  }
  if (!sets_.empty()) {
    const KeySet& before = sets_.back();
    if (!signed_by(octets, before.roots, before.root_threshold)) {
      return Finding{Fault::keys_signature, path, "not by the roots of the version before"};
    }
    if (set->ver.value() != before.ver.value() + 1) return Finding{Fault::keys_version, path, ""};
    if (set->iss != before.iss) return Finding{Fault::keys_issuer, path, set->iss};
  }
  keep_atom_keys(*set);
  sets_.push_back(std::move(*set));
  documents_.push_back(octets);
  return Done{};
}

Checked<KeyHistory> KeyHistory::walk(const Source& source, const Trust& trust) {
  KeyHistory history;
  std::string path = path_of_version(trust.ver.value());
  auto octets = source.get(path);
  if (!octets) return octets.finding();
  if (auto added = history.add(*octets, path); !added) return added.finding();
  const KeySet& pinned = history.newest();
  // The document says how many signatures it wants; a thief of one root key would say one.
  const std::uint64_t threshold = std::max(trust.threshold, pinned.root_threshold);
  if (!signed_by(*octets, trust.roots, threshold)) {
    return Finding{Fault::keys_signature, path, fmt::format("not by {} of the pinned root keys", threshold)};
  }
  if (pinned.ver != trust.ver) return Finding{Fault::keys_version, path, "not the pinned version"};
  for (std::uint64_t n = trust.ver.value() + 1; n < trust.ver.value() + kMaxVersions; ++n) {
    path = path_of_version(n);
    octets = source.get(path);
    if (!octets && octets.finding().fault == Fault::missing) break;
    if (!octets) return octets.finding();
    if (auto added = history.add(*octets, path); !added) return added.finding();
  }
  return history;
}

std::optional<std::string_view> KeyHistory::document(KeySetVersion ver) const {
  const std::uint64_t first = sets_.front().ver.value();
  if (ver.value() < first || ver.value() - first >= documents_.size()) return std::nullopt;
  return documents_[ver.value() - first];
}

bool KeyHistory::end_at(std::string_view octets) {
  const auto at = std::find(documents_.begin(), documents_.end(), octets);
  if (at == documents_.end()) return false;
  const auto place = at - documents_.begin();
  const KeySet& last = sets_[static_cast<std::size_t>(place)];
  const bool revoked = std::any_of(newest().revoked.begin(), newest().revoked.end(),
                                   [&](const RevokedKey& key) { return !has_kid(last.revoked, key.kid); });
  if (revoked) return false;
  documents_.erase(at + 1, documents_.end());
  sets_.erase(sets_.begin() + place + 1, sets_.end());
  return true;
}

std::vector<const KeySet*> KeyHistory::in_force(Instant at) const {
  const auto later = std::find_if(sets_.begin() + 1, sets_.end(), [&](const KeySet& set) { return set.iat > at; });
  std::vector<const KeySet*> sets{&*(later - 1)};
  const bool may_be_draft = at < sets.front()->iat.plus_seconds(kDraftLifeSeconds);
  if (may_be_draft && later - 1 != sets_.begin()) sets.push_back(&*(later - 2));
  return sets;
}

Checked<Done> KeyHistory::add_earlier(const std::string& octets) {
  const std::uint64_t ver = sets_.front().ver.value() - 1;
  auto set = open_key_set(octets);
  if (!set) return found(Fault::keys_malformed, path_of_version(ver), set.errors());
  if (set->ver.value() != ver) return Finding{Fault::keys_version, path_of_version(ver), ""};
  keep_atom_keys(*set);
  sets_.insert(sets_.begin(), std::move(*set));
  documents_.insert(documents_.begin(), octets);
  return Done{};
}

Json KeyHistory::jwt_keys() const {
  Json all = Json::array();
  for (const KeySet& set : sets_) {
    for (const Json& jwk : set.keys) {
      if (std::find(all.begin(), all.end(), jwk) == all.end()) all.push_back(jwk);
    }
  }
  return all;
}

void KeyHistory::keep_atom_keys(const KeySet& set) {
  for (const AtomKey& key : set.atom) {
    auto jwk = certificate_jwk(key.certificate_der);
    if (jwk) atom_jwks_.emplace(key.kid, std::move(*jwk));
  }
}

const Json* KeyHistory::atom_jwk(std::string_view kid) const {
  const auto at = atom_jwks_.find(kid);
  return at == atom_jwks_.end() ? nullptr : &at->second;
}

std::vector<VerifierKey> KeyHistory::log_keys() const {
  std::vector<VerifierKey> all;
  for (const KeySet& set : sets_) {
    for (const VerifierKey& key : set.log) {
      if (std::find(all.begin(), all.end(), key) == all.end()) all.push_back(key);
    }
  }
  return all;
}

bool KeyHistory::is_current(std::string_view kid) const {
  const KeySet& set = newest();
  const bool jwt = std::any_of(set.keys.begin(), set.keys.end(), [&](const Json& jwk) { return jwk.at("kid") == kid; });
  const bool log =
      std::any_of(set.log.begin(), set.log.end(), [&](const VerifierKey& key) { return kid_of(key) == kid; });
  return jwt || log || has_kid(set.atom, kid);
}

bool KeyHistory::holds(std::string_view kid, const SignedAt& at) const {
  if (at.live) return is_current(kid) && !has_kid(newest().revoked, kid) && !has_kid(newest().retired, kid);
  for (const RevokedKey& key : newest().revoked) {
    if (key.kid == kid) return is_before(key, at);
  }
  for (const RetiredKey& key : newest().retired) {
    if (key.kid == kid) return !at.iat || (key.from <= *at.iat && *at.iat <= key.to);
  }
  return is_current(kid);
}

std::string type_of(std::string_view compact) {
  const auto octets = from_base64url(compact.substr(0, compact.find('.')));
  const auto header = octets ? registry::parse_json(*octets) : registry::Result<Json>(registry::Error{});
  if (!header || !header->is_object() || !header->contains("typ") || !header->at("typ").is_string()) return "";
  return header->at("typ").get<std::string>();
}

Checked<SignedPayload> open_jwt(std::string_view compact, const KeyHistory& keys, std::string_view typ, Fault type,
                                Fault signature, const std::string& document) {
  const std::string says = type_of(compact);
  if (!says.empty() && says != typ) return Finding{type, document, "typ is " + says};
  auto payload = verify_jwt(compact, keys.jwt_keys(), typ);
  if (!payload) return found(signature, document, payload.errors());
  return std::move(*payload);
}

namespace {

/// The cosignatures of a quorum that was asked for at that time.
registry::Result<std::vector<Cosignature>> cosignatures(const std::string& note, const KeyHistory& keys,
                                                        const SignedAt& at) {
  const bool past = at.iat && !at.live;
  const auto sets = past ? keys.in_force(*at.iat) : std::vector<const KeySet*>{&keys.newest()};
  auto seen = verify_cosignatures(note, sets.front()->witnesses, sets.front()->witness_quorum);
  if (seen || sets.size() == 1) return seen;
  auto before = verify_cosignatures(note, sets.back()->witnesses, sets.back()->witness_quorum);
  return before ? before : seen;
}

}  // namespace

Checked<Checkpoint> open_checkpoint(const std::string& note, const KeyHistory& keys, const SignedAt& at, Instant now,
                                    const std::string& document) {
  auto checkpoint = verify_checkpoint(note, keys.log_keys());
  if (!checkpoint) return found(Fault::checkpoint_signature, document, checkpoint.errors());
  std::vector<VerifierKey> good = keys.log_keys();
  SignedAt when = at;
  when.size = checkpoint->size;
  std::erase_if(good, [&](const VerifierKey& key) { return !keys.holds(kid_of(key), when); });
  if (!verify_checkpoint(note, good)) return Finding{Fault::checkpoint_key, document, ""};
  const auto seen = cosignatures(note, keys, at);
  if (!seen) return found(Fault::checkpoint_quorum, document, seen.errors());
  const Instant latest = now.plus_seconds(kClockSkewSeconds);
  const bool future = std::any_of(seen->begin(), seen->end(), [&](const Cosignature& c) { return c.at > latest; });
  if (future) return Finding{Fault::checkpoint_future, document, ""};
  return std::move(*checkpoint);
}

}  // namespace ismap::feed::verify
