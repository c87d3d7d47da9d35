#pragma once

#include "registry/decide.h"

/// Chapter 12 サービス登録の更新: the renewal application keeps a registration valid until it is decided.
namespace ismap::registry::rules {

/// Records that a renewal application was received on the effective day, at the latest that of the expiry.
/// Article: 12.1
Result<std::vector<Draft>> file_renewal(const Situation& situation, const Command& command);
/// Closes an open application without a renewal: not accepted (9.6), dismissed (18.2(3), which removes the service in
/// the same transaction) or withdrawn. Article: 9.6, 18.2(3)
Result<std::vector<Draft>> close_renewal(const Situation& situation, const Command& command, const CloseRenewal& doing);

}  // namespace ismap::registry::rules
