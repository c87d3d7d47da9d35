#pragma once

#include <string>

#include "registry/looked_at.h"
#include "server/routes.h"

/// If-Match: what the caller says that it looked at. Source: RFC 9110 §13.1.1, RFC 6585 §3.
namespace ismap::server {

/// The states of a service that If-Match names (the ETags of GET /v1/services/{id}); nothing without the header, or for
/// `*`. Errors: malformed.
registry::Result<registry::LookedAt> services_looked_at(const Request& request);

/// The one ETag that If-Match must name, without quotes. Errors: unlooked without the header; malformed.
registry::Result<std::string> etag_looked_at(const Request& request);

/// The refusal of a request that does not know the present state: 412 or 428 with what differs in "diff" and the
/// present state in "etag"; any other refusal as it is. `filing`: null for an act.
registry::Result<Response> refused_as_moved(const Call& call, registry::Errors errors,
                                            const registry::ServiceId& service, const registry::LookedAt& looked_at,
                                            const registry::Filing* filing);

}  // namespace ismap::server
