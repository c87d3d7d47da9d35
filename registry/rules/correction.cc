#include "registry/rules/correction.h"

#include <algorithm>
#include <string>
#include <utility>

#include "registry/as_of.h"
#include "registry/rules/common.h"
#include "registry/rules/correction_intervals.h"
#include "registry/rules/correction_scope.h"
#include "registry/rules/intervals.h"

namespace ismap::registry::rules {

namespace {

const Event* find_corrected(const std::vector<Event>& history, Seq seq) {
  const auto at = std::find_if(history.begin(), history.end(), [&](const Event& e) { return e.seq == seq; });
  return at == history.end() ? nullptr : &*at;
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

Result<Day> correction_day(const Situation& situation, const Command& command, const Event& target) {
  const Day day = command.effective.value_or(target.effective);
  if (day < target.effective || day > situation.today) {
    return refusal(Code::invalid, "/effective", "",
                   "訂正の効力は、訂正する事象の日（" + target.effective.iso() + "）から今日までの日に限ります",
                   "a correction holds from the corrected event's day (" + target.effective.iso() + ") to today");
  }
  return day;
}

/// The same refusals, of what stands under /changes.
Errors within_changes(Errors errors) {
  for (Error& e : errors) e.pointer = "/changes" + e.pointer;
  return errors;
}

/// The event of a correction and its place among the others.
struct Placed {
  Event event;
  std::vector<Event> all;  ///< the history, and the event
};

Placed placed(const Situation& situation, Seq corrects, Day effective, Json changes) {
  Placed out;
  out.event.kind = EventKind::corrected;
  out.event.corrects = corrects;
  out.event.changes = std::move(changes);
  out.event.effective = effective;
  out.event.seq = situation.next;
  out.event.recorded_at = situation.history.back().recorded_at;
  out.all = situation.history;
  out.all.push_back(out.event);
  return out;
}

/// The record once every event holds.
Json standing_record(const Placed& placed) {
  const auto last = std::max_element(placed.all.begin(), placed.all.end(),
                                     [](const Event& a, const Event& b) { return a.effective < b.effective; });
  return state_as_of(placed.all, last->effective, placed.event.recorded_at);
}

/// What holds from the day of the correction on is what held before: the fold adds it as the last of that day.
bool changes_nothing(const Situation& situation, const Placed& placed) {
  const Event& event = placed.event;
  return state_as_of(placed.all, event.effective, event.recorded_at) ==
         state_as_of(situation.history, event.effective, event.recorded_at);
}

/// What is wrong with the record that a correction leads to.
Errors unsound_record(const CorrectionGround& ground, const Json& changes, const Service& after) {
  Errors errors = within_changes(check_intervals(after));
  if (changes.contains("renewals")) append(errors, beyond_renewals(after));
  if (changes.contains("renewals") || changes.contains("expires_on")) {
    append(errors, expiry_against_renewals(ground, after));
  }
  if (errors.empty()) append(errors, revived_against_expiry(ground, after));
  return errors;
}

/// The draft of a correction whose role, day and members are right.
Result<Draft> corrected_draft(const CorrectionGround& ground, const Command& command, const Json& changes,
                              Day effective) {
  const Situation& situation = ground.situation;
  const Json patch = with_openings(changes, situation.next);
  Result<Service> normal = parse_service(patched(current(situation), patch));
  if (!normal.ok()) return within_changes(normal.errors());
  const Json wanted = to_json(*normal);
  const Placed correction = placed(situation, ground.target.seq, effective, projected(patch, wanted));
  Errors errors = beyond_removal(ground, changes, wanted);
  append(errors, beyond_intervals(ground, correction.event, wanted));
  if (!errors.empty()) return errors;
  Draft draft;
  draft.kind = correction.event.kind;
  draft.effective = effective;
  draft.corrects = ground.target.seq;
  draft.changes = correction.event.changes;
  draft.receipt = command.receipt;
  draft.record = standing_record(correction);
  Result<Service> after = parse_service(draft.record);
  if (!after.ok()) return within_changes(after.errors());
  errors = unsound_record(ground, changes, *after);
  if (!errors.empty()) return errors;
  if (changes_nothing(situation, correction)) {
    return refusal(Code::conflict, "/changes", "", "訂正しても何も変わりません", "the correction would change nothing");
  }
  return draft;
}

}  // namespace

Result<std::vector<Draft>> correct(const Situation& situation, const Command& command, const Correct& doing) {
  const Event* target = find_corrected(situation.history, doing.seq);
  if (target == nullptr) {
    return refusal(Code::not_found, "/seq", "",
                   command.service.value() + " の事象 " + std::to_string(doing.seq.value()) + " はありません",
                   "there is no event " + std::to_string(doing.seq.value()) + " of " + command.service.value());
  }
  const CorrectionGround ground = correction_ground(situation, *target, command.actor.role);
  Result<Done> role = role_corrects(ground);
  if (!role.ok()) return role.errors();
  Result<Done> cited = cites_basis(command);
  if (!cited.ok()) return cited.errors();
  Result<Day> effective = correction_day(situation, command, *target);
  if (!effective.ok()) return effective.errors();
  if (!doing.changes.is_object() || doing.changes.empty()) {
    return refusal(Code::invalid, "/changes", "", "訂正する内容がありません", "there is nothing to correct");
  }
  Errors errors = beyond_members(ground, doing.changes);
  if (!errors.empty()) return errors;
  Result<Draft> draft = corrected_draft(ground, command, doing.changes, *effective);
  if (!draft.ok()) return draft.errors();
  return std::vector<Draft>{std::move(*draft)};
}

}  // namespace ismap::registry::rules
