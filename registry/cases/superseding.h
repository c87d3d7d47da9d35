#pragma once

#include "registry/cases/case.h"

namespace ismap::registry {

/// The fact of a step that names the earlier one whose place its filing took.
inline constexpr const char* kReplaces = "replaces";

/// The case as its superseding filings left it: a step whose place a later one took says what that one says, on the day
/// on which it was made itself, since the first receipt counts. An awareness once reported is never made later by that,
/// so that no term grows. Article: 13.2, 13.3, 18.1
Case as_it_stands(Case of);

}  // namespace ismap::registry
