#pragma once

#include <string>

#include "registry/acts.h"
#include "registry/canonical_json.h"
#include "registry/command.h"
#include "registry/result.h"
#include "registry/time.h"

namespace ismap::server {

/// Reads the body of POST /v1/services/{id}/acts, and what `ismap-liu act` makes of its options, into a command:
/// {"act", "article", ["effective",] "reason": {"ja"}, "basis": {…}, and the act's own fields}.
/// Errors: invalid, one for each missing, wrong or unknown member, with its pointer; the basis is cited, never judged,
/// but nothing is received after `today`.
registry::Result<registry::Command> read_act(const registry::ServiceId& service, const registry::Actor& actor,
                                             const registry::Json& body, registry::Day today);

/// A reason: {"ja": "…"} with an optional "en". Errors: invalid at /reason.
registry::Result<std::string> read_reason(const registry::Json& body);

}  // namespace ismap::server
