#pragma once

#include "registry/decide.h"

/// Chapter 13 情報セキュリティインシデント発生時の報告: the suspensions for which an incident is the cause.
/// Its rules cover incidents that became known on or after 2024-01-04, whenever they occurred (S2023-11-10.1).
namespace ismap::registry::rules {

/// Whether the rules of 2024-01-04 cover the incident, as far as its days are stated.
/// Errors: invalid at /incident_on or /known_on: a future day; known before it occurred; occurred before 2024-01-04 and
/// no day of awareness stated; known before 2024-01-04. Article: 13.1, S2023-11-10.1
Errors check_incident(const IncidentStated& incident, Day today);

/// The operator may suspend when a report that it asked for by 13.1(2) is not made: a judgement, which cites the
/// demand. Article: 13.5, S2023-11-10.1
Result<std::vector<Draft>> suspend_for_missing_report(const Situation& situation, const Command& command);
/// The operator lifts a 13.5 when the report (13.2 or 13.3) was made, citing it. Article: 13.6
Result<std::vector<Draft>> lift_after_report(const Situation& situation, const Command& command);
/// The committee may suspend for a reported incident that may affect users particularly seriously, and states the
/// conditions for lifting (13.8) and the day of the incident, from which the year of 18.2(6) runs; an estimate will do.
/// Notices: that year has gone already. Article: 13.7, 13.8, S2023-11-10.1
Result<std::vector<Draft>> suspend_for_serious_incident(const Situation& situation, const Command& command);
/// The committee lifts a 13.7 when it judges the conditions met, citing the form 2-9 (13.9).
/// Notices: a 16.5 re-audit is still open, its flag stays until 16.7. Article: 13.10, 13.9
Result<std::vector<Draft>> lift_when_conditions_are_met(const Situation& situation, const Command& command);

}  // namespace ismap::registry::rules
