#pragma once

#include "server/routes.h"

/// Pages about the API: its reference, and the kinds of refusal. The path says the language.
namespace ismap::server {

/// GET /reference, /en/reference: every operation and every schema of the document. Errors: not_found, where the server
/// has none.
registry::Result<Response> reference_page(const Call& call);
/// GET /problems, /en/problems: every kind of refusal.
registry::Result<Response> problems_page(const Call& call);
/// GET /problems/{slug}, /en/problems/{slug}: what it means, what to do, which articles may refuse. Errors: not_found.
registry::Result<Response> problem_type_page(const Call& call);

}  // namespace ismap::server
