#pragma once

#include "registry/canonical_json.h"
#include "registry/command.h"
#include "registry/result.h"

namespace ismap::registry {

/// What an application for renewal says at once of what 12.3 asks and of the next audit period, whoever brings it:
/// optional "auditor_told", and "audit_from" with "audit_to". Errors: invalid, every wrong member. Article: 12.1, 12.3
Result<FileRenewal> read_renewal_application(const Json& request);

}  // namespace ismap::registry
