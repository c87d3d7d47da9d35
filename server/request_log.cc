#include "server/request_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "registry/canonical_json.h"

namespace ismap::server {

using registry::Json;

namespace {

constexpr int kFirstRefusal = 400;

/// As JSON; what is not UTF-8 is replaced. null when there is nothing to say.
std::string json_text(std::string_view value) {
  return value.empty() ? "null" : Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string_view logged_method(std::string_view method) {
  constexpr std::array<std::string_view, 7> kKnown{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  const auto* const found = std::find(kKnown.begin(), kKnown.end(), method);
  return found == kKnown.end() ? "other" : *found;
}

bool is_logged(const AnswerRecord& record) {
  constexpr int kTooMany = 429;
  if (record.status == kTooMany && record.token.empty()) return false;  // a flood does not fill the log
  return record.for_callers || record.status >= kFirstRefusal;
}

std::string log_members(const AnswerRecord& record) {
  std::string out = fmt::format(R"("event":"answered","method":{},"route":{},"status":{},"ms":{:.1f})",
                                json_text(record.method), json_text(record.route), record.status, record.milliseconds);
  out += fmt::format(R"(,"token":{},"address":{})", json_text(record.token), json_text(record.address));
  if (record.local_user) out += fmt::format(R"(,"user":{})", *record.local_user);
  return out;
}

}  // namespace ismap::server
