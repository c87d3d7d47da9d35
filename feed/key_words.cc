#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "feed/key_ceremony.h"
#include "registry/digest.h"

/// What changes between two key sets, for people who are about to sign it.
namespace ismap::feed {

namespace {

using registry::Json;

using Kids = std::set<std::string>;

Kids roots(const KeySet& set) {
  Kids kids;
  for (const Json& jwk : set.roots) kids.insert(jwk.at("kid").get<std::string>());
  return kids;
}

Kids witnesses(const KeySet& set) {
  Kids lines;
  for (const VerifierKey& key : set.witnesses) lines.insert(to_string(key));
  return lines;
}

Kids kids_of_role(const KeySet& set, KeyRole role) {
  const auto kids = kids_of(set, role);
  return {kids.begin(), kids.end()};
}

class Differences {
 public:
  void say(std::string ja, std::string en) { words_.push_back({std::move(ja), std::move(en)}); }

  void compare(const char* ja, const char* en, const Kids& before, const Kids& next) {
    for (const std::string& kid : next) {
      if (before.count(kid) == 0)
        say(fmt::format("＋ {}を加える: {}", ja, kid), fmt::format("adds the {} {}", en, kid));
    }
    for (const std::string& kid : before) {
      if (next.count(kid) == 0)
        say(fmt::format("－ {}を外す: {}", ja, kid), fmt::format("takes away the {} {}", en, kid));
    }
  }

  void number(const char* ja, const char* en, std::uint64_t before, std::uint64_t next) {
    if (before == next) return;
    say(fmt::format("{}: {} → {}", ja, before, next), fmt::format("{}: {} becomes {}", en, before, next));
  }

  void past(const KeySet& before, const KeySet& next) {
    for (const RetiredKey& key : next.retired) {
      if (std::find(before.retired.begin(), before.retired.end(), key) != before.retired.end()) continue;
      say(fmt::format("引退: {}（{} から {} まで署名）", key.kid, key.from.iso(), key.to.iso()),
          fmt::format("retired: {}, which signed from {} to {}", key.kid, key.from.iso(), key.to.iso()));
    }
    for (const RevokedKey& key : next.revoked) {
      if (std::find(before.revoked.begin(), before.revoked.end(), key) != before.revoked.end()) continue;
      say(fmt::format("失効: {}（理由「{}」、リスト第{}版・{}件のログまでは有効）", key.kid, key.reason,
                      key.last_good_ver.value(), key.last_good_size.value()),
          fmt::format("revoked: {} ({}); good up to list version {} and log size {}", key.kid, key.reason,
                      key.last_good_ver.value(), key.last_good_size.value()));
    }
    for (const RetiredKey& key : before.retired) {
      const bool kept = std::find(next.retired.begin(), next.retired.end(), key) != next.retired.end();
      if (!kept) say("引退の記載を外す: " + key.kid, "takes away the word that retired " + key.kid);
    }
    for (const RevokedKey& key : before.revoked) {
      const bool kept = std::find(next.revoked.begin(), next.revoked.end(), key) != next.revoked.end();
      if (!kept) say("失効の記載を外す: " + key.kid, "takes away the word that revoked " + key.kid);
    }
  }

  std::vector<Words> words() && { return std::move(words_); }

 private:
  std::vector<Words> words_;
};

}  // namespace

std::vector<Words> differences(const KeySet& before, const KeySet& next) {
  Differences all;
  all.number("版", "version", before.ver.value(), next.ver.value());
  if (before.iss != next.iss) {
    all.say("名義: " + before.iss + " → " + next.iss, "issuer: " + before.iss + " becomes " + next.iss);
  }
  all.say("有効期限: " + before.exp.iso() + " → " + next.exp.iso(),
          "expiry: " + before.exp.iso() + " becomes " + next.exp.iso());
  all.compare("ルート鍵", "root key", roots(before), roots(next));
  all.number("必要なルート鍵の数", "root threshold", before.root_threshold, next.root_threshold);
  all.compare("リストの署名鍵（jwt）", "list key (jwt)", kids_of_role(before, KeyRole::jwt),
              kids_of_role(next, KeyRole::jwt));
  all.compare("ログの署名鍵（log）", "log key", kids_of_role(before, KeyRole::log), kids_of_role(next, KeyRole::log));
  all.compare("Atomの署名鍵（atom）", "Atom key", kids_of_role(before, KeyRole::atom),
              kids_of_role(next, KeyRole::atom));
  for (const AtomKey& key : next.atom) {
    const bool known =
        std::any_of(before.atom.begin(), before.atom.end(), [&](const AtomKey& k) { return k.kid == key.kid; });
    const bool same = std::find(before.atom.begin(), before.atom.end(), key) != before.atom.end();
    if (known && !same) all.say("証明書が替わる: " + key.kid, "another certificate: " + key.kid);
  }
  all.compare("証人", "witness", witnesses(before), witnesses(next));
  all.number("必要な証人の数", "witness quorum", before.witness_quorum, next.witness_quorum);
  all.past(before, next);
  return std::move(all).words();
}

}  // namespace ismap::feed
