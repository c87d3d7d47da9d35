#pragma once

#include "registry/canonical_json.h"
#include "server/edge/http.h"
#include "server/office/office.h"

namespace ismap::server {

/// {"seq", "seqs", "list_ver"} of what was recorded and published.
registry::Json recorded_json(const Recorded& recorded);

/// What was recorded and could not be published: 503 that names the event.
Response recorded_only(const Recorded& recorded, bool english);

}  // namespace ismap::server
