#pragma once

#include "server/command/key_options.h"

namespace ismap::server {

/// `ismap-liu key …`: the halves of a key ceremony. Drafts are made beside a running server, which reads the folder
/// only; `install` is done by the server that owns it. Returns an exit code of options.h.
int run_key(const KeyOptions& options);

}  // namespace ismap::server
