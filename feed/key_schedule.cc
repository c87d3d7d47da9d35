#include "feed/key_schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "registry/digest.h"
#include "registry/journal.h"
#include "registry/tables.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Errors;
using registry::Instant;
using registry::Result;
using registry::lmdb::ReadTxn;
namespace journal = registry::journal;

/// The version that a key leaf names and commits to.
Result<KeyVersion> read_version(const ReadTxn& txn, const registry::Event& leaf, std::uint64_t expected) {
  const auto ver = leaf.record.find("ver");
  const auto sha256 = leaf.record.find("sha256");
  if (ver == leaf.record.end() || *ver != expected || sha256 == leaf.record.end()) return journal::corrupt("key leaf");
  auto octets = registry::tables::key_set(txn, registry::KeySetVersion{expected});
  if (!octets) return journal::corrupt("a key set is missing");
  if (*sha256 != registry::hex(registry::sha256(*octets)))
    return journal::corrupt("the key set is not the one in the log");
  auto set = open_key_set(*octets);
  if (!set) return set.errors();
  if (set->ver.value() != expected) return journal::corrupt("a key set has another version");
  return KeyVersion{std::move(*octets), std::move(*set), leaf.recorded_at, leaf.seq};
}

Error not_held(KeyRole role) {
  return {
      Code::unavailable, "", "",
      fmt::format("DIR/keys に、公開中の鍵セットの {} 鍵のうち署名してよいものがありません。正しい鍵を戻してください",
                  name_of(role)),
      fmt::format("DIR/keys holds no {0} key of the published key set that may sign: put the right {0} key back",
                  name_of(role))};
}

const std::vector<PrivateKey>& held_of_role(const HeldKeys& held, KeyRole role) {
  if (role == KeyRole::jwt) return held.jwt;
  return role == KeyRole::log ? held.log : held.atom;
}

/// The first of `kids` whose private key is held, or null.
const PrivateKey* first_held(const HeldKeys& held, KeyRole role, const std::vector<std::string>& kids,
                             std::string_view origin) {
  const std::vector<PrivateKey>& keys = held_of_role(held, role);
  for (const std::string& kid : kids) {
    const auto at =
        std::find_if(keys.begin(), keys.end(), [&](const PrivateKey& k) { return kid_of(k, origin) == kid; });
    if (at != keys.end()) return &*at;
  }
  return nullptr;
}

}  // namespace

Result<std::vector<KeyVersion>> read_key_versions(const ReadTxn& txn) {
  const auto leaves = journal::history(txn, registry::kKeysRecord, journal::size(txn));
  if (!leaves) return leaves.errors();
  std::vector<KeyVersion> versions;
  for (const registry::Event& leaf : *leaves) {
    auto version = read_version(txn, leaf, versions.size() + 1);
    if (!version) return version.errors();
    versions.push_back(std::move(*version));
  }
  if (versions.empty()) return journal::corrupt("no key leaf");
  return versions;
}

std::vector<std::string> kids_of(const KeySet& set, KeyRole role) {
  std::vector<std::string> kids;
  if (role == KeyRole::jwt) {
    for (const registry::Json& jwk : set.keys) kids.push_back(jwk.at("kid").get<std::string>());
  } else if (role == KeyRole::log) {
    for (const VerifierKey& key : set.log) kids.push_back(kid_of(key));
  } else {
    for (const AtomKey& key : set.atom) kids.push_back(key.kid);
  }
  return kids;
}

KeyAges ages_of(std::span<const KeyVersion> versions) {
  KeyAges ages;
  for (const KeyVersion& version : versions) {
    KeyAges present;
    for (const KeyRole role : {KeyRole::jwt, KeyRole::log, KeyRole::atom}) {
      for (const std::string& kid : kids_of(version.set, role)) {
        const auto before = ages.find(kid);
        present.emplace(
            kid, before != ages.end() ? before->second : KeySince{version.set.ver, version.recorded_at, version.seq});
      }
    }
    ages = std::move(present);
  }
  return ages;
}

Instant may_sign_from(const KeySince& since, std::int64_t list_life_seconds) {
  return since.ver.value() == 1 ? since.at : since.at.plus_seconds(list_life_seconds);
}

bool may_sign_now(const KeySince& since, const SigningTime& time) {
  if (since.ver.value() == 1) return true;
  return since.seq.value() < time.published.value() && time.now >= may_sign_from(since, time.list_life_seconds);
}

std::vector<std::string> signing_order(const KeySet& set, KeyRole role, const KeyAges& ages, const SigningTime& time) {
  std::vector<std::string> all = kids_of(set, role);
  const auto seq_of = [&](const std::string& kid) { return ages.at(kid).seq; };
  std::stable_sort(all.begin(), all.end(),
                   [&](const std::string& a, const std::string& b) { return seq_of(a) < seq_of(b); });
  std::vector<std::string> ready;
  std::copy_if(all.rbegin(), all.rend(), std::back_inserter(ready),
               [&](const std::string& kid) { return may_sign_now(ages.at(kid), time); });
  return ready.empty() ? all : ready;
}

Result<Keys> choose_keys(const HeldKeys& held, const KeySet& set, const KeyAges& ages, std::string_view origin,
                         const SigningTime& time) {
  Errors errors;
  const auto choose = [&](KeyRole role) {
    const PrivateKey* key = first_held(held, role, signing_order(set, role, ages, time), origin);
    if (key == nullptr) errors.push_back(not_held(role));
    return key;
  };
  const PrivateKey* jwt = choose(KeyRole::jwt);
  const PrivateKey* log = choose(KeyRole::log);
  const PrivateKey* atom = choose(KeyRole::atom);
  if (!errors.empty()) return errors;
  const std::string kid = atom->kid();
  const auto published =
      std::find_if(set.atom.begin(), set.atom.end(), [&](const AtomKey& key) { return key.kid == kid; });
  return Keys{*jwt, *log, *atom, published->certificate_der, std::nullopt};
}

Result<Done> check_keys(const HeldKeys& held, const KeySet& set, std::string_view origin) {
  Errors errors;
  for (const KeyRole role : {KeyRole::jwt, KeyRole::log, KeyRole::atom}) {
    if (first_held(held, role, kids_of(set, role), origin) == nullptr) errors.push_back(not_held(role));
  }
  if (!errors.empty()) return errors;
  return Done{};
}

}  // namespace ismap::feed
