#pragma once

#include "feed/verify/site.h"
#include "server/command/options.h"

namespace ismap::server {

/// Verifies a publication or a filed document, prints one line a check, and names the first failure by its code.
/// Exit: 0 good, 1 refused, 2 usage, 3 unreachable, 4 expired: then nothing is known, above all not that something is
/// not registered.
int run_verify(const VerifyOptions& options);

/// The exit code of a verification's ending.
int exit_of(feed::verify::Ending ending);
/// Prints what a verification found and gives its exit code.
int print_report(const feed::verify::Report& report, bool as_json);

}  // namespace ismap::server
