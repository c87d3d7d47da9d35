#include "registry/rules/correction_scope.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "registry/as_of.h"
#include "registry/rules/common.h"

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

/// The act at the root of a chain of corrections. REQUIRES: what a correction names is in the history.
const Event& first_act(const std::vector<Event>& history, const Event& event) {
  const Event* at = &event;
  while (at->kind == EventKind::corrected) {
    const Seq named = *at->corrects;
    at = &*std::find_if(history.begin(), history.end(), [&](const Event& e) { return e.seq == named; });
  }
  return *at;
}

/// Top-level members of the record that a correction of the target may change.
std::set<std::string> open_members(const CorrectionGround& ground) {
  std::set<std::string> names;
  const Json before = record_before(ground.situation, ground.target.seq);
  for (const FieldChange& change : changes_of(ground.target, before)) {
    if (!change.path.empty()) names.insert(change.path.front());
  }
  if (before.is_null()) {
    for (const auto& [name, value] : ground.target.record.items()) names.insert(name);
    for (const char* fixed : {"id", "state", "suspensions", "re_audits", "renewals", "removal"}) names.erase(fixed);
  }
  if (ground.target.kind == EventKind::removed) names.insert("renewals");
  return names;
}

bool automatic_removal(const Event& root) {
  return root.kind == EventKind::removed && root.article && root.article->value() == "12.1";
}

/// The removal that holds, or, named by the correction that took it back, the one that held last.
bool removal_in_force(const CorrectionGround& ground) {
  const bool stands = current(ground.situation).at("state") == "removed";
  if (!stands && ground.target.kind == EventKind::removed) return false;
  const std::vector<Event>& history = ground.situation.history;
  const auto last =
      std::find_if(history.rbegin(), history.rend(), [](const Event& e) { return e.kind == EventKind::removed; });
  return last != history.rend() && last->seq == ground.root.seq;
}

Error not_changed(Seq target, const std::string& name) {
  const std::string number = std::to_string(target.value());
  return refusal(Code::invalid, "/changes/" + pointer_token(name), "",
                 "事象 " + number + " は " + name + " を変えていません。訂正できません",
                 "event " + number + " did not change " + name);
}

}  // namespace

CorrectionGround correction_ground(const Situation& situation, const Event& target, Role role) {
  return CorrectionGround{situation, target, first_act(situation.history, target), role};
}

Json record_before(const Situation& situation, Seq seq) {
  Json before;
  for (const Event& event : situation.history) {
    if (event.seq == seq) break;
    before = event.record;
  }
  return before;
}

Result<Done> role_corrects(const CorrectionGround& ground) {
  const Event& act = ground.root;
  if (automatic_removal(act)) {
    if (ground.role == Role::operator_) return Done{};
    return refusal(Code::forbidden, "/role", "12.1", "自動削除の訂正は operator が行います",
                   "the correction of an automatic removal belongs to the operator");
  }
  const auto found =
      std::find_if(kActOfEvent.begin(), kActOfEvent.end(), [&](const auto& pair) { return pair.first == act.kind; });
  const bool ended_by_removal = act.kind == EventKind::renewal_closed && act.article &&
                                act.article->value().starts_with("18.2(") && act.article->value() != "18.2(3)";
  return may(ground.role, ended_by_removal ? Act::remove : found->second, act.article);
}

Errors beyond_members(const CorrectionGround& ground, const Json& changes) {
  const std::set<std::string> open = open_members(ground);
  Errors errors;
  for (const auto& [name, value] : changes.items()) {
    if (!open.contains(name)) errors.push_back(not_changed(ground.target.seq, name));
  }
  return errors;
}

Errors beyond_removal(const CorrectionGround& ground, const Json& changes, const Json& wanted) {
  if (!changes.contains("state") && !changes.contains("removal")) return {};
  if (!removal_in_force(ground)) {
    return {refusal(Code::conflict, "/seq", ground.root.article ? ground.root.article->value() : "",
                    "この削除は、いま効力を持つ削除ではありません", "this removal is not the one that is in force")};
  }
  const Json& removal = wanted.at("removal");
  if (removal.is_null()) return {};
  const Json& before = current(ground.situation).at("removal");
  Errors errors;
  const std::string article = removal.at("article").get<std::string>();
  if (before.is_null() || before.at("article") != article) {
    Result<Done> allowed = may(ground.role, Act::remove, Article{article});
    if (!allowed.ok()) append(errors, allowed.errors());
    for (Error& e : errors) e.pointer = "/changes/removal/article";
  }
  const std::string on = removal.at("on").get<std::string>();
  if ((before.is_null() || before.at("on") != on) && on > ground.situation.today.iso()) {
    errors.push_back(refusal(Code::invalid, "/changes/removal/on", article, on + " はまだ来ていない日です",
                             on + " is a day that is still to come"));
  }
  if (article == "12.1" && (before.is_null() || before.at("on") != on)) {
    const Day lapsed = Day::parse(wanted.at("expires_on").get<std::string>()).value().plus(1);
    if (on != lapsed.iso()) {
      errors.push_back(refusal(Code::invalid, "/changes/removal/on", "12.1",
                               "12.1の削除は有効期限の翌日（" + lapsed.iso() + "）です",
                               "a removal under 12.1 is of the day after the expiry, " + lapsed.iso()));
    }
  }
  return errors;
}

Errors revived_against_expiry(const CorrectionGround& ground, const Service& after) {
  const bool revived = current(ground.situation).at("state") == "removed" && after.state == State::registered;
  if (!revived || !automatic_removal(ground.root)) return {};
  const Day expiry = after.items.expires_on;
  const bool in_time = std::any_of(after.renewals.begin(), after.renewals.end(),
                                   [&](const Renewal& r) { return !r.decided && r.filed_on <= expiry; });
  if (in_time || expiry >= ground.situation.today) return {};
  return {refusal(Code::invalid, "/changes/renewals", "12.1",
                  "有効期限（" + expiry.iso() +
                      "）は過ぎています。期限までに受け付けた審査中の更新の申請がなければ、登録は効力を持ちません",
                  "the expiry (" + expiry.iso() +
                      ") has passed: without an undecided application that was received by then the registration "
                      "does not stand")};
}

Errors expiry_against_renewals(const CorrectionGround& ground, const Service& after) {
  const Day expiry = after.items.expires_on;
  const auto refused = [](std::string ja, std::string en) -> Errors {
    return {refusal(Code::invalid, "/changes/expires_on", "11.5(5)", std::move(ja), std::move(en))};
  };
  for (const Renewal& renewal : after.renewals) {
    if (!renewal.decided || renewal.decided->result != RenewalResult::renewed || renewal.decided->on < expiry) continue;
    return refused("有効期限は更新の日（" + renewal.decided->on.iso() + "）より後です",
                   "the expiry lies after the renewal of " + renewal.decided->on.iso());
  }
  const bool undecided =
      std::any_of(after.renewals.begin(), after.renewals.end(), [](const Renewal& r) { return !r.decided; });
  if (ground.root.kind != EventKind::renewed || !undecided) return {};
  const std::string old = record_before(ground.situation, ground.root.seq).at("expires_on").get<std::string>();
  if (old == expiry.iso()) return {};
  return refused("更新を取り消すときは、更新前の有効期限（" + old + "）に戻します",
                 "a renewal that is taken back gives back the expiry before it, " + old);
}

}  // namespace ismap::registry::rules
