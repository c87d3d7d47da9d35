#include "registry/rules/correction.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "registry/rules/common.h"
#include "registry/rules/intervals.h"

namespace ismap::registry::rules {

namespace {

constexpr std::array<std::pair<EventKind, Act>, 11> kActOfEvent{{
    {EventKind::registered, Act::register_service},
    {EventKind::renewed, Act::renew},
    {EventKind::renewal_filed, Act::file_renewal},
    {EventKind::renewal_closed, Act::close_renewal},
    {EventKind::changed, Act::change},
    {EventKind::usage_updated, Act::usage},
    {EventKind::suspended, Act::suspend},
    {EventKind::reinstated, Act::reinstate},
    {EventKind::re_audit_started, Act::start_re_audit},
    {EventKind::re_audit_ended, Act::end_re_audit},
    {EventKind::removed, Act::remove},
}};

const Event* find(const std::vector<Event>& history, Seq seq) {
  const auto at = std::find_if(history.begin(), history.end(), [&](const Event& e) { return e.seq == seq; });
  return at == history.end() ? nullptr : &*at;
}

/// The act at the root of a chain of corrections.
const Event& first_act(const std::vector<Event>& history, const Event& event) {
  const Event* at = &event;
  while (at->kind == EventKind::corrected) at = find(history, *at->corrects);
  return *at;
}

/// The role that the corrected act needed. What the register did by itself (12.1) is the operator's to mend.
Result<Done> role_fits(const Command& command, const Event& act) {
  if (act.article && act.article->value() == "12.1" && act.kind == EventKind::removed) {
    if (command.actor.role == Role::operator_) return Done{};
    return refusal(Code::forbidden, "/role", "12.1", "自動削除の訂正は operator が行います",
                   "the correction of an automatic removal belongs to the operator");
  }
  const auto found =
      std::find_if(kActOfEvent.begin(), kActOfEvent.end(), [&](const auto& pair) { return pair.first == act.kind; });
  const bool ended_by_removal = act.kind == EventKind::renewal_closed && act.article &&
                                act.article->value().starts_with("18.2(") && act.article->value() != "18.2(3)";
  return may(command.actor.role, ended_by_removal ? Act::remove : found->second, act.article);
}

/// Top-level members of the record that a correction of `target` may change.
std::set<std::string> open_members(const std::vector<Event>& history, const Event& target) {
  std::set<std::string> names;
  Json before;
  for (const Event& event : history) {
    if (event.seq == target.seq) {
      for (const FieldChange& change : changes_of(event, before)) {
        if (!change.path.empty()) names.insert(change.path.front());
      }
      if (before.is_null()) {
        for (const auto& [name, value] : event.record.items()) names.insert(name);
        for (const char* fixed : {"id", "state", "suspensions", "re_audits", "renewals", "removal"}) names.erase(fixed);
      }
    }
    before = event.record;
  }
  if (target.kind == EventKind::removed) names.insert("renewals");
  return names;
}

Errors outside(const Json& changes, const std::set<std::string>& open, Seq seq) {
  Errors errors;
  for (const auto& [name, value] : changes.items()) {
    if (open.contains(name)) continue;
    errors.push_back(
        refusal(Code::invalid, "/changes/" + pointer_token(name), "",
                "事象 " + std::to_string(seq.value()) + " は " + name + " を変えていません。訂正できません",
                "event " + std::to_string(seq.value()) + " did not change " + name));
  }
  return errors;
}

/// An interval without an opening is opened by the correction itself.
Json with_openings(Json changes, Seq next) {
  for (const char* name : {"suspensions", "re_audits", "renewals"}) {
    if (!changes.contains(name) || !changes.at(name).is_array()) continue;
    for (Json& interval : changes[name]) {
      if (!interval.is_object()) continue;
      if (!interval.contains("opening") || interval.at("opening").is_null()) interval["opening"] = next.value();
    }
  }
  return changes;
}

/// The part of `normal` that `patch` names: the same changes in the form in which the record keeps them.
Json projected(const Json& patch, const Json& normal) {
  if (!patch.is_object() || !normal.is_object()) return normal;
  Json out = Json::object();
  for (const auto& [name, value] : patch.items()) {
    out[name] = normal.contains(name) ? projected(value, normal.at(name)) : Json(nullptr);
  }
  return out;
}

Result<Day> day_of(const Situation& situation, const Command& command, const Event& target) {
  const Day day = command.effective.value_or(target.effective);
  if (day < target.effective || day > situation.today) {
    return refusal(Code::invalid, "/effective", "",
                   "訂正の効力は、訂正する事象の日（" + target.effective.iso() + "）から今日までの日に限ります",
                   "a correction holds from the corrected event's day (" + target.effective.iso() + ") to today");
  }
  return day;
}

/// 12.1: a renewal application that a correction brings was received by the expiry.
Errors filed_too_late(const Service& service) {
  Errors errors;
  for (std::size_t i = 0; i < service.renewals.size(); ++i) {
    if (service.renewals[i].filed_on <= service.items.expires_on) continue;
    errors.push_back(refusal(Code::invalid, "/renewals/" + std::to_string(i) + "/filed_on", "12.1",
                             "更新の申請は有効期限（" + service.items.expires_on.iso() + "）までです",
                             "a renewal is applied for by the expiry (" + service.items.expires_on.iso() + ")"));
  }
  return errors;
}

/// The corrected event and the record once it stands in its place among the others.
Result<Draft> placed(const Situation& situation, const Command& command, const Correct& doing, const Event& target,
                     Day effective) {
  const Json wanted = with_openings(doing.changes, situation.next);
  Result<Service> normal = parse_service(patched(current(situation), wanted));
  if (!normal.ok()) return normal.errors();
  Event event;
  event.kind = EventKind::corrected;
  event.corrects = target.seq;
  event.changes = projected(wanted, to_json(*normal));
  event.effective = effective;
  event.seq = situation.next;
  event.recorded_at = situation.history.back().recorded_at;
  std::vector<Event> all = situation.history;
  all.push_back(event);
  const Day last_day = std::max_element(all.begin(), all.end(), [](const Event& a, const Event& b) {
                         return a.effective < b.effective;
                       })->effective;
  Draft draft;
  draft.kind = event.kind;
  draft.effective = effective;
  draft.corrects = target.seq;
  draft.changes = event.changes;
  draft.receipt = command.receipt;
  draft.record = state_as_of(all, last_day, event.recorded_at);
  Result<Service> after = parse_service(draft.record);
  if (!after.ok()) return after.errors();
  Errors unsound = check_intervals(*after);
  if (doing.changes.contains("renewals")) append(unsound, filed_too_late(*after));
  if (!unsound.empty()) return unsound;
  return draft;
}

}  // namespace

Result<std::vector<Draft>> correct(const Situation& situation, const Command& command, const Correct& doing) {
  const Event* target = find(situation.history, doing.seq);
  if (target == nullptr) {
    return refusal(Code::not_found, "/seq", "",
                   command.service.value() + " の事象 " + std::to_string(doing.seq.value()) + " はありません",
                   "there is no event " + std::to_string(doing.seq.value()) + " of " + command.service.value());
  }
  Result<Done> role = role_fits(command, first_act(situation.history, *target));
  if (!role.ok()) return role.errors();
  Result<Done> cited = cites_basis(command);
  if (!cited.ok()) return cited.errors();
  Result<Day> effective = day_of(situation, command, *target);
  if (!effective.ok()) return effective.errors();
  if (!doing.changes.is_object() || doing.changes.empty()) {
    return refusal(Code::invalid, "/changes", "", "訂正する内容がありません", "there is nothing to correct");
  }
  Errors errors = outside(doing.changes, open_members(situation.history, *target), doing.seq);
  if (!errors.empty()) return errors;
  Result<Draft> draft = placed(situation, command, doing, *target, *effective);
  if (!draft.ok()) {
    errors = draft.errors();
    for (Error& e : errors) e.pointer = "/changes" + e.pointer;
    return errors;
  }
  return std::vector<Draft>{std::move(*draft)};
}

}  // namespace ismap::registry::rules
