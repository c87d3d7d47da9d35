#pragma once

#include "server/routes.h"

/// The audit trail over HTTP: for the operator, and without texts for an auditor. To everybody else it is refused.
namespace ismap::server {

/// GET /v1/audit?since=&until=&act=&role=&organisation=&token=&service=&case=&filing=&event=&from=&to=&order=&limit=
/// &cursor=&texts=: {"items", "next": URL or null, "head": {"number", "sha256"}}. since and until are days (JST) or
/// instants, both included. texts=true is the operator's alone, and is an entry of the ledger itself ("audit-read").
/// Errors: 403; 422 for a parameter that cannot be read.
registry::Result<Response> query_audit(const Call& call);
/// GET /v1/audit.jsonl?from=&to=: the entries as they are stored, one a line, at most 10,000; where there are more,
/// Link rel=next. Errors: 403; 422.
registry::Result<Response> audit_lines(const Call& call);

}  // namespace ismap::server
