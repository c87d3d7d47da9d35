#pragma once

#include "server/routes.h"

/// Filings over HTTP, the registrant's side (design: shapes): drafted, tried, submitted, followed.
namespace ismap::server {

/// POST /v1/filings → 201, Location. With dry_run=true nothing is kept: 200 with what the list would show.
/// Errors: 403, 404 (another's service), 409, 422.
registry::Result<Response> create_filing(const Call& call);
/// GET /v1/filings: one's own, or all for those who act for the scheme; oldest first, in pages.
registry::Result<Response> list_filings(const Call& call);
/// GET /v1/filings/{id}: where it stands. Errors: 404, also for another's.
registry::Result<Response> one_filing(const Call& call);
/// PATCH /v1/filings/{id}, If-Match: a merge patch of a draft → 200. Errors: 403, 404, 409, 412, 422, 428.
registry::Result<Response> amend_filing(const Call& call);
/// DELETE /v1/filings/{id}: withdraws a draft → 200. Errors: 403, 404, 409 (it was submitted).
registry::Result<Response> withdraw_filing(const Call& call);
/// POST /v1/filings/{id}/submission, Idempotency-Key → 202 with the receipt; a repeated request gets the same answer.
/// Errors: 400, 403, 404, 409, 412, 422, 428.
registry::Result<Response> submit_filing(const Call& call);
/// GET /v1/filings/{id}/diff: what the list would show of it, or what it changed; for the offices also the lifts that
/// it asks for. Errors: 404, and those of a decision.
registry::Result<Response> filing_diff(const Call& call);

/// The filing of the path, if the caller may know of it. Errors: 404.
registry::Result<registry::Filing> visible_filing(const Call& call);

}  // namespace ismap::server
