#include "server/admission.h"

#include <string_view>
#include <utility>

#include "server/api/services_api.h"
#include "server/edge/gate.h"
#include "server/identity.h"

namespace ismap::server {

namespace {

Problem who_are_you() {
  Problem out = problem_of(401, "有効なトークンを Authorization: Bearer で送ってください",
                           "send a valid token as Authorization: Bearer");
  out.headers.add("WWW-Authenticate", "Bearer realm=\"ismap-liu\"");
  return out;
}

Problem only_reading() { return problem_of(503, "このサーバーは読取り専用です", "this server only reads"); }

/// Whether answering it searches the tables. A record as it stands is a document of the generation.
bool searches_tables(const Route& route, const Request& request) {
  if (route.handler == one_service) return !request.query.empty();
  return route.handler == list_services || route.handler == service_history;
}

/// Whether nobody but this machine itself asks, with no proxy before it.
bool is_this_machine(std::string_view address) { return address.starts_with("127.") || address == "::1"; }

}  // namespace

std::optional<Problem> count_request(const Context& context, const Route& route, const Request& request,
                                     const std::string& address) {
  if (context.gate == nullptr || request.local_user) return std::nullopt;
  const bool asked_here = is_this_machine(address) && !request.headers.has("X-Forwarded-For");
  if (route.right != Right::everyone || !searches_tables(route, request) || asked_here) return std::nullopt;
  return context.gate->count_address(address);
}

std::optional<Problem> admit(Call& call, const std::string& address) {
  if (call.route.right == Right::everyone) return std::nullopt;
  const Context& context = call.context;
  if (context.office == nullptr) return only_reading();
  registry::Result<Identity> identity = identify(call.request, *context.office);
  if (!identity.ok()) return problem_of(identity.errors());
  if (std::holds_alternative<DoesNotHold>(*identity) && context.gate != nullptr && !call.request.local_user) {
    if (auto wait = context.gate->count_failure(address)) return wait;
  }
  auto* const caller = std::get_if<Caller>(&*identity);
  if (caller == nullptr) {
    auto wait = context.gate != nullptr && !call.request.local_user ? context.gate->count_address(address)
                                                                    : std::optional<Problem>();
    return wait ? wait : who_are_you();
  }
  call.caller = std::move(*caller);
  registry::Actor& actor = call.caller->actor;
  if (!actor.local_user) actor.from = address;
  if (context.gate == nullptr || actor.token.empty()) return std::nullopt;
  return context.gate->count_token(actor.token);
}

}  // namespace ismap::server
