#pragma once

#include "server/routes.h"

/// Cases and deadlines over HTTP: for the offices all of them, for a registrant what it is told of its own services'.
/// To everybody else there are none. None of it is public.
namespace ismap::server {

/// GET /v1/cases?service=&procedure=&state=open|closed&limit=&cursor=: {"items", "next": URL or null}.
registry::Result<Response> list_cases(const Call& call);
/// POST /v1/cases → 201, Location; 200 for a repeated Idempotency-Key. Errors: 403, 404 (another's service), 409, 422.
registry::Result<Response> open_case(const Call& call);
/// GET /v1/cases/{id}. Errors: 404, also for another's.
registry::Result<Response> one_case(const Call& call);
/// POST /v1/cases/{id}/steps → 201; 200 for a repeated Idempotency-Key. Errors: as open_case.
registry::Result<Response> step_in_case(const Call& call);
/// POST /v1/cases/{id}/steps/{number}/destruction {"ground": "公文書管理法 8", "reason": {"ja"}} → 200 with the case,
/// whose step says texts_destroyed. By the operator alone. Errors: 403, 404, 409 (gone already), 422.
registry::Result<Response> destroy_texts(const Call& call);
/// GET /v1/deadlines?service=&role=&overdue=true&until=DAY and /v1/deadlines.ics, with the same parameters: by due day.
/// JSON, or iCalendar where the path or `Accept: text/calendar` asks for it.
registry::Result<Response> list_deadlines(const Call& call);

}  // namespace ismap::server
