#include "registry/rules/hand_over.h"

#include "registry/rules/common.h"

namespace ismap::registry::rules {

namespace {

/// The service and the day on which an interval may be opened.
Result<std::pair<Service, Day>> opening(const Situation& situation, const Command& command) {
  Result<Service> service = standing(situation, command);
  if (!service.ok()) return service.errors();
  Result<Day> effective = effective_day(situation, command);
  if (!effective.ok()) return effective.errors();
  if (*effective < service->items.registered_on) {
    return refusal(Code::invalid, "/effective", "11.5(4)", "登録日より前の日です", "lies before the registration");
  }
  return std::pair{std::move(*service), *effective};
}

}  // namespace

Result<std::vector<Draft>> suspend_at_hand_over(const Situation& situation, const Command& command) {
  auto found = opening(situation, command);
  if (!found.ok()) return found.errors();
  auto& [service, since] = *found;
  service.suspensions.push_back(Suspension{situation.next, *command.article, since, std::nullopt});
  return drafted(situation, command, EventKind::suspended, since, service);
}

Result<std::vector<Draft>> start_re_audit_at_hand_over(const Situation& situation, const Command& command) {
  auto found = opening(situation, command);
  if (!found.ok()) return found.errors();
  auto& [service, since] = *found;
  service.re_audits.push_back(ReAudit{situation.next, *command.article, since, std::nullopt});
  return drafted(situation, command, EventKind::re_audit_started, since, service);
}

}  // namespace ismap::registry::rules
