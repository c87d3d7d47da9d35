#pragma once

#include "registry/decide.h"

/// Chapter 14 重大な統制変更等の届出: changes of listed items, and the suspension where they were not notified.
namespace ismap::registry::rules {

/// Changes items of the list after a notification. Which items: all but the date of registration (4), the expiry (5)
/// and the number of agencies (13), which have acts of their own. Controls may shrink; growth waits for an audit.
/// Notices: (6) or (7) changed without an audit, and no remark (12) says so. Article: 14.1, 14.2
Result<std::vector<Draft>> change_items(const Situation& situation, const Command& command, const ChangeItems& doing);
/// Controls that would be implemented after a change and were not before: only an audited statement adds them (7.1).
/// Errors: invalid, naming them. Article: 14.1, 14.2, 11.5(7)
Errors grown_controls(const Items& before, const Items& after);
/// The operator may suspend when it learns of an event that was not notified by 14.1 or 14.2. Several events: one
/// suspension each, lifted by its own notification. Article: 14.3
Result<std::vector<Draft>> suspend_for_missing_notification(const Situation& situation, const Command& command);
/// The operator lifts a 14.3 when the notification (14.1 or 14.2) that it asked for was made, citing it. Article: 14.4
Result<std::vector<Draft>> lift_after_notification(const Situation& situation, const Command& command);

}  // namespace ismap::registry::rules
