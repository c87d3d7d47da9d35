#include "server/api/body.h"

#include <algorithm>

#include "registry/digest.h"
#include "server/auth.h"

namespace ismap::server {

using registry::Code;
using registry::Error;
using registry::Json;
using registry::RequestKey;
using registry::Result;

Result<Json> read_body(const Request& request) {
  const auto type = request.headers.get("Content-Type").value_or("");
  const std::string_view media = trimmed(type.substr(0, type.find(';')));
  if (!equal_without_case(media, "application/json") && !equal_without_case(media, "application/merge-patch+json")) {
    return Error{Code::unsupported, "", "", "Content-Type: application/json で送ってください",
                 "send Content-Type: application/json"};
  }
  return registry::parse_json(request.body);
}

Result<Json> read_optional_body(const Request& request) {
  if (request.body.empty()) return Json::object();
  return read_body(request);
}

Error no_request_key() {
  return {Code::malformed, "", "", "Idempotency-Keyヘッダーを付けてください。再送しても二重に提出されません",
          "send an Idempotency-Key: then a repeated request is never filed twice"};
}

Result<std::optional<RequestKey>> request_key(const Call& call) {
  const Headers& headers = call.request.headers;
  if (!headers.has("Idempotency-Key")) return std::optional<RequestKey>();
  const std::string key(headers.get("Idempotency-Key").value());
  const bool visible = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (headers.count("Idempotency-Key") != 1 || key.empty() || key.size() > 255 || !visible) {
    return Error{Code::malformed, "", "", "Idempotency-Keyは255字までの空白のないASCIIを一つだけ書いてください",
                 "give one Idempotency-Key of up to 255 visible ASCII characters"};
  }
  std::string asked;
  for (const std::string& capture : call.captures) asked += capture + '\0';
  return std::optional<RequestKey>(RequestKey{call.caller->actor.organisation,
                                              std::string(call.route.method) + " " + std::string(call.route.pattern),
                                              key, registry::sha256(asked + call.request.body)});
}

}  // namespace ismap::server
