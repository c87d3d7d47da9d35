#include "registry/service.h"

#include <algorithm>
#include <iterator>

namespace ismap::registry {

bool valid_on(const Service& as_of_day, Day day) {
  const auto& removal = as_of_day.removal;
  if (day < as_of_day.items.registered_on || (removal && removal->on <= day)) return false;
  if (day <= as_of_day.items.expires_on) return true;
  return std::any_of(as_of_day.renewals.begin(), as_of_day.renewals.end(),
                     [&](const Renewal& r) { return r.filed_on <= day && (!r.decided || r.decided->on > day); });
}

std::vector<Suspension> open_suspensions(const Service& service) {
  std::vector<Suspension> open;
  if (service.state == State::removed) return open;
  std::copy_if(service.suspensions.begin(), service.suspensions.end(), std::back_inserter(open),
               [](const Suspension& s) { return !s.lifted; });
  return open;
}

std::vector<ReAudit> open_re_audits(const Service& service) {
  std::vector<ReAudit> open;
  if (service.state == State::removed) return open;
  std::copy_if(service.re_audits.begin(), service.re_audits.end(), std::back_inserter(open),
               [](const ReAudit& r) { return !r.ended; });
  return open;
}

std::optional<Renewal> undecided_renewal(const Service& service) {
  const auto undecided = [](const Renewal& r) { return !r.decided; };
  const auto found = std::find_if(service.renewals.rbegin(), service.renewals.rend(), undecided);
  if (found == service.renewals.rend()) return std::nullopt;
  return *found;
}

}  // namespace ismap::registry
