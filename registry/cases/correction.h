#pragma once

#include <vector>

#include "registry/cases/joining.h"

namespace ismap::registry::cases {

/// Lets a correction join the cases of what it corrects: an interval that it strikes is closed there, one that it
/// restores is open again; a removal that it takes back opens again the cases that it ended, those that it was made in
/// among them, and ends those that it opened; a renewal application that it brings in has its case, that of one
/// that waits for its decision again is open again, and that of one that does not wait any more is closed.
/// REQUIRES: `known` are all cases of the service.
void join_correction(lmdb::WriteTxn& txn, const ActDone& done, std::vector<Case> known);

}  // namespace ismap::registry::cases
