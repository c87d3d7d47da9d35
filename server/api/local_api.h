#pragma once

#include "server/routes.h"

/// What the command line asks of a running server over the local socket; the role is asserted, the user is recorded.
namespace ismap::server {

/// POST /local/import[?dry_run=true], body: the list → 200 with the report (its errors are part of it).
registry::Result<Response> local_import(const Call& call);
/// POST /local/export {"out": absolute path} → 200 with what was written.
registry::Result<Response> local_export(const Call& call);
/// POST /local/backups {"out": path} → 201 {"at"}: enters in the ledger that the command line makes a copy there.
registry::Result<Response> local_note_backup(const Call& call);
/// POST /local/tokens {"role", "organisation", "person", "services", "days"} → 201 with the secret, once.
registry::Result<Response> local_issue_token(const Call& call);
/// GET /local/tokens → 200
registry::Result<Response> local_tokens(const Call& call);
/// POST /local/tokens/{id}/rotation, body as POST /v1/tokens/rotation → 201 with the new secret, once.
registry::Result<Response> local_rotate_token(const Call& call);
/// DELETE /local/tokens/{id} → 200
registry::Result<Response> local_revoke_token(const Call& call);

/// POST /local/keys, body: a signed draft of the next key set → 200 {"list_ver", "seqs"}; 202 {"proposal"} where
/// four-eyes covers keys
registry::Result<Response> local_install_keys(const Call& call);

}  // namespace ismap::server
