#pragma once

#include "registry/decide.h"

/// The state at hand-over: open suspensions and re-audits that an imported list brings, each from its own day.
/// The hard conditions of chapters 13, 14 and 16 are not asked: the acts lie in the past.
namespace ismap::registry::rules {

/// Opens a suspension under 13.5, 13.7 or 14.3.
Result<std::vector<Draft>> suspend_at_hand_over(const Situation& situation, const Command& command);
/// Opens a re-audit under 16.1 or 16.5.
Result<std::vector<Draft>> start_re_audit_at_hand_over(const Situation& situation, const Command& command);

}  // namespace ismap::registry::rules
