#pragma once

#include <optional>
#include <vector>

#include "registry/cases/step_request.h"
#include "registry/lmdb/env.h"
#include "registry/service.h"

/// How a step gets into its case, whether it was asked for by itself or is what a filing means.
namespace ismap::registry::cases {

/// Where a step goes: into the case named, or into a new one of this procedure and service.
struct Target {
  Procedure procedure = Procedure::incident;
  ServiceId service;
  std::optional<CaseId> into = {};
};

/// The case in which a step may follow, and what is worth a look of it.
struct Admitted {
  Case so_far;     ///< without steps: a new one may begin with it
  Errors notices;  ///< no refusals
};

/// Whether the step may follow in the target. What follows from the case is written into the facts of the wish.
/// Errors: not_found; conflict (a removed service; a case that has ended; a step that the law does not allow yet);
/// invalid under /basis and at /links. Article: 7.14, 12.3, 19.1
Result<Admitted> admit(const lmdb::ReadTxn& txn, const Target& target, StepWish& wish, const CaseSettings& settings);

/// Makes the step; gives the case as it is then. REQUIRES: admit() gave `so_far` for it in this transaction, and the
/// wish knows its `recorded_at`. Article: 13.13, 14.6, 15.1
Case take(lmdb::WriteTxn& txn, Case so_far, const StepWish& wish);

/// The record that the service has or last had. REQUIRES: it was registered. Errors: corrupt.
Result<Service> last_record(const lmdb::ReadTxn& txn, const ServiceId& id);

/// Whether the registrant is told of a step: its own, a notice to it, an act that the list shows.
bool is_told_to_registrant(Procedure procedure, const Step& step);

}  // namespace ismap::registry::cases
