#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/jwt.h"
#include "feed/keyset.h"
#include "feed/note.h"
#include "feed/verify/source.h"

/// The key sets of a publication, walked from what the verifier pins (formats: Keys).
namespace ismap::feed::verify {

/// A clock may be ahead of the publisher's by so much. Units: seconds.
inline constexpr std::int64_t kClockSkewSeconds = 300;

/// What a verifier pins: root keys, and the key set version that they sign.
struct Trust {
  registry::Json roots;         ///< array of JWK
  std::uint64_t threshold = 1;  ///< so many of them sign the pinned version, whatever that version asks for itself
  registry::KeySetVersion ver;
};

/// Reads DIR/root.jwks and DIR/keysver. A root.jwks without a threshold asks for the signatures of all its keys.
/// Faults: trust_unreadable.
Checked<Trust> read_trust(const std::filesystem::path& folder);

/// When a document says that it was signed: what a revocation or retirement of its key is held against.
struct SignedAt {
  std::optional<registry::Instant> iat;
  std::optional<registry::ListVersion> ver;
  std::optional<registry::TreeSize> size;
  /// It speaks for the present, whatever time it names: only a key of the newest key set may have signed it, and the
  /// newest quorum counts. Who holds an old key can write an old time, and any end of life beside it.
  bool live = false;

  static SignedAt present() {
    SignedAt at;
    at.live = true;
    return at;
  }
};

/// Every version from the pinned one to the newest, each vouched for by the one before. Keys that have left are looked
/// up in the version that held them, under the newest version's word on them: what a retired key signed in its time
/// stays good; what a revoked key signed is good only up to its revocation, the last good version and size; a key that
/// left without a word is no key.
class KeyHistory {
 public:
  /// Faults: missing, unreachable, too_large, keys_malformed, keys_signature, keys_version, keys_issuer.
  static Checked<KeyHistory> walk(const Source& source, const Trust& trust);

  [[nodiscard]] const KeySet& newest() const { return sets_.back(); }
  /// The octets of a version; nothing when it was not read.
  [[nodiscard]] std::optional<std::string_view> document(registry::KeySetVersion ver) const;
  /// The versions that may have been in force at an instant, the likelier first. A version is issued as a draft and in
  /// force from its leaf on, at most kDraftLifeSeconds later; until then it may have been the one before.
  [[nodiscard]] std::vector<const KeySet*> in_force(registry::Instant at) const;
  /// Forgets the versions after the one of these octets, which are not published yet. False when there is no such
  /// version, or when a later one revokes a key: then nothing is forgotten.
  bool end_at(std::string_view octets);
  /// Adds the version just before the oldest one, after the caller found its digest in the log.
  /// Faults: keys_malformed, keys_version.
  Checked<registry::Done> add_earlier(const std::string& octets);

  /// All keys that ever were in a version; whether one may be used is for `holds` to say.
  [[nodiscard]] registry::Json jwt_keys() const;
  /// The RSA key of that name, as JWK; null when there is none.
  [[nodiscard]] const registry::Json* atom_jwk(std::string_view kid) const;
  [[nodiscard]] std::vector<VerifierKey> log_keys() const;

  /// Whether a key of that name may have signed something at that time.
  [[nodiscard]] bool holds(std::string_view kid, const SignedAt& at) const;

 private:
  Checked<registry::Done> add(const std::string& octets, const std::string& path);
  void keep_atom_keys(const KeySet& set);
  [[nodiscard]] bool is_current(std::string_view kid) const;

  std::vector<KeySet> sets_;            ///< oldest first, without a gap
  std::vector<std::string> documents_;  ///< beside sets_
  std::map<std::string, registry::Json, std::less<>> atom_jwks_;
};

using feed::kid_of;

/// The `typ` that a compact JWT says it is of, before anything of it is believed; "" when it says none.
std::string type_of(std::string_view compact);

/// Verifies the signature of a compact JWT by any key that ever was; its time is not looked at yet.
/// Faults: `type` when it is another kind of document; `signature`.
Checked<SignedPayload> open_jwt(std::string_view compact, const KeyHistory& keys, std::string_view typ, Fault type,
                                Fault signature, const std::string& document);

/// Verifies the log's signature and the witnesses' quorum at that time.
/// Faults: checkpoint_signature, checkpoint_key, checkpoint_quorum, checkpoint_future.
Checked<Checkpoint> open_checkpoint(const std::string& note, const KeyHistory& keys, const SignedAt& at,
                                    registry::Instant now, const std::string& document);

}  // namespace ismap::feed::verify
