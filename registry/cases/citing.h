#pragma once

#include "registry/cases/case.h"
#include "registry/command.h"
#include "registry/result.h"

/// On which cases a public act may rest.
namespace ismap::registry::cases {

/// Whether the act may rest on a step of this case: its procedure knows such an act, it has not ended (a withdrawal
/// that was taken back is no withdrawal), and what the article asks of it was done. A removal by 18.2(5) or (7) may
/// cite what went before in cases that have ended, and whoever upholds an objection the answer to it. Errors: conflict
/// at /basis/case when the case is none for the act or has ended; conflict at /basis, saying what is missing.
/// Article: 13.7, 15.2, 16.4, 18.1, 18.2, 19.2
Result<Done> check_citation(const Command& command, const Case& cited, Day on);

/// What a cited case would be expected to have: worth a look when it does not. Article: 13.9, 13.10
Errors missing_in(const Command& command, const Case& cited);

}  // namespace ismap::registry::cases
