#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/crypto.h"
#include "feed/note.h"
#include "registry/canonical_json.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

/// The published key set: which keys speak for the register, said by its root keys (formats: Keys).
namespace ismap::feed {

/// Life of a key set. A verifier that sees it expired says "unknown", so it is longer than a year between ceremonies.
inline constexpr std::int64_t kKeySetLifeSeconds = std::int64_t{400} * 86'400;

/// A draft of a key set is published within this time or not at all: so long it may be unclear offline which of two
/// versions was in force.
inline constexpr std::int64_t kDraftLifeSeconds = std::int64_t{30} * 86'400;

/// The key of the Atom feeds' signature, with the certificate that carries it.
struct AtomKey {
  std::string kid;
  std::string certificate_der;
  friend bool operator==(const AtomKey&, const AtomKey&) = default;
};

/// A key that is no longer used; what it signed in its time stays good.
struct RetiredKey {
  std::string kid;
  registry::Instant from;
  registry::Instant to;
  friend bool operator==(const RetiredKey&, const RetiredKey&) = default;
};

/// A key that somebody else may hold: only what came before `last_good_ver` and `last_good_size` stays good.
struct RevokedKey {
  std::string kid;
  registry::Instant at;
  std::string reason;
  registry::ListVersion last_good_ver;
  registry::TreeSize last_good_size;
  friend bool operator==(const RevokedKey&, const RevokedKey&) = default;
};

/// The payload of /v1/keys/N.json. Its `keys` is an array of JWK, so the payload is a JWK Set (RFC 7517 §5).
struct KeySet {
  std::string iss;
  registry::KeySetVersion ver;
  registry::Instant iat;
  registry::Instant exp;
  std::uint64_t root_threshold = 1;
  registry::Json roots = registry::Json::array();  ///< JWK
  registry::Json keys = registry::Json::array();   ///< JWK, for JWTs
  std::vector<AtomKey> atom;
  std::vector<VerifierKey> log;  ///< of type log
  std::uint64_t witness_quorum = 0;
  std::vector<VerifierKey> witnesses;  ///< of type cosignature, each public key once
  std::vector<RetiredKey> retired;
  std::vector<RevokedKey> revoked;
};

/// The name of a log key in `retired` and `revoked`: "name+keyhash", the vkey without the key. That of other keys is
/// their thumbprint.
std::string kid_of(const VerifierKey& key);

/// The payload octets in RFC 8785 form, every member present. Units: times in POSIX seconds.
std::string to_payload(const KeySet& set);

/// Reads a payload strictly: no member missing, no duplicate kid, each kid the thumbprint of its key, thresholds that
/// can be met, a life that ends after it begins.
/// Errors: malformed; invalid with the pointer of the member.
registry::Result<KeySet> parse_key_set(std::string_view payload);

/// Reads a document /v1/keys/N.json whose own root threshold signed it. Who trusts those roots is the caller's matter.
/// Errors: malformed, invalid.
registry::Result<KeySet> open_key_set(std::string_view document);

}  // namespace ismap::feed
