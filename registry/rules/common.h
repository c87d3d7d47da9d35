#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/as_of.h"
#include "registry/decide.h"

/// What several chapters share: looking at the situation, and checks that hold for every act.
namespace ismap::registry::rules {

/// A refusal, in both languages.
Error refusal(Code code, std::string pointer, std::string article, std::string ja, std::string en);

/// The record as it stands. REQUIRES: the service has an event.
const Json& current(const Situation& situation);

/// The service as it stands, when it may still be acted on.
/// Errors: not_found when never registered; conflict (18.2) when removed, citing the removal.
Result<Service> standing(const Situation& situation, const Command& command);

/// The day from which the act holds: as given or today. Article: S2022-11-01.1, S2024-03-01.1
/// Errors: invalid at /effective when it lies in the future; or, outside a hand-over, before the rules edition of
/// 2024-03-01; or before the scheme's first edition.
Result<Day> effective_day(const Situation& situation, const Command& command);

/// Edition of the rules in force on `day` ("2024-03-01"); nothing before 2022-11-01.
/// Article: S2022-11-01.1, S2024-03-01.1
std::optional<std::string> rules_edition(Day day);

/// Refuses what an earlier-recorded, later-effective event already settled (design: the two ledgers): 409, use correct.
Result<Done> in_order(const Situation& situation, Day effective, const Json& after);

/// A draft of `kind` with the checks that every event needs (order of days; the record's size and form).
Result<std::vector<Draft>> drafted(const Situation& situation, const Command& command, EventKind kind, Day effective,
                                   const Service& after);

/// `record` after a merge patch in which null sets null. Source: RFC 7386 but for null.
Json patched(const Json& record, const Json& patch);

}  // namespace ismap::registry::rules
