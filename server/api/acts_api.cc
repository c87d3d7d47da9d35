#include "server/api/acts_api.h"

#include "server/api/act_answer.h"
#include "server/api/body.h"
#include "server/api/looked_at.h"
#include "server/auth.h"
#include "server/office/office.h"

namespace ismap::server {

using registry::Code;
using registry::Error;
using registry::Json;
using registry::Result;

Result<Response> act_on_service(const Call& call) {
  const registry::ServiceId service{call.captures.front()};
  if (!concerns(*call.caller, service)) {
    return Error{Code::not_found, "/service", "", "この登録番号のサービスはありません", "there is no such service"};
  }
  Result<Json> body = read_body(call.request);
  if (!body.ok()) return body.errors();
  Result<std::optional<registry::RequestKey>> key = request_key(call);
  if (!key.ok()) return key.errors();
  const auto looked_at = services_looked_at(call.request);
  if (!looked_at.ok()) return looked_at.errors();
  auto recorded = call.context.office->act(service, call.caller->actor, *body, *key, call.request.reading, *looked_at);
  if (!recorded.ok()) return refused_as_moved(call, recorded.errors(), service, *looked_at, nullptr);
  return act_answer(*recorded, prefers_english(call.request));
}

}  // namespace ismap::server
