#pragma once

#include "server/routes.h"

/// The operator's side of filings over HTTP: what waits, and what is said to it.
namespace ismap::server {

/// GET /v1/queue: filings that wait, each with its due day, its effect on the list and the lifts that it asks for.
/// Errors: 403 unless the operator.
registry::Result<Response> operators_queue(const Call& call);
/// POST /v1/filings/{id}/decision → 200 with the seq, after publication; the same for a repeated Idempotency-Key.
/// Errors: 403, 404, 409, 412, 422, 428; 503 with the seq.
registry::Result<Response> decide_filing(const Call& call);
/// POST /v1/filings/{id}/inquiry → 201: asks about a filing under 13.4 or 9.4. Errors: 403, 404, 409, 422.
registry::Result<Response> inquire_filing(const Call& call);

}  // namespace ismap::server
