#pragma once

#include <string>

#include "registry/acts.h"
#include "registry/canonical_json.h"
#include "registry/result.h"
#include "server/office/office.h"

/// What the command line can have done, by a running server or by itself: a JSON answer either way.
namespace ismap::server::tasks {

registry::Result<registry::Json> import(Office& office, const registry::Actor& actor, std::string_view file,
                                        bool dry_run);
/// `request`: {"out": absolute path}; the answer: {"ver", "tree_size", "written", "kept"}.
registry::Result<registry::Json> export_site(Office& office, const registry::Json& request);
/// `request`: {"role", "organisation", "person", "services": [], "days"}; the answer has the secret as "token".
registry::Result<registry::Json> issue_token(Office& office, const registry::Actor& by, const registry::Json& request);
/// Each with "last_used_at" and "last_used_from".
registry::Result<registry::Json> tokens(Office& office);
/// `request`: {"overlap_hours"}, from 0 to 168, which may be left out (24); the answer:
/// {"id", "token", "expires_at", "replaces": {"id", "valid_until"}}.
/// Errors: as registry::tokens::rotate; conflict when `id` is empty, since no token speaks.
registry::Result<registry::Json> rotate_token(Office& office, const registry::Actor& by, const std::string& id,
                                              const registry::Json& request);
/// `request`: {"out": absolute path} of the copy; the answer: {"at"}.
registry::Result<registry::Json> note_backup(Office& office, const registry::Actor& by, const registry::Json& request);
registry::Result<registry::Json> revoke_token(Office& office, const registry::Actor& by, const std::string& id);

/// `draft`: a key set that enough root keys signed (feed/key_ceremony.h).
registry::Result<registry::Json> install_keys(Office& office, const registry::Actor& actor, std::string_view draft);

}  // namespace ismap::server::tasks
