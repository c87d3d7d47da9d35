#include "server/openapi/manual.h"

#include "server/openapi/document.h"

namespace ismap::server {

namespace openapi {

Manual::Manual(std::string_view iss)
    : json_(document(iss)),
      octets_(std::make_shared<const feed::Document>(feed::kJsonMedia, registry::canonical(json_))) {}

registry::Error no_manual() {
  return {registry::Code::not_found, "", "", "このサーバーにはAPIの文書がありません",
          "this server has no document of its API"};
}

}  // namespace openapi

registry::Result<Response> openapi_document(const Call& call) {
  if (call.context.manual == nullptr) return openapi::no_manual();
  return answer(call.request, call.context.manual->octets(), call.route.caching);
}

}  // namespace ismap::server
