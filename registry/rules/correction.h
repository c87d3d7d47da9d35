#pragma once

#include "registry/decide.h"

/// Corrections: a mistake in the journal is mended by an event that names it; nothing is erased.
namespace ismap::registry::rules {

/// Mends what event `doing.seq` of this service said wrongly. The role is the one that the corrected act needed; the
/// changes stay within what that event changed, intervals one by one (correction_intervals.h), and every article that
/// they bring is one of that role's (correction_scope.h). A removal that is taken back may bring the renewal
/// application that was received in time and recorded late; one by 12.1 must, unless the expiry has not passed. It
/// cites its basis; intervals stay sound (check_intervals). Holds from the day of the corrected event, or a later one
/// when given. Errors: not_found at /seq; forbidden; conflict when nothing would change or another removal is in force;
/// invalid for what lies beyond the corrected event and for a record that breaks 11.5 or 12.1.
Result<std::vector<Draft>> correct(const Situation& situation, const Command& command, const Correct& doing);

}  // namespace ismap::registry::rules
