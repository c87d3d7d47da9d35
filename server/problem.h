#pragma once

#include <string>
#include <string_view>

#include "registry/canonical_json.h"
#include "registry/result.h"
#include "server/edge/http.h"

/// Refusals as people and programs get them. Source: RFC 9457.
namespace ismap::server {

/// A refusal with its HTTP status: every reason, and the header fields that belong to it (Allow, Retry-After).
struct Problem {
  int status = 503;
  registry::Errors reasons;
  Headers headers;
  registry::Json more = registry::Json::object();  ///< extension members (RFC 9457 §3.2)
};

/// The status of a refusal by the register: that of its first reason.
int status_of(registry::Code code);
Problem problem_of(registry::Errors reasons);
/// A refusal of HTTP's own.
Problem problem_of(int status, std::string ja, std::string en);

/// The short name of a status, for people: "見つかりません".
std::string_view title_of(int status, bool english);
/// One reason: `{pointer, article, detail: {ja, en}}`.
registry::Json reason_json(const registry::Error& reason);
/// All of them as an array; of refusals, or of what is worth a look.
registry::Json reasons_json(const registry::Errors& reasons);
/// `{type, title, status, detail, errors: [{pointer, article, detail: {ja, en}}]}`. The type is a reference with a
/// whole path, "/problems/SLUG", to the page that explains it (RFC 9457 §3.1.1).
registry::Json to_json(const Problem& problem, bool english);
/// The problem as application/problem+json; never kept by a cache.
Response to_response(const Problem& problem, bool english);

/// The refusal of a member of a JSON text, where no article asks for it.
registry::Error invalid_member(std::string pointer, std::string ja, std::string en);
/// The refusal of a query parameter; its pointer is the parameter's name ("/limit").
registry::Error bad_parameter(std::string_view name, std::string ja, std::string en);

}  // namespace ismap::server
