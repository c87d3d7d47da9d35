#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feed/keys.h"
#include "feed/keyset.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

/// Which key signs when: one that has been published for as long as any list lives, so that nobody meets a signature
/// before the key (formats: Keys).
namespace ismap::feed {

/// Life of a list, and so the least time between the publication of a key and its first use. Units: seconds.
inline constexpr std::int64_t kListLifeSeconds = std::int64_t{48} * 3600;

/// A version of the key set as the journal has it.
struct KeyVersion {
  std::string octets;  ///< of /v1/keys/N.json
  KeySet set;
  registry::Instant recorded_at;  ///< of its leaf
  registry::Seq seq;              ///< of its leaf
};

/// Every version, oldest first; each must be the one that its leaf commits to, and the next after the one before.
/// Errors: corrupt.
registry::Result<std::vector<KeyVersion>> read_key_versions(const registry::lmdb::ReadTxn& txn);

/// The version since which a key has been in the key set without a gap.
struct KeySince {
  registry::KeySetVersion ver;
  registry::Instant at;
  registry::Seq seq;
};
/// By kid, for the keys of the newest version.
using KeyAges = std::map<std::string, KeySince, std::less<>>;
KeyAges ages_of(std::span<const KeyVersion> versions);

/// The kids of a role in a key set, as they stand there.
std::vector<std::string> kids_of(const KeySet& set, KeyRole role);

/// The time of a signature.
struct SigningTime {
  registry::Instant now;
  registry::TreeSize published;  ///< what was last signed covers so many leaves
  std::int64_t list_life_seconds = kListLifeSeconds;
};

/// When a key may first sign by the clock; a key of version 1 may at once.
registry::Instant may_sign_from(const KeySince& since, std::int64_t list_life_seconds);
/// Whether the key has been published, and long enough.
bool may_sign_now(const KeySince& since, const SigningTime& time);

/// The kids of a role in the order in which they are to sign: those that may sign, the newest first. When none may,
/// because a revocation took the others away, all of them, the longest published first: a stolen key is worse than a
/// signature that a few readers meet before its key.
std::vector<std::string> signing_order(const KeySet& set, KeyRole role, const KeyAges& ages, const SigningTime& time);

/// Chooses for each role the first key in the signing order that is held.
/// Errors: unavailable, one for each role without such a key.
registry::Result<Keys> choose_keys(const HeldKeys& held, const KeySet& set, const KeyAges& ages,
                                   std::string_view origin, const SigningTime& time);

/// Whether every role has a key of the set in hand, of whatever age.
/// Errors: unavailable, one for each role that has none.
registry::Result<registry::Done> check_keys(const HeldKeys& held, const KeySet& set, std::string_view origin);

}  // namespace ismap::feed
