#pragma once

#include <vector>

#include "registry/cases/case.h"
#include "registry/command.h"
#include "registry/result.h"

/// How public acts become steps of cases, in the transaction of the act.
namespace ismap::registry::cases {

/// A public act that was decided and appended.
struct ActDone {
  const Command& command;
  std::vector<Seq> events;  ///< of the act, at least one
  Day effective;
  Json before;  ///< the record before it; null for a registration
  Json after;
  Instant recorded_at;
};

/// What joining an act to its cases brought up: worth a look and no refusal.
struct Joined {
  Errors notices;
};

/// Lets the act join the case that it cites, the case of the interval or application that it ends, and else a case of
/// its own procedure, which it opens; a removal that the committee considers in an open case is made there. A
/// suspension and a removal open the registrant's task of 7.6(5); a removal ends the other cases of the service, those
/// that consider another removal among them; a correction closes, or opens again, what it strikes or restores. Notices:
/// steps that the cited case would be expected to have; that 18.2(5) was considered when the service was removed on
/// another ground. Nothing is judged of a basis that is no case. Errors: invalid at /basis/case or /basis/step when it
/// names no step of a case of the service; conflict where the case plainly contradicts, as check_citation says.
/// Article: 7.6(5), 13.5, 13.7, 13.10, 13.11, 14.4, 15.2, 16.4, 17.1, 18.1, 18.2
Result<Joined> join(lmdb::WriteTxn& txn, const ActDone& done);

/// The removal that the register made by itself (12.1).
Result<Done> join_lapse(lmdb::WriteTxn& txn, const ServiceId& service, Seq event, Day effective, Instant recorded_at);

/// What the cases of a service say of the incident behind a suspension; nothing when none holds it.
std::optional<Incident> incident_behind(const lmdb::ReadTxn& txn, const ServiceId& service, Seq opening);

}  // namespace ismap::registry::cases
