#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/guard.h"
#include "feed/key_schedule.h"
#include "feed/keys.h"
#include "feed/keyset.h"
#include "registry/result.h"
#include "registry/time.h"

/// The next version of a key set: how it is made from the present one, and what must hold between the two
/// (formats: Keys). The clock is an argument.
namespace ismap::feed {

/// What a change of keys stands on.
struct KeyGround {
  std::vector<KeyVersion> versions;  ///< never empty
  std::string origin;
  Guard guard;  ///< what was last signed
  std::int64_t list_life_seconds = kListLifeSeconds;

  [[nodiscard]] const KeySet& present() const { return versions.back().set; }
  [[nodiscard]] SigningTime at(registry::Instant now) const { return {now, guard.size, list_life_seconds}; }
};

/// Reads it from the journal and the guard file. Errors: corrupt, not_found.
registry::Result<KeyGround> read_key_ground(const registry::lmdb::ReadTxn& txn,
                                            const std::filesystem::path& data_folder);

/// The present key set as the next version, with a new life and no other change.
KeySet next_key_set(const KeyGround& ground, registry::Instant now);

/// Adds the public part of a key to its role.
void add_key(KeySet& next, KeyRole role, const FreshKey& fresh, std::string_view origin);

/// The role of a kid in a key set.
std::optional<KeyRole> role_of(const KeySet& set, std::string_view kid);

/// From when a key may be retired: it does not sign any more, and the last list that it can have signed has expired.
/// Errors: not_found; conflict when it is the key that signs.
registry::Result<registry::Instant> may_retire_from(const KeyGround& ground, const std::string& kid,
                                                    registry::Instant now);

/// Moves a key to `retired`, with the time in which it signed. Errors: as may_retire_from, conflict before that time.
registry::Result<registry::Done> retire(KeySet& next, const KeyGround& ground, const std::string& kid,
                                        registry::Instant now);

/// Why a key is not to be believed any more, and what of it still is.
struct Revocation {
  std::string kid;
  std::string reason;
  std::optional<registry::ListVersion> last_good_ver;  ///< default: that of the guard
  std::optional<registry::TreeSize> last_good_size;    ///< default: that of the guard
};

/// Moves a key of any role, a root key or a retired key to `revoked`.
/// Errors: not_found; invalid without a reason, or with numbers that were never signed.
registry::Result<registry::Done> revoke(KeySet& next, const KeyGround& ground, const Revocation& revocation,
                                        registry::Instant now);

/// Root keys to add (JWK) and to take away (kid), and the threshold from then on.
struct RootChange {
  registry::Json add = registry::Json::array();
  std::vector<std::string> remove;
  std::optional<std::uint64_t> threshold;
};
/// Errors: invalid, not_found.
registry::Result<registry::Done> change_roots(KeySet& next, const RootChange& change);

/// Witnesses to add (vkey) and to take away (name), and the quorum from then on.
struct WitnessChange {
  std::vector<std::string> add;
  std::vector<std::string> remove;
  std::optional<std::uint64_t> quorum;
};
/// Errors: invalid, not_found.
registry::Result<registry::Done> change_witnesses(KeySet& next, const WitnessChange& change);

/// Everything that must hold between the present version and the next, but for signatures.
/// Errors: every reason: the version skips or repeats, another issuer, a life that is over or too short, a role without
/// a key, a log key of another log, a key that left without a word or is still in use or whose last list still lives, a
/// word on a past key that was taken back, a key that comes back, a key in two places.
registry::Result<registry::Done> check_change(const KeyGround& ground, const KeySet& next, registry::Instant now);

}  // namespace ismap::feed
