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

std::optional<Caller> local_caller(const Request& request) {
  const auto asserted = request.headers.get("ISMAP-Role");
  const auto role = registry::role_of(asserted.value_or("operator"));
  if (!role) return std::nullopt;
  return Caller{local_actor(*role, *request.local_user), {}};
}

bool sees_everything(Role role) {
  return role == Role::operator_ || role == Role::committee || role == Role::ministries;
}

}  // namespace

registry::Result<std::optional<Caller>> identify(const Request& request, const Office& office) {
  if (request.local_user) return local_caller(request);
  constexpr std::string_view kScheme = "Bearer ";
  if (request.headers.count("Authorization") != 1) return std::optional<Caller>();
  const std::string_view value = *request.headers.get("Authorization");
  if (value.size() <= kScheme.size() || !equal_without_case(value.substr(0, kScheme.size()), kScheme))
    return std::optional<Caller>();
  const auto token = office.holder_of(trimmed(value.substr(kScheme.size())));
  if (!token.ok()) return token.errors();
  if (!token->has_value()) return std::optional<Caller>();
  Caller caller{(*token)->holder, (*token)->services};
  caller.actor.token = (*token)->id.value();
  caller.actor.from = request.peer;
  return std::optional<Caller>(std::move(caller));
}

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
