#pragma once

#include <set>
#include <string>
#include <string_view>

#include "registry/canonical_json.h"
#include "server/openapi/operation.h"
#include "server/routes.h"

/// The OpenAPI document, made from the table of routes and the tables beside it. Source: OpenAPI Specification 3.1.
namespace ismap::server::openapi {

/// The whole document. Routes of the local socket are not in it. `iss`: "https://HOST" of the key set; "": unknown.
/// REQUIRES: every route that it describes has its operation, and every parameter its row (a test says so).
registry::Json document(std::string_view iss);

/// The statuses of the refusals that an operation can come to, its own and those of every route of its kind.
std::set<int> refusals(const Route& route, const Operation& operation);

/// Whether the document describes the route.
bool is_described(const Route& route);

/// The path of a route in the document: a capture of what follows is `{path}` there.
std::string documented_path(std::string_view pattern);

/// What a method is called there: "get".
std::string method_member(std::string_view method);

}  // namespace ismap::server::openapi
