#include "server/command/key_report.h"

#include <fmt/format.h>

namespace ismap::server {

using feed::KeyRole;
using registry::Instant;
using registry::Json;

namespace {

Json of_key(const feed::KeyGround& ground, const feed::KeyAges& ages, KeyRole role, const std::string& kid,
            Instant now) {
  const feed::KeySince& since = ages.at(kid);
  Json out{{"role", feed::name_of(role)}, {"kid", kid}, {"since", since.at.iso()}, {"from", nullptr}};
  const auto order = feed::signing_order(ground.present(), role, ages, ground.at(now));
  if (order.front() == kid) {
    out["state"] = "signing";
  } else if (!feed::may_sign_now(since, ground.at(now))) {
    out["state"] = "waiting";
    out["from"] = feed::may_sign_from(since, ground.list_life_seconds).iso();
  } else {
    out["state"] = "replaced";
    const auto from = feed::may_retire_from(ground, kid, now);
    if (from.ok()) out["from"] = from->iso();
  }
  return out;
}

Json past_keys(const feed::KeySet& set, Json& revoked) {
  Json retired = Json::array();
  for (const feed::RetiredKey& key : set.retired) {
    retired.push_back({{"kid", key.kid}, {"from", key.from.iso()}, {"to", key.to.iso()}});
  }
  for (const feed::RevokedKey& key : set.revoked) {
    revoked.push_back({{"kid", key.kid}, {"at", key.at.iso()}, {"reason", key.reason}});
  }
  return retired;
}

}  // namespace

Json key_report(const feed::KeyGround& ground, Instant now) {
  const feed::KeySet& set = ground.present();
  const feed::KeyAges ages = feed::ages_of(ground.versions);
  Json keys = Json::array();
  for (const KeyRole role : {KeyRole::jwt, KeyRole::log, KeyRole::atom}) {
    for (const std::string& kid : feed::kids_of(set, role)) keys.push_back(of_key(ground, ages, role, kid, now));
  }
  Json roots = Json::array();
  for (const Json& jwk : set.roots) roots.push_back(jwk.at("kid"));
  Json witnesses = Json::array();
  for (const feed::VerifierKey& key : set.witnesses) witnesses.push_back(feed::to_string(key));
  Json revoked = Json::array();
  Json retired = past_keys(set, revoked);
  return Json{{"ver", set.ver.value()},
              {"exp", set.exp.iso()},
              {"roots", {{"threshold", set.root_threshold}, {"keys", std::move(roots)}}},
              {"keys", std::move(keys)},
              {"witnesses", {{"quorum", set.witness_quorum}, {"keys", std::move(witnesses)}}},
              {"retired", std::move(retired)},
              {"revoked", std::move(revoked)}};
}

std::string key_report_text(const Json& report) {
  const auto text = [](const Json& object, const char* name) { return object.at(name).get<std::string>(); };
  std::string out = fmt::format("key set {}, until {}\n", report.at("ver").dump(), text(report, "exp"));
  for (const Json& kid : report.at("roots").at("keys")) {
    out += fmt::format("root  {}  {} of {}\n", kid.get<std::string>(), report.at("roots").at("threshold").dump(),
                       report.at("roots").at("keys").size());
  }
  for (const Json& key : report.at("keys")) {
    out += fmt::format("{:<4}  {}  {}", text(key, "role"), text(key, "kid"), text(key, "state"));
    const char* what = key.at("state") == "waiting" ? "signs from" : "may be retired from";
    out += key.at("from").is_null() ? "\n" : fmt::format(", {} {}\n", what, text(key, "from"));
  }
  for (const Json& line : report.at("witnesses").at("keys")) {
    out += fmt::format("witness  {}  quorum {}\n", line.get<std::string>(), report.at("witnesses").at("quorum").dump());
  }
  for (const Json& key : report.at("retired")) {
    out += fmt::format("retired  {}  {} to {}\n", text(key, "kid"), text(key, "from"), text(key, "to"));
  }
  for (const Json& key : report.at("revoked")) {
    out += fmt::format("revoked  {}  {}  {}\n", text(key, "kid"), text(key, "at"), text(key, "reason"));
  }
  return out;
}

}  // namespace ismap::server
