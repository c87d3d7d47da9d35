#pragma once

#include "server/routes.h"

/// Acts over HTTP.
namespace ismap::server {

/// POST /v1/services/{id}/acts → 201 with the seq, after publication; 200 for a repeated Idempotency-Key; 202 with the
/// proposal where four-eyes covers the act.
/// Errors: 403, 404, 409, 412, 422; 503 with the seq.
registry::Result<Response> act_on_service(const Call& call);

}  // namespace ismap::server
