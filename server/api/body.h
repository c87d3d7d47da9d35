#pragma once

#include <optional>

#include "registry/canonical_json.h"
#include "registry/replays.h"
#include "registry/result.h"
#include "server/routes.h"

/// What a request brings besides its URL.
namespace ismap::server {

/// The JSON of a request's body. Errors: malformed (not JSON, or not said to be application/json).
registry::Result<registry::Json> read_body(const Request& request);

/// Likewise where a body may be left out: an empty object then.
registry::Result<registry::Json> read_optional_body(const Request& request);

/// The refusal of a request that must carry an Idempotency-Key and has none.
registry::Error no_request_key();

/// The Idempotency-Key of a request with its scope and fingerprint; nothing when it has none.
/// Errors: malformed (more than one, empty, over 255 bytes, not visible ASCII).
registry::Result<std::optional<registry::RequestKey>> request_key(const Call& call);

}  // namespace ismap::server
