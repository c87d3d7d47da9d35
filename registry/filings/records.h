#pragma once

#include <string>
#include <string_view>

#include "registry/filings/effect.h"
#include "registry/filings/preparation.h"

/// What the registrant's and the operator's side of the desk share.
namespace ismap::registry::filings {

/// The entry of the case ledger that says who did what with a filing. `more` is added to it.
void enter_in_ledger(lmdb::WriteTxn& txn, std::string_view act, const Filing& filing, const Actor& who, Instant at,
                     const Json& more, const Json& payload = nullptr);

/// Under which article a filing is accepted: applications by 4.1 and 9.1, the others under their own.
std::string accepting_article(const Filing& filing);

Error already_received(const Filing& filing);
Error was_withdrawn(const Filing& filing);

/// Whether what the filing changes on the list is as its filer saw it, or as the caller says to have looked at it now.
/// Errors: unlooked, with each item; stale. Article: 14.2
Result<Done> may_change_the_list(const lmdb::ReadTxn& txn, const Filing& filing, const LookedAt& looked_at);

/// What the list would show of what was prepared.
Result<Effect> effect_of_prepared(const lmdb::ReadTxn& txn, const Prepared& prepared, Day today);

/// The command that an accepted 2-11 is; without its actor and reason. Article: 14.2
Command change_of(const Filing& filing);

}  // namespace ismap::registry::filings
