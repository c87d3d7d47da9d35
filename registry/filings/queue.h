#pragma once

#include <optional>
#include <vector>

#include "registry/cases/deadline.h"
#include "registry/filings/filing.h"

/// What waits for the operator: filings that are not decided yet, and suspensions that a filing ends.
namespace ismap::registry {

/// A lift that the law asks for once the filing that was asked for is received: ready to be made as an act of the
/// operator. Article: 13.6, 14.4
struct ProposedLift {
  ServiceId service;
  Article article;
  Seq opening;  ///< of the suspension
  FilingId filing;
};

/// One line of the queue.
struct Waiting {
  Filing filing;
  std::optional<Deadline> due;  ///< the earliest duty of an office that the filing opened and that is not met
  std::vector<ProposedLift> lifts;
};

/// The lifts that a received filing asks for and that are not made yet. Errors: corrupt. Article: 13.6, 14.4
Result<std::vector<ProposedLift>> lifts_for(const lmdb::ReadTxn& txn, const Filing& filing, Day today,
                                            const CaseSettings& settings);

/// Filings that wait, by due day, those without one last; then by when they were received. Errors: corrupt.
Result<std::vector<Waiting>> waiting_filings(const lmdb::ReadTxn& txn, Day today, const CaseSettings& settings);

/// {"act": "reinstate", "article", "opening", "basis": {"filing"}, "service"}: the body of the act, but its reason.
Json to_json(const ProposedLift& lift);
Json to_json(const std::vector<ProposedLift>& lifts);

}  // namespace ismap::registry
