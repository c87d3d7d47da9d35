#include "server/identity.h"

#include <array>
#include <utility>

namespace ismap::server {

using registry::Result;

Result<Identity> LocalSocket::identify(const Request& request) const {
  if (!request.local_user) return Identity{NothingShown{}};
  const auto role = registry::role_of(request.headers.get("ISMAP-Role").value_or("operator"));
  if (!role) return Identity{DoesNotHold{}};
  return Identity{Caller{local_actor(*role, *request.local_user), {}}};
}

Result<Identity> BearerTokens::identify(const Request& request) const {
  constexpr std::string_view kScheme = "Bearer ";
  const std::size_t given = request.headers.count("Authorization");
  if (given == 0) return Identity{NothingShown{}};
  if (given > 1) return Identity{DoesNotHold{}};
  const std::string_view value = *request.headers.get("Authorization");
  if (value.size() <= kScheme.size() || !equal_without_case(value.substr(0, kScheme.size()), kScheme)) {
    return Identity{NothingShown{}};
  }
  const auto token = office_.holder_of(trimmed(value.substr(kScheme.size())));
  if (!token.ok()) return token.errors();
  if (!token->has_value()) return Identity{DoesNotHold{}};
  Caller caller{(*token)->holder, (*token)->services};
  caller.actor.token = (*token)->id.value();
  return Identity{std::move(caller)};
}

Result<Identity> identify(const Request& request, const Office& office) {
  const LocalSocket at_the_machine;
  const BearerTokens bearer(office);
  const std::array<const IdentitySource*, 2> sources{&at_the_machine, &bearer};
  for (const IdentitySource* source : sources) {
    Result<Identity> identity = source->identify(request);
    if (!identity.ok() || !std::holds_alternative<NothingShown>(*identity)) return identity;
  }
  return Identity{NothingShown{}};
}

}  // namespace ismap::server
