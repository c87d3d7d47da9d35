#include "feed/key_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "feed/last_signed.h"
#include "registry/journal.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Instant;
using registry::Json;
using registry::Result;

Error no_such_key(const std::string& kid) {
  return {Code::not_found, "", "", fmt::format("鍵 {} はいまの鍵セットにありません", kid),
          fmt::format("the present key set has no key {}", kid)};
}

Error wrong(const char* pointer, std::string ja, std::string en) {
  return {Code::invalid, pointer, "", std::move(ja), std::move(en)};
}

/// Takes a key out of the role that it has.
void take_away(KeySet& set, std::string_view kid) {
  const auto named = [&](const Json& jwk) { return jwk.at("kid") == kid; };
  set.keys.erase(std::remove_if(set.keys.begin(), set.keys.end(), named), set.keys.end());
  std::erase_if(set.log, [&](const VerifierKey& key) { return kid_of(key) == kid; });
  std::erase_if(set.atom, [&](const AtomKey& key) { return key.kid == kid; });
}

bool has_root(const KeySet& set, std::string_view kid) {
  return std::any_of(set.roots.begin(), set.roots.end(), [&](const Json& jwk) { return jwk.at("kid") == kid; });
}

void take_root_away(KeySet& set, std::string_view kid) {
  const auto named = [&](const Json& jwk) { return jwk.at("kid") == kid; };
  set.roots.erase(std::remove_if(set.roots.begin(), set.roots.end(), named), set.roots.end());
}

/// Whole seconds, as key sets have them.
Instant seconds(Instant at) { return Instant{0}.plus_seconds(at.unix_seconds()); }

}  // namespace

Result<KeyGround> read_key_ground(const registry::lmdb::ReadTxn& txn, const std::filesystem::path& data_folder) {
  const auto guard = read_last_signed(txn, data_folder);
  if (!guard) return guard.errors();
  auto versions = read_key_versions(txn);
  if (!versions) return versions.errors();
  return KeyGround{std::move(*versions), registry::journal::origin(txn), *guard};
}

KeySet next_key_set(const KeyGround& ground, Instant now) {
  KeySet next = ground.present();
  next.ver = registry::KeySetVersion{next.ver.value() + 1};
  next.iat = seconds(now);
  next.exp = next.iat.plus_seconds(kKeySetLifeSeconds);
  return next;
}

void add_key(KeySet& next, KeyRole role, const FreshKey& fresh, std::string_view origin) {
  switch (role) {
    case KeyRole::jwt:
      next.keys.push_back(fresh.key.jwk());
      break;
    case KeyRole::log:
      next.log.push_back(parse_vkey(vkey(origin, fresh.key)).value());
      break;
    case KeyRole::atom:
      next.atom.push_back(AtomKey{fresh.key.kid(), fresh.certificate});
      break;
  }
}

std::optional<KeyRole> role_of(const KeySet& set, std::string_view kid) {
  for (const KeyRole role : kKeyRoles) {
    const auto kids = kids_of(set, role);
    if (std::find(kids.begin(), kids.end(), kid) != kids.end()) return role;
  }
  return std::nullopt;
}

Result<Instant> may_retire_from(const KeyGround& ground, const std::string& kid, Instant now) {
  const auto role = role_of(ground.present(), kid);
  if (!role) return no_such_key(kid);
  const KeyAges ages = ages_of(ground.versions);
  const std::string signing = signing_order(ground.present(), *role, ages, ground.at(now)).front();
  if (signing == kid) {
    return Error{Code::conflict, "", "",
                 fmt::format("鍵 {} はいま署名に使われています。先に key rotate {} で次の鍵を公表してください", kid,
                             name_of(*role)),
                 fmt::format("the key {} is the one that signs: publish the next one first, with key rotate {}", kid,
                             name_of(*role))};
  }
  if (!may_sign_now(ages.at(kid), ground.at(now))) return ages.at(kid).at;  // it has never signed
  return may_sign_from(ages.at(signing), ground.list_life_seconds).plus_seconds(ground.list_life_seconds);
}

Result<Done> retire(KeySet& next, const KeyGround& ground, const std::string& kid, Instant now) {
  const auto from = may_retire_from(ground, kid, now);
  if (!from) return from.errors();
  if (now < *from) {
    return Error{
        Code::conflict, "", "",
        fmt::format("鍵 {} で署名した最後のリストが {} まで有効です。その後に行ってください", kid, from->iso()),
        fmt::format("the last list that {} signed lives until {}; retire it then", kid, from->iso())};
  }
  const KeySince since = ages_of(ground.versions).at(kid);
  const Instant last = from->plus_seconds(-ground.list_life_seconds);
  take_away(next, kid);
  next.retired.push_back({kid, seconds(since.at), seconds(std::max(last, since.at))});
  return Done{};
}

Result<Done> revoke(KeySet& next, const KeyGround& ground, const Revocation& revocation, Instant now) {
  const auto was_retired = std::find_if(next.retired.begin(), next.retired.end(),
                                        [&](const RetiredKey& key) { return key.kid == revocation.kid; });
  const bool root = has_root(next, revocation.kid);
  if (!root && was_retired == next.retired.end() && !role_of(next, revocation.kid)) return no_such_key(revocation.kid);
  const registry::ListVersion ver = revocation.last_good_ver.value_or(ground.guard.ver);
  const registry::TreeSize size = revocation.last_good_size.value_or(ground.guard.size);
  if (revocation.reason.empty()) return wrong("/reason", "理由を書いてください", "give a reason");
  if (ver > ground.guard.ver || size > ground.guard.size) {
    return wrong("/last_good_ver", "まだ署名していない版や大きさです", "no such version or size has been signed yet");
  }
  if (root) take_root_away(next, revocation.kid);
  if (was_retired != next.retired.end()) next.retired.erase(was_retired);
  take_away(next, revocation.kid);
  next.revoked.push_back({revocation.kid, seconds(now), revocation.reason, ver, size});
  return Done{};
}

Result<Done> change_roots(KeySet& next, const RootChange& change) {
  for (const std::string& kid : change.remove) {
    if (!has_root(next, kid)) return no_such_key(kid);
    take_root_away(next, kid);
  }
  for (const Json& jwk : change.add) {
    const std::string kid = thumbprint(jwk);
    if (kid.empty() || !jwk.contains("x") || jwk.contains("d") || jwk.value("kid", "") != kid) {
      return wrong("/roots", "ルート鍵はES256の公開鍵のJWKです",
                   "a root key is given as the JWK of an ES256 public key");
    }
    if (has_root(next, kid)) return wrong("/roots", "既にルート鍵です", "it is a root key already");
    next.roots.push_back(jwk);
  }
  next.root_threshold = change.threshold.value_or(next.root_threshold);
  if (next.root_threshold == 0 || next.root_threshold > next.roots.size()) {
    return wrong("/roots/threshold", "ルート鍵の数が足りません",
                 "there are fewer root keys than the threshold asks for");
  }
  return Done{};
}

Result<Done> change_witnesses(KeySet& next, const WitnessChange& change) {
  for (const std::string& name : change.remove) {
    if (std::erase_if(next.witnesses, [&](const VerifierKey& key) { return key.name == name; }) == 0) {
      return no_such_key(name);
    }
  }
  for (const std::string& line : change.add) {
    auto key = parse_vkey(line);
    if (!key || key->type != SignatureType::cosignature) {
      return wrong("/witnesses", "証人の vkey（cosignature/v1）ではありません",
                   "not the vkey of a witness (cosignature/v1)");
    }
    next.witnesses.push_back(std::move(*key));
  }
  next.witness_quorum = change.quorum.value_or(next.witness_quorum);
  if (next.witness_quorum > next.witnesses.size()) {
    return wrong("/witnesses/quorum", "証人の数が足りません", "there are fewer witnesses than the quorum asks for");
  }
  return Done{};
}

}  // namespace ismap::feed
