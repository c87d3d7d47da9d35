#pragma once

#include <string>

#include "feed/key_change.h"
#include "registry/canonical_json.h"
#include "registry/time.h"

namespace ismap::server {

/// `key list` as JSON: {"ver", "exp", "roots": {"threshold", "keys"}, "keys": [{"role", "kid", "since", "state",
/// "from"}], "witnesses", "retired", "revoked"}. `state` is signing, waiting (until `from` it may not sign) or replaced
/// (from `from` on it may be retired).
registry::Json key_report(const feed::KeyGround& ground, registry::Instant now);
/// That report for people.
std::string key_report_text(const registry::Json& report);

}  // namespace ismap::server
