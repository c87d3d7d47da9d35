#pragma once

#include "server/routes.h"

/// Handlers of what is there already: documents of the generation, files of the program, the state of the machine.
namespace ismap::server {

/// The document of the generation at this very path. Errors: not_found.
registry::Result<Response> published(const Call& call);
/// Evidence on a service, of now or, with `as_of` or `known_at`, of a past day (formats: List and evidence).
/// Errors: not_found; invalid for a time that is not published yet; unavailable once the generation has expired.
registry::Result<Response> evidence(const Call& call);
/// A file of static/ that the program carries. Errors: not_found.
registry::Result<Response> static_file(const Call& call);
/// 200 while the program runs.
registry::Result<Response> healthy(const Call& call);
/// 200 while what is published stays valid for more than half of its life. Errors: unavailable.
registry::Result<Response> ready(const Call& call);

}  // namespace ismap::server
