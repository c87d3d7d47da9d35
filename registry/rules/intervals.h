#pragma once

#include <optional>
#include <string_view>

#include "registry/command.h"
#include "registry/decide.h"

/// Opening and closing suspensions and re-audits: what chapters 13, 14 and 16 have in common.
namespace ismap::registry::rules {

/// The day of an act that bears on the registrant: today, never earlier (design: the two ledgers).
/// Errors: those of effective_day; invalid at /effective for a day before today.
Result<Day> adverse_day(const Situation& situation, const Command& command);

/// Every act cites what it rests on: a filing, a step of a case, or the channel and day of what came another way.
/// Errors: invalid at /basis when nothing is cited. What is cited is not judged.
Result<Done> cites_basis(const Command& command);

/// Opens a suspension under the command's article, from the day of the act.
/// Errors: as standing, adverse_day, cites_basis.
Result<std::vector<Draft>> open_suspension(const Situation& situation, const Command& command);
/// Closes the suspension that was opened under `opened_by`, on a day since then.
/// Errors: as standing, effective_day, cites_basis; of which suspension is meant: conflict when none is open, or the
/// named one is another article's or lifted; invalid when it must be named; not_found when the service has no such.
Result<std::vector<Draft>> lift_suspension(const Situation& situation, const Command& command,
                                           std::string_view opened_by);

/// Opens a re-audit under the command's article, from the day of the act. Errors: as open_suspension.
Result<std::vector<Draft>> open_re_audit(const Situation& situation, const Command& command);
/// Closes the re-audit that was opened under `opened_by`. Errors: as lift_suspension.
Result<std::vector<Draft>> close_re_audit(const Situation& situation, const Command& command,
                                          std::string_view opened_by);

/// Whether every suspension and re-audit was opened and closed under articles that go together, and closed on a day
/// since it was opened. For corrections, which write intervals freely.
/// Errors: invalid, with the pointer of each. Article: 13.6, 13.10, 14.4, 16.3, 16.4, 16.7
Errors check_intervals(const Service& service);

/// The open suspension under `opened_by` that `named` means. Errors: as lift_suspension.
Result<Seq> suspension_meant(const Service& service, std::string_view opened_by, const std::optional<Seq>& named);

}  // namespace ismap::registry::rules
