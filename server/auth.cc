#include "server/auth.h"

#include <algorithm>

namespace ismap::server {

using registry::Role;

namespace {

/// Who acts at the machine itself stands for the body whose role is asserted.
std::string organisation_of(Role role) {
  switch (role) {
    case Role::operator_:
      return "ISMAP運用支援機関";
    case Role::committee:
      return "ISMAP運営委員会";
    case Role::ministries:
      return "制度所管省庁";
    default:
      return std::string(registry::name_of(role));
  }
}

bool sees_everything(Role role) {
  return role == Role::operator_ || role == Role::committee || role == Role::ministries;
}

}  // namespace

registry::Actor local_actor(Role role, std::uint32_t user) { return {role, organisation_of(role), user, {}, {}}; }

bool concerns(const Caller& caller, const registry::ServiceId& service) {
  if (sees_everything(caller.actor.role)) return true;
  return std::find(caller.services.begin(), caller.services.end(), service) != caller.services.end();
}

bool concerns(const Caller& caller, const registry::Filing& filing) {
  if (sees_everything(caller.actor.role)) return true;
  return filing.organisation == caller.actor.organisation && concerns(caller, filing.service);
}

}  // namespace ismap::server
