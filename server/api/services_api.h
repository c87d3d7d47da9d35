#pragma once

#include "server/routes.h"

/// The queries of the public: the list, one service, its history (design §7).
namespace ismap::server {

/// GET /v1/services: `{items: [{record…, seq}], total, list_ver, tree_size, next?}`, and Link rel=next (RFC 8288).
registry::Result<Response> list_services(const Call& call);
/// GET /v1/services/{id}: the record and `seq`, ETag = leaf hash. With as_of or known_at: the state at these times and
/// what is derived from it. A removed service answers with its removal.
/// Errors: not_found for an unknown id, and for a time at which nothing was known to hold; it names the first day.
registry::Result<Response> one_service(const Call& call);
/// GET /v1/services/{id}/history: `{id, events: [leaf…], total}`, oldest first, each leaf in its exact octets.
registry::Result<Response> service_history(const Call& call);

}  // namespace ismap::server
