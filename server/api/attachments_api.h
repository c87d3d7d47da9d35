#pragma once

#include <cstddef>

#include "server/edge/body_place.h"
#include "server/routes.h"

/// Attachments of a filing over HTTP: its registrant adds and removes them while it is a draft, its parties read them.
/// Nobody else learns that they are there.
namespace ismap::server {

/// Where the file of a POST goes, if it may be sent at all: everything is checked that needs no file.
/// Errors: 403, 404, 409 (no draft; not with an Idempotency-Key, whose request may have been answered before), 411,
/// 413, 415, 422 at /name.
BodyPlace place_attachment(const Call& call, std::size_t content_length);

/// POST /v1/filings/{id}/attachments?name=…, the file as body → 201, Location; 200 for what is attached already, or a
/// repeated Idempotency-Key. Errors: those of place_attachment; 415 by the content; 422 (empty; a key used otherwise).
registry::Result<Response> add_attachment(const Call& call);
/// GET /v1/filings/{id}/attachments → {"items": […]}. Errors: 404.
registry::Result<Response> list_attachments(const Call& call);
/// GET /v1/filings/{id}/attachments/{number} → the file, to be saved and not shown. Errors: 404; 500 when it is
/// damaged.
registry::Result<Response> one_attachment(const Call& call);
/// DELETE /v1/filings/{id}/attachments/{number} → 200 with the list that is left. Errors: 403, 404, 409 (no draft).
registry::Result<Response> remove_attachment(const Call& call);

}  // namespace ismap::server
