#pragma once

#include "registry/decide.h"

/// Chapter 11 登録: entering services, renewing them, and the number of agencies that use them.
namespace ismap::registry::rules {

/// Enters a service that the committee decided on.
/// Notices: services of this provider that were removed under 18.2(5). Article: 11.1, 5.1(4)
Result<std::vector<Draft>> register_service(const Situation& situation, const Command& command,
                                            const RegisterService& doing);
/// Updates the list after the committee decided a renewal; closes the application. Notices: as register_service.
/// Article: 11.2, 5.1(4), 12.2
Result<std::vector<Draft>> renew(const Situation& situation, const Command& command, const Renew& doing);
/// Sets the number of government agencies that use the service. Article: 11.5(13)
Result<std::vector<Draft>> update_usage(const Situation& situation, const Command& command, const UpdateUsage& doing);

}  // namespace ismap::registry::rules
