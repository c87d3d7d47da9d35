#pragma once

#include "registry/decide.h"

/// Chapter 18 登録の削除: the committee's seven causes. A removed service keeps its open suspensions and re-audits
/// unlifted in the record; an undecided renewal application ends in the same transaction. Every removal holds from the
/// day of the act and cites its basis; a second one is refused, citing the first.
namespace ismap::registry::rules {

/// No renewal applied for by the expiry, where the register did not remove by itself (12.1): the application was not
/// accepted or withdrawn after the expiry. Errors: conflict before the day after the expiry, or while one is undecided.
/// Article: 18.2(1)
Result<std::vector<Draft>> remove_unrenewed(const Situation& situation, const Command& command);
/// The registrant's form 2-15 was received (18.1). Article: 18.2(2)
Result<std::vector<Draft>> remove_withdrawn(const Situation& situation, const Command& command);
/// The renewal application was dismissed: it ends so, and the service is removed, even before the expiry.
/// Errors: conflict when none is undecided, or it was made before 2023-10-02. Article: 18.2(3), 11.4, S2023-07-03.1
Result<std::vector<Draft>> remove_dismissed(const Situation& situation, const Command& command);
/// Re-application was demanded (15.2(5)(b), 16.4). Article: 18.2(4), 17.1
Result<std::vector<Draft>> remove_for_re_application(const Situation& situation, const Command& command);
/// A demand of the committee or the operator went unanswered without good reason. Remembered by provider for later
/// reviews (5.1(4)). Article: 18.2(5)
Result<std::vector<Draft>> remove_for_unanswered_demand(const Situation& situation, const Command& command);
/// A year has passed since the incident of an open 13.7 and the committee judges it unresolved. Counted for each
/// incident from its firm day: the one on record, or the one that the command states where only an estimate or nothing
/// is. Errors: conflict at /incident_on when the command states another firm day than the one on record.
/// Article: 18.2(6), S2023-11-10.1
Result<std::vector<Draft>> remove_for_unresolved_incident(const Situation& situation, const Command& command);
/// The requirements of chapter 7 are plainly not met. Article: 18.2(7)
Result<std::vector<Draft>> remove_for_unmet_requirements(const Situation& situation, const Command& command);

/// 5.1(4): services of the provider that were removed under 18.2(5), or while that was considered, as notices for the
/// review; no bar by itself.
Errors earlier_removals(const Situation& situation);

}  // namespace ismap::registry::rules
