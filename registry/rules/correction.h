#pragma once

#include "registry/decide.h"

/// Corrections: a mistake in the journal is mended by an event that names it; nothing is erased.
namespace ismap::registry::rules {

/// Mends what event `doing.seq` of this service said wrongly. The role is the one that the corrected act needed; the
/// changes stay within what that event changed (a removal: also the renewals, so that a renewal application received in
/// time and recorded late can stand). It cites its basis; intervals stay sound (check_intervals), a renewal application
/// lies before the expiry (12.1). Holds from the day of the corrected event, or a later one when given.
/// Errors: not_found at /seq; forbidden; conflict when nothing would change; invalid for a record that breaks 11.5.
Result<std::vector<Draft>> correct(const Situation& situation, const Command& command, const Correct& doing);

}  // namespace ismap::registry::rules
