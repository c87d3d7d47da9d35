#pragma once

#include "registry/decide.h"

/// Chapter 16 再監査: public from its notice until its process ends (16.8).
namespace ismap::registry::rules {

/// The operator requires a re-audit of a part of the statement after monitoring (15.2(5)(a)): the part and the day by
/// which it is due, as in the notice. Article: 16.1, 16.2
Result<std::vector<Draft>> require_re_audit(const Situation& situation, const Command& command);
/// The operator ends a 16.1 that confirmed the requirements. Article: 16.3
Result<std::vector<Draft>> end_confirmed_re_audit(const Situation& situation, const Command& command);
/// The operator ends a 16.1 that did not confirm them, once the committee was consulted; re-application follows (17.1,
/// 18.2(4)). Article: 16.4
Result<std::vector<Draft>> end_failed_re_audit(const Situation& situation, const Command& command);
/// The operator notifies the part that the committee wants audited again (13.11), only while a 13.7 is open.
/// Article: 16.5, 13.11, 16.6
Result<std::vector<Draft>> require_committees_re_audit(const Situation& situation, const Command& command);
/// The operator ends a 16.5 that confirmed the requirements. One that did not has no article: it stays open, and the
/// refusal says what the committee can do. Article: 16.7
Result<std::vector<Draft>> end_committees_re_audit(const Situation& situation, const Command& command);

}  // namespace ismap::registry::rules
