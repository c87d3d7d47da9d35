#pragma once

#include "server/routes.h"

/// Four-eyes over HTTP: what waits for a second person, its confirmation and rejection, and what is set. For the
/// operator, the committee and the ministries; to everybody else it is refused, whether there is such a proposal or
/// not.
namespace ismap::server {

/// GET /v1/proposals?state=open|confirmed|rejected|expired|all (default: open): {"items", "total"}, oldest first.
registry::Result<Response> list_proposals(const Call& call);
/// GET /v1/proposals/{id}. Errors: 403, 404.
registry::Result<Response> one_proposal(const Call& call);
/// POST /v1/proposals/{id}/confirmation {["reason": {"ja"}]}: the act is done, and answered as acts are; of settings
/// 201
/// {"settings"}. Errors: 403 (the same person; a role that may not do the act), 404, 409 (no longer open), 412
/// (If-Match names another state of the service), those of the act.
registry::Result<Response> confirm_proposal(const Call& call);
/// POST /v1/proposals/{id}/rejection {"reason": {"ja"}} → 200 with the proposal. Errors: 403, 404, 409, 422.
registry::Result<Response> reject_proposal(const Call& call);

/// GET /v1/settings: {"four_eyes": […]}. Errors: 403.
registry::Result<Response> show_settings(const Call& call);
/// POST /local/settings {"four_eyes": […], "reason": {"ja"}} → 200 {"settings"}; 202 {"proposal"} where two persons
/// change them. Errors: 403, 409 (a change to the same; another proposal is open), 422.
registry::Result<Response> local_change_settings(const Call& call);

}  // namespace ismap::server
