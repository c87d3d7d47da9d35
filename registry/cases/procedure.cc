#include "registry/cases/procedure.h"

#include "registry/rules/common.h"

namespace ismap::registry {

const std::vector<StepRule>& steps_of(Procedure procedure) {
  switch (procedure) {
    case Procedure::incident:
      return incident_steps();
    case Procedure::notification:
      return notification_steps();
    case Procedure::monitoring:
      return monitoring_steps();
    case Procedure::re_audit:
      return re_audit_steps();
    case Procedure::renewal:
      return renewal_steps();
    case Procedure::re_application:
      return re_application_steps();
    case Procedure::withdrawal:
      return withdrawal_steps();
    case Procedure::removal:
      return removal_steps();
    case Procedure::agencies:
      return agencies_steps();
    case Procedure::objection:
      return objection_steps();
  }
  return objection_steps();
}

bool outlives_removal(Procedure procedure) {
  return procedure == Procedure::removal || procedure == Procedure::agencies || procedure == Procedure::objection ||
         procedure == Procedure::re_application;
}

const StepRule* find_rule(Procedure procedure, std::string_view name, std::string_view article) {
  for (const StepRule& rule : steps_of(procedure)) {
    if (rule.name == name && rule.article == article) return &rule;
  }
  return nullptr;
}

bool is_among(const Step& step, std::string_view names) {
  while (!names.empty()) {
    const std::size_t bar = names.find('|');
    const std::string_view one = names.substr(0, bar);
    const std::size_t at = one.find('@');
    const bool article_fits = at == std::string_view::npos || one.substr(at + 1) == step.article.value();
    if (one.substr(0, at) == step.name && article_fits) return true;
    if (bar == std::string_view::npos) break;
    names.remove_prefix(bar + 1);
  }
  return false;
}

bool has_any(const Case& of, std::string_view names) {
  for (const Step& step : of.steps) {
    if (is_among(step, names)) return true;
  }
  return false;
}

std::optional<Error> while_suspended(const Case& of, const Step& step) {
  if (open_intervals(of).empty()) return std::nullopt;
  return rules::refusal(Code::conflict, "/step", step.article.value(),
                        "この事案による一時停止が続いています。解除又は訂正の後に終わります",
                        "a suspension of this case is open: it ends with the lift or a correction");
}

}  // namespace ismap::registry
