#include "registry/settings.h"

#include <array>
#include <optional>
#include <utility>

#include "registry/ledger.h"
#include "registry/tables.h"

namespace ismap::registry {

namespace {

constexpr std::string_view kFourEyesKey = "four_eyes";

constexpr std::array<std::pair<FourEyes, std::string_view>, 3> kFourEyesNames{
    {{FourEyes::suspend, "suspend"}, {FourEyes::remove, "remove"}, {FourEyes::key, "key"}}};

std::optional<FourEyes> four_eyes_named(const Json& name) {
  for (const auto& [act, text] : kFourEyesNames) {
    if (name == text) return act;
  }
  return std::nullopt;
}

Error no_four_eyes() {
  return {Code::invalid, "/four_eyes", "", "four_eyes は suspend remove key からなる配列です",
          "four_eyes is an array of suspend, remove and key"};
}

}  // namespace

std::string_view name_of(FourEyes act) {
  for (const auto& [known, text] : kFourEyesNames) {
    if (known == act) return text;
  }
  return {};
}

Json to_json(const Settings& settings) {
  Json names = Json::array();
  for (const FourEyes act : settings.four_eyes) names.push_back(name_of(act));
  return Json{{kFourEyesKey, std::move(names)}};
}

Result<Settings> read_settings(const Json& stated) {
  if (!stated.is_object() || !stated.contains(kFourEyesKey)) return no_four_eyes();
  Errors errors;
  for (const auto& [name, value] : stated.items()) {
    if (name == kFourEyesKey) continue;
    errors.push_back(
        {Code::invalid, "/" + pointer_token(name), "", "知らない項目です: " + name, "unknown member: " + name});
  }
  Settings settings;
  const Json& names = stated.at(kFourEyesKey);
  bool good = names.is_array();
  for (const Json& name : good ? names : Json::array()) {
    const auto act = four_eyes_named(name);
    if (act) settings.four_eyes.insert(*act);
    good = good && act.has_value();
  }
  if (!good) errors.push_back(no_four_eyes());
  if (!errors.empty()) return errors;
  return settings;
}

namespace settings {

Settings get(const lmdb::ReadTxn& txn) {
  const auto stored = txn.get(tables::kSettings, kFourEyesKey);
  if (!stored) return {};
  return read_settings(Json{{kFourEyesKey, Json::parse(*stored)}}).value();
}

Result<Done> put(lmdb::WriteTxn& txn, const Change& change, Instant now) {
  const Settings before = get(txn);
  if (before == change.to) {
    return Error{Code::conflict, "/four_eyes", "", "設定は既にそのとおりです", "the settings are so already"};
  }
  const Json after = to_json(change.to);
  txn.put(tables::kSettings, kFourEyesKey, canonical(after.at(kFourEyesKey)));
  Json entry{{"act", "settings"}, {"actor", to_json(change.actor)}, {"after", after}, {"article", nullptr},
             {"at", now.iso()},   {"before", to_json(before)}};
  if (!change.proposal.is_null()) entry["proposal"] = change.proposal;
  Json payload{{"reason", change.reason}};
  if (!change.confirmation.empty()) payload["confirmation"] = change.confirmation;
  ledger::append(txn, std::move(entry), payload);
  return Done{};
}

}  // namespace settings

}  // namespace ismap::registry
