#pragma once

#include <optional>

#include "server/problem.h"
#include "server/routes.h"

namespace ismap::server {

/// Counts a request for this route against its address; the refusal when there were too many. Counted is what searches
/// the tables, but not what this machine asks itself with no proxy before it. What is for callers is counted by
/// admit(): by its token when that holds, else by its address, so that nobody's failures keep a neighbour out.
/// Documents of the generation, pages and static files are reads of memory: to limit those is for the server before
/// this one. Nobody is counted at the local socket.
std::optional<Problem> count_request(const Context& context, const Route& route, const Request& request,
                                     const std::string& address);

/// Fills in who calls from `address`, where the route asks for it; what keeps the call from being made. A token that
/// does not hold is refused with 401, and when that goes on with 429; one that holds is always let in, as often as a
/// token may come.
std::optional<Problem> admit(Call& call, const std::string& address);

}  // namespace ismap::server
