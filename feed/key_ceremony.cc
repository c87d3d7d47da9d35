#include "feed/key_ceremony.h"

#include <fmt/format.h>

#include <algorithm>

#include "feed/jwt.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Errors;
using registry::Instant;
using registry::Json;
using registry::Result;

constexpr const char* kDraftType = "liu-keys-draft";

Error malformed_draft() {
  return {Code::malformed, "", "", "鍵セットの案（key rotate などの出力）として読めません",
          "not a draft of a key set, as key rotate and its like write it"};
}

std::string document(const std::string& payload, const Json& signatures) {
  return registry::canonical({{"payload", base64url(payload)}, {"signatures", signatures}});
}

/// How many different keys of `roots` signed; each signature is looked at alone.
std::vector<std::string> signers(const Draft& draft, const Json& roots) {
  std::vector<std::string> kids;
  for (const Json& signature : draft.signatures) {
    const auto verified = verify_general_jws(document(draft.payload, Json::array({signature})), roots, kKeySetType, 1);
    if (!verified) continue;
    const std::string& kid = verified->kids.front();
    if (std::find(kids.begin(), kids.end(), kid) == kids.end()) kids.push_back(kid);
  }
  return kids;
}

bool is_root(const KeySet& set, const std::string& kid) {
  return std::any_of(set.roots.begin(), set.roots.end(), [&](const Json& jwk) { return jwk.at("kid") == kid; });
}

/// The roots of both versions, each once.
Json all_roots(const Draft& draft) {
  Json roots = before_of(draft).roots;
  for (const Json& jwk : next_of(draft).roots) {
    if (std::find(roots.begin(), roots.end(), jwk) == roots.end()) roots.push_back(jwk);
  }
  return roots;
}

Error too_few(const char* pointer, std::size_t have, std::size_t needed, std::uint64_t ver) {
  return {Code::invalid, pointer, "",
          fmt::format("第{}版のルート鍵の署名が {} 個あり、{} 個必要です", ver, have, needed),
          fmt::format("{} of the {} root keys that version {} asks for have signed", have, needed, ver)};
}

/// Every key that the next version names and the folder does not hold.
Errors not_in_hand(const KeySet& next, const HeldKeys& held, std::string_view origin) {
  std::vector<std::string> kids;
  for (const auto* keys : {&held.jwt, &held.log, &held.atom}) {
    for (const PrivateKey& key : *keys) kids.push_back(kid_of(key, origin));
  }
  Errors errors;
  for (const KeyRole role : {KeyRole::jwt, KeyRole::log, KeyRole::atom}) {
    for (const std::string& kid : kids_of(next, role)) {
      if (std::find(kids.begin(), kids.end(), kid) != kids.end()) continue;
      errors.push_back({Code::unavailable, "", "", fmt::format("{} 鍵 {} が DIR/keys にありません", name_of(role), kid),
                        fmt::format("the {} key {} is not in DIR/keys", name_of(role), kid)});
    }
  }
  return errors;
}

/// The ages that the keys will have once `next` is the newest version.
KeyAges ages_with(const KeyGround& ground, const Installable& installable, Instant now) {
  std::vector<KeyVersion> versions = ground.versions;
  versions.push_back({installable.document, installable.set, now, registry::next(versions.back().seq)});
  return ages_of(versions);
}

}  // namespace

Draft draft_of(const KeyGround& ground, const KeySet& next) {
  return {ground.versions.back().octets, to_payload(next), Json::array()};
}

std::string to_octets(const Draft& draft) {
  return registry::canonical({{"before", draft.before},
                              {"payload", draft.payload},
                              {"signatures", draft.signatures},
                              {"typ", kDraftType}}) +
         "\n";
}

Result<Draft> parse_draft(std::string_view octets) {
  const auto json = registry::parse_json(octets);
  if (!json || !json->is_object() || json->size() != 4 || json->value("typ", Json()) != kDraftType)
    return malformed_draft();
  for (const char* name : {"before", "payload"}) {
    if (!json->contains(name) || !json->at(name).is_string()) return malformed_draft();
  }
  if (!json->contains("signatures") || !json->at("signatures").is_array()) return malformed_draft();
  Draft draft{json->at("before").get<std::string>(), json->at("payload").get<std::string>(), json->at("signatures")};
  if (to_octets(draft) != octets) return malformed_draft();
  const auto before = open_key_set(draft.before);
  if (!before) return before.errors();
  const auto next = parse_key_set(draft.payload);
  if (!next) return next.errors();
  if (to_payload(*next) != draft.payload) return malformed_draft();
  const Json roots = all_roots(draft);
  for (const Json& signature : draft.signatures) {
    if (!verify_general_jws(document(draft.payload, Json::array({signature})), roots, kKeySetType, 1)) {
      return Error{Code::invalid, "/signatures", "", "案の署名に、誤りか、どのルート鍵のものでもないものがあります",
                   "a signature under the draft is wrong or of no root key"};
    }
  }
  return draft;
}

KeySet before_of(const Draft& draft) { return open_key_set(draft.before).value(); }
KeySet next_of(const Draft& draft) { return parse_key_set(draft.payload).value(); }

Signatures signatures_of(const Draft& draft) {
  const KeySet before = before_of(draft);
  const KeySet next = next_of(draft);
  return {signers(draft, before.roots).size(), before.root_threshold, signers(draft, next.roots).size(),
          next.root_threshold};
}

Result<Done> sign(Draft& draft, const PrivateKey& root) {
  const std::string kid = root.kid();
  if (!is_root(before_of(draft), kid) && !is_root(next_of(draft), kid)) {
    return Error{Code::invalid, "", "", fmt::format("{} はどちらの版のルート鍵でもありません", kid),
                 fmt::format("{} is a root key of neither version", kid)};
  }
  const auto present = signers(draft, all_roots(draft));
  if (std::find(present.begin(), present.end(), kid) != present.end()) return Done{};
  const auto jws = registry::parse_json(general_jws(draft.payload, kKeySetType, {&root, 1}));
  draft.signatures.push_back(jws.value().at("signatures").front());
  return Done{};
}

Result<std::string> document_of(const Draft& draft) {
  const Signatures have = signatures_of(draft);
  const std::uint64_t ver = before_of(draft).ver.value();
  Errors errors;
  if (have.before < have.before_needed) {
    errors.push_back(too_few("/before", have.before, have.before_needed, ver));
  }
  if (have.next < have.next_needed) {
    errors.push_back(too_few("/payload", have.next, have.next_needed, next_of(draft).ver.value()));
  }
  if (!errors.empty()) return errors;
  return document(draft.payload, draft.signatures);
}

Result<Installable> check_install(const KeyGround& ground, const Draft& draft, const HeldKeys& held, Instant now) {
  auto octets = document_of(draft);
  if (!octets) return octets.errors();
  if (*octets == ground.versions.back().octets) {
    return Error{Code::conflict, "", "", "この鍵セットは既に公表されています", "this key set is published already"};
  }
  if (draft.before != ground.versions.back().octets) {
    return Error{
        Code::conflict, "", "",
        fmt::format("いまの鍵セット（第{}版）から作られた案ではありません。key rotate などからやり直してください",
                    ground.present().ver.value()),
        fmt::format("not drafted on the present key set, version {}: begin again with key rotate or its like",
                    ground.present().ver.value())};
  }
  auto set = open_key_set(*octets);
  if (!set) return set.errors();
  const auto allowed = check_change(ground, *set, now);
  if (!allowed) return allowed.errors();
  if (Errors errors = not_in_hand(*set, held, ground.origin); !errors.empty()) return errors;
  Installable installable{std::move(*octets), std::move(*set)};
  const auto signs =
      choose_keys(held, installable.set, ages_with(ground, installable, now), ground.origin, ground.at(now));
  if (!signs) return signs.errors();
  return installable;
}

}  // namespace ismap::feed
