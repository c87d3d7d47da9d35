#include "server/problem.h"

#include <fmt/format.h>

#include "server/problem_types.h"

namespace ismap::server {

using registry::Code;
using registry::Errors;
using registry::Json;

Json reason_json(const registry::Error& reason) {
  Json out = {{"pointer", reason.pointer}, {"detail", {{"ja", reason.ja}, {"en", reason.en}}}, {"article", nullptr}};
  if (!reason.article.empty()) out["article"] = reason.article;
  return out;
}

Json reasons_json(const Errors& reasons) {
  Json out = Json::array();
  for (const registry::Error& reason : reasons) out.push_back(reason_json(reason));
  return out;
}

int status_of(Code code) {
  switch (code) {
    case Code::malformed:
      return 400;
    case Code::forbidden:
      return 403;
    case Code::not_found:
      return 404;
    case Code::conflict:
    case Code::in_progress:
      return 409;
    case Code::stale:
      return 412;
    case Code::unlooked:
      return 428;
    case Code::too_large:
      return 413;
    case Code::unsupported:
      return 415;
    case Code::invalid:
      return 422;
    case Code::unavailable:
      return 503;
    case Code::corrupt:
      return 500;
  }
  return 500;
}

Problem problem_of(Errors reasons) {
  const int status = reasons.empty() ? 500 : status_of(reasons.front().code);
  const bool comes_again = !reasons.empty() && reasons.front().code == Code::in_progress;
  Problem out{status, std::move(reasons), {}, Json::object()};
  if (comes_again) out.headers.add("Retry-After", "1");
  return out;
}

Problem problem_of(int status, std::string ja, std::string en) {
  return Problem{status, {{Code::malformed, "", "", std::move(ja), std::move(en)}}, {}, Json::object()};
}

std::string_view title_of(int status, bool english) {
  const ProblemType& type = problem_type_of(status);
  return english ? type.en : type.ja;
}

Json to_json(const Problem& problem, bool english) {
  Json out = {{"type", fmt::format("/problems/{}", problem_type_of(problem.status).slug)},
              {"title", title_of(problem.status, english)},
              {"status", problem.status},
              {"errors", reasons_json(problem.reasons)}};
  out.update(problem.more);
  if (!problem.reasons.empty()) out["detail"] = english ? problem.reasons.front().en : problem.reasons.front().ja;
  return out;
}

Response to_response(const Problem& problem, bool english) {
  // A reason may quote what a client sent; bytes that are not UTF-8 must not end in an exception here.
  std::string body = to_json(problem, english).dump(-1, ' ', false, Json::error_handler_t::replace);
  Response out = response(problem.status, "application/problem+json", std::move(body));
  out.headers.add("Content-Language", english ? "en" : "ja");
  out.headers.add("Cache-Control", "no-store");
  for (const auto& field : problem.headers.all()) out.headers.add(field.first, field.second);
  return out;
}

registry::Error invalid_member(std::string pointer, std::string ja, std::string en) {
  return {Code::invalid, std::move(pointer), "", std::move(ja), std::move(en)};
}

registry::Error bad_parameter(std::string_view name, std::string ja, std::string en) {
  return {Code::malformed, "/" + registry::pointer_token(name), "", std::move(ja), std::move(en)};
}

}  // namespace ismap::server
