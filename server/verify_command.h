#pragma once

#include "server/options.h"

namespace ismap::server {

/// Verifies a publication or a filed document, prints one line a check, and names the first failure by its code.
/// Exit: 0 good, 1 refused, 2 usage, 3 unreachable, 4 expired: then nothing is known, above all not that something is
/// not registered.
int run_verify(const VerifyOptions& options);

}  // namespace ismap::server
