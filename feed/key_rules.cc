#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "feed/key_change.h"

/// What must hold between two versions of the key set.
namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Errors;
using registry::Instant;
using registry::Json;
using registry::Result;

std::set<std::string> signing_kids(const KeySet& set) {
  std::set<std::string> kids;
  for (const KeyRole role : kKeyRoles) {
    for (const std::string& kid : kids_of(set, role)) kids.insert(kid);
  }
  return kids;
}

std::set<std::string> root_kids(const KeySet& set) {
  std::set<std::string> kids;
  for (const Json& jwk : set.roots) kids.insert(jwk.at("kid").get<std::string>());
  return kids;
}

template <class Key>
const Key* find_kid(const std::vector<Key>& keys, const std::string& kid) {
  const auto at = std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.kid == kid; });
  return at == keys.end() ? nullptr : &*at;
}

/// One pass over a change; every mistake is noted.
class Rules {
 public:
  Rules(const KeyGround& ground, const KeySet& next, Instant now)
      : ground_(ground), before_(ground.present()), next_(next), now_(now) {}

  Errors check() {
    succession();
    life();
    roles();
    past_is_kept();
    leaving();
    retiring();
    revoking();
    nothing_twice();
    return std::move(errors_);
  }

 private:
  void wrong(const char* pointer, std::string ja, std::string en) {
    errors_.push_back({Code::conflict, pointer, "", std::move(ja), std::move(en)});
  }

  void succession() {
    if (next_.ver.value() != before_.ver.value() + 1) {
      wrong("/ver", fmt::format("次の版は {} です", before_.ver.value() + 1),
            fmt::format("the next version is {}", before_.ver.value() + 1));
    }
    if (next_.iss != before_.iss) {
      wrong("/iss", "名義がいまの鍵セットと異なります", "the issuer is not that of the present key set");
    }
  }

  void life() {
    if (next_.iat < before_.iat || next_.iat > now_) {
      wrong("/iat", "発行時刻がいまの鍵セットより前か、未来です",
            "it was issued before the present key set or in the future");
    }
    if (now_ >= next_.iat.plus_seconds(kDraftLifeSeconds)) {
      wrong("/iat", "案を作ってから30日が過ぎています。key rotate などからやり直してください",
            "drafted more than 30 days ago: begin again with key rotate or its like");
    }
    if (next_.exp < next_.iat.plus_seconds(kKeySetLifeSeconds) || next_.exp <= now_) {
      wrong("/exp", "有効期間が400日に足りないか、過ぎています", "its life is under 400 days, or over");
    }
  }

  void roles() {
    for (const KeyRole role : kKeyRoles) {
      if (kids_of(next_, role).empty()) {
        wrong(role == KeyRole::jwt   ? "/keys"
              : role == KeyRole::log ? "/log"
                                     : "/atom",
              fmt::format("{} 鍵がありません", name_of(role)), fmt::format("there is no {} key", name_of(role)));
      }
    }
    for (const VerifierKey& key : next_.log) {
      if (key.name != ground_.origin) {
        wrong("/log", "別のログの鍵です: " + key.name, "a key of another log: " + key.name);
      }
    }
  }

  void past_is_kept() {
    for (const RetiredKey& key : before_.retired) {
      const RetiredKey* kept = find_kid(next_.retired, key.kid);
      if (find_kid(next_.revoked, key.kid) == nullptr && (kept == nullptr || *kept != key)) {
        wrong("/retired", "引退した鍵の記載は変えられません: " + key.kid,
              "what is said of a retired key does not change: " + key.kid);
      }
    }
    for (const RevokedKey& key : before_.revoked) {
      const RevokedKey* kept = find_kid(next_.revoked, key.kid);
      if (kept == nullptr || *kept != key) {
        wrong("/revoked", "失効した鍵の記載は変えられません: " + key.kid,
              "what is said of a revoked key does not change: " + key.kid);
      }
    }
  }

  void leaving() {
    const std::set<std::string> staying = signing_kids(next_);
    for (const std::string& kid : signing_kids(before_)) {
      if (staying.count(kid) == 1 || find_kid(next_.retired, kid) != nullptr || find_kid(next_.revoked, kid) != nullptr)
        continue;
      wrong("/retired", "説明なしに鍵を外すことはできません: " + kid,
            "a key does not leave without a word in retired or revoked: " + kid);
    }
  }

  void retiring() {
    for (const RetiredKey& key : next_.retired) {
      if (find_kid(before_.retired, key.kid) != nullptr) continue;
      KeySet expected = before_;
      const auto retired = retire(expected, ground_, key.kid, now_);
      if (!retired) {
        registry::append(errors_, retired.errors());
      } else if (expected.retired.back() != key) {
        wrong("/retired", "署名に使った期間が違います: " + key.kid, "not the time in which it signed: " + key.kid);
      }
    }
  }

  void revoking() {
    for (const RevokedKey& key : next_.revoked) {
      if (find_kid(before_.revoked, key.kid) != nullptr) continue;
      KeySet expected = before_;
      const auto revoked =
          revoke(expected, ground_, {key.kid, key.reason, key.last_good_ver, key.last_good_size}, now_);
      if (!revoked) registry::append(errors_, revoked.errors());
      if (key.at > now_) wrong("/revoked", "失効の時刻が未来です: " + key.kid, "revoked in the future: " + key.kid);
    }
  }

  /// No key signs two kinds of documents, and none comes back.
  void nothing_twice() {
    std::vector<std::string> places;
    for (const KeyRole role : kKeyRoles) {
      const auto kids = kids_of(next_, role);
      places.insert(places.end(), kids.begin(), kids.end());
    }
    for (const std::string& kid : root_kids(next_)) places.push_back(kid);
    for (const RetiredKey& key : next_.retired) places.push_back(key.kid);
    for (const RevokedKey& key : next_.revoked) places.push_back(key.kid);
    std::sort(places.begin(), places.end());
    const auto twice = std::adjacent_find(places.begin(), places.end());
    if (twice != places.end())
      wrong("", "同じ鍵が二か所にあります: " + *twice, "one key stands in two places: " + *twice);
  }

  const KeyGround& ground_;
  const KeySet& before_;
  const KeySet& next_;
  Instant now_;
  Errors errors_;
};

}  // namespace

Result<Done> check_change(const KeyGround& ground, const KeySet& next, Instant now) {
  Errors errors = Rules(ground, next, now).check();
  if (!errors.empty()) return errors;
  return Done{};
}

}  // namespace ismap::feed
