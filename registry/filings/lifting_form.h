#pragma once

#include "registry/cases/taking.h"

namespace ismap::registry {

/// 16.6: the documents of the committee's re-audit come with form 2-9, which is the filing of 13.9 too. Makes that step
/// in the incident that the re-audit goes with, if its 13.7 is still open. `made`: the step in the re-audit.
/// Errors: corrupt. Article: 13.9, 16.6
Result<Done> file_for_lifting_too(lmdb::WriteTxn& txn, const Case& re_audit, const StepWish& made,
                                  const CaseSettings& settings);

}  // namespace ismap::registry
