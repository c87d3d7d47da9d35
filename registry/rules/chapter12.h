#pragma once

#include "registry/decide.h"

/// Chapter 12 サービス登録の更新: the renewal application keeps a registration valid until it is decided.
namespace ismap::registry::rules {

/// Records that a renewal application was received on the effective day, at the latest that of the expiry.
/// Notices: as look_at_application, of what it says. Article: 12.1
Result<std::vector<Draft>> file_renewal(const Situation& situation, const Command& command);
/// Closes an open application without a renewal: not accepted (9.6), dismissed (18.2(3), which removes the service in
/// the same transaction) or withdrawn. Article: 9.6, 18.2(3)
Result<std::vector<Draft>> close_renewal(const Situation& situation, const Command& command, const CloseRenewal& doing);

/// What is worth a look of what an application says: an audit period that does not follow the last one without a gap
/// (7.14), statement changes that the auditor was not told of (12.3). `facts`: "audit_from", "auditor_told".
/// Article: 7.14, 12.2, 12.3, S2023-09-22.1
Errors look_at_application(const Json& facts, const Service& service);

}  // namespace ismap::registry::rules
