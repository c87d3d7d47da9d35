#pragma once

#include "server/routes.h"

/// What a token may do with itself. Who has none, at the local socket, is told the command for it.
namespace ismap::server {

/// GET /v1/token → 200: the caller's own token, without its secret; `last_used_at` is the use before this one.
/// Errors: not_found at the local socket, where no token speaks.
registry::Result<Response> own_token(const Call& call);

/// POST /v1/tokens/rotation, body {"overlap_hours"} or none → 201 with the new secret, once. Not to be repeated: who
/// did not get the answer asks with the old token whom it was replaced by, and has the operator issue a new one.
/// Errors: invalid; conflict when it was replaced before, and at the local socket.
registry::Result<Response> rotate_own_token(const Call& call);

}  // namespace ismap::server
