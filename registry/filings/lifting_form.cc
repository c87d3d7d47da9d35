#include "registry/filings/lifting_form.h"

#include <algorithm>
#include <utility>

namespace ismap::registry {

namespace {

bool go_together(const Case& one, const Case& other) {
  const auto names = [](const Case& of, const CaseId& id) {
    return std::find(of.links.begin(), of.links.end(), id) != of.links.end();
  };
  return names(one, other.id) || names(other, one.id);
}

/// The same filing as the step of 13.9.
StepWish as_conditions_met(const StepWish& made, const CaseId& re_audit) {
  StepWish wish = made;
  wish.rule = find_rule(Procedure::incident, "conditions-met", "13.9");
  wish.step.name = std::string(wish.rule->name);
  wish.step.article = Article{std::string(wish.rule->article)};
  wish.step.facts = Json::object();
  wish.links = {re_audit};
  Json texts = made.payload.is_object() ? made.payload.value("texts", Json::object()) : Json::object();
  if (!texts.contains("measures") && texts.contains("contents")) texts["measures"] = texts.at("contents");
  texts.erase("contents");
  if (wish.payload.is_object()) wish.payload["texts"] = std::move(texts);
  return wish;
}

}  // namespace

Result<Done> file_for_lifting_too(lmdb::WriteTxn& txn, const Case& re_audit, const StepWish& made,
                                  const CaseSettings& settings) {
  if (made.step.article != Article{"16.6"}) return Done{};
  const Result<std::vector<Case>> known = cases::of_service(txn, re_audit.service);
  if (!known.ok()) return known.errors();
  for (const Case& incident : *known) {
    if (incident.procedure != Procedure::incident || incident.ended || !go_together(incident, re_audit)) continue;
    StepWish wish = as_conditions_met(made, re_audit.id);
    wish.step.filing.reset();  // it rests on itself; a basis is looked for among what is received already
    auto admitted = cases::admit(txn, {Procedure::incident, incident.service, incident.id}, wish, settings);
    if (!admitted.ok()) continue;  // no 13.7 is open there
    wish.step.filing = made.step.filing;
    cases::take(txn, std::move(admitted->so_far), wish);
  }
  return Done{};
}

}  // namespace ismap::registry
