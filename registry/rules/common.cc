#include "registry/rules/common.h"

#include <array>
#include <utility>

namespace ismap::registry::rules {

namespace {

/// 附則: the days from which each edition of the rules is in force.
constexpr std::array<std::string_view, 6> kEditions{"2022-11-01", "2023-05-11", "2023-07-03",
                                                    "2023-09-22", "2023-11-10", "2024-03-01"};

}  // namespace

Error refusal(Code code, std::string pointer, std::string article, std::string ja, std::string en) {
  return Error{code, std::move(pointer), std::move(article), std::move(ja), std::move(en)};
}

const Json& current(const Situation& situation) { return situation.history.back().record; }

Result<Service> standing(const Situation& situation, const Command& command) {
  const std::string& id = command.service.value();
  if (situation.history.empty()) {
    return refusal(Code::not_found, "/service", "11.1", "登録番号 " + id + " のサービスは登録されていません",
                   "no service has the registration number " + id);
  }
  Result<Service> service = stored_service(current(situation));
  if (!service.ok()) return service;
  if (service->state == State::removed) {
    const Removal& removal = *service->removal;
    return refusal(Code::conflict, "/service", removal.article.value(),
                   id + " は " + removal.on.iso() + " に " + removal.article.value() +
                       " により削除されています。削除された登録は訂正（correct）のほかでは変わりません",
                   id + " was removed on " + removal.on.iso() + " under " + removal.article.value() +
                       "; a removed registration changes only by a correction");
  }
  return service;
}

Result<Day> effective_day(const Situation& situation, const Command& command) {
  const Day day = command.effective.value_or(situation.today);
  if (day > situation.today) {
    return refusal(Code::invalid, "/effective", "",
                   day.iso() + " は将来の日です。将来の行為は公表しません。当日に行ってください",
                   day.iso() + " lies in the future: a public act is done on its day");
  }
  const auto edition = rules_edition(day);
  if (!edition) {
    return refusal(Code::invalid, "/effective", "S2022-11-01.1", day.iso() + " は規則の施行（2022-11-01）より前です",
                   day.iso() + " lies before the rules came into force (2022-11-01)");
  }
  if (!command.at_hand_over && *edition != kEditions.back()) {
    return refusal(Code::invalid, "/effective", "S2024-03-01.1",
                   day.iso() + " は現行規則の施行（2024-03-01）より前です。過去の登録は取込みで記録してください",
                   day.iso() + " lies before the present edition (2024-03-01): older facts come by import");
  }
  return day;
}

std::optional<std::string> rules_edition(Day day) {
  const std::string text = day.iso();
  std::optional<std::string> found;
  for (const std::string_view edition : kEditions) {
    if (text >= edition) found = std::string(edition);
  }
  return found;
}

Result<Done> in_order(const Situation& situation, Day effective, const Json& after) {
  if (situation.history.empty()) return Done{};
  const std::vector<FieldChange> mine = differences(current(situation), after);
  Json before;
  for (const Event& event : situation.history) {
    if (event.effective > effective) {
      for (const FieldChange& theirs : changes_of(event, before)) {
        for (const FieldChange& change : mine) {
          if (!same_item(theirs, change)) continue;
          return refusal(Code::conflict, "/effective", "",
                         event.effective.iso() + " からの変更（事象 " + std::to_string(event.seq.value()) +
                             "）が同じ項目について先に記録されています。訂正（correct）を使ってください",
                         "event " + std::to_string(event.seq.value()) + ", effective " + event.effective.iso() +
                             ", already settled the same item for a later day: use correct");
        }
      }
    }
    before = event.record;
  }
  return Done{};
}

Result<std::vector<Draft>> drafted(const Situation& situation, const Command& command, EventKind kind, Day effective,
                                   const Service& after) {
  Draft draft;
  draft.kind = kind;
  draft.article = command.article;
  draft.effective = effective;
  draft.record = to_json(after);
  draft.receipt = command.receipt;
  Result<Service> checked = parse_service(draft.record);
  if (!checked.ok()) return checked.errors();
  Result<Done> order = in_order(situation, effective, draft.record);
  if (!order.ok()) return order.errors();
  return std::vector<Draft>{std::move(draft)};
}

Json patched(const Json& record, const Json& patch) {
  if (!patch.is_object()) return patch;
  Json result = record.is_object() ? record : Json::object();
  for (const auto& [name, value] : patch.items()) {
    if (name == "en" && value.is_null()) {
      result.erase(name);
    } else {
      result[name] = patched(result.value(name, Json(nullptr)), value);
    }
  }
  return result;
}

}  // namespace ismap::registry::rules
