#pragma once

#include "server/routes.h"

/// Filings over HTTP (design: shapes): the registrant drafts and submits, the operator decides.
namespace ismap::server {

/// POST /v1/filings → 201, Location. Errors: 403, 404 (another's service), 409, 422.
registry::Result<Response> create_filing(const Call& call);
/// GET /v1/filings: one's own, or all for those who act for the scheme.
registry::Result<Response> list_filings(const Call& call);
/// GET /v1/filings/{id}. Errors: 404, also for another's.
registry::Result<Response> one_filing(const Call& call);
/// DELETE /v1/filings/{id}: withdraws a draft → 200. Errors: 403, 404, 409 (it was submitted).
registry::Result<Response> withdraw_filing(const Call& call);
/// POST /v1/filings/{id}/submission, Idempotency-Key → 202 with the receipt; a repeated request gets the same answer.
registry::Result<Response> submit_filing(const Call& call);
/// POST /v1/filings/{id}/decision → 200 with the seq, after publication; the same for a repeated Idempotency-Key.
/// Errors: 403, 404, 409, 422; 503 with the seq.
registry::Result<Response> decide_filing(const Call& call);
/// POST /v1/services/{id}/acts → 201 with the seq, after publication; 200 for a repeated Idempotency-Key.
registry::Result<Response> act_on_service(const Call& call);

}  // namespace ismap::server
