#pragma once

#include "registry/acts.h"
#include "registry/decide.h"
#include "registry/event.h"

/// How far a correction reaches: as far as the corrected event itself went, and no further than its role.
namespace ismap::registry::rules {

/// What a correction is measured against.
struct CorrectionGround {
  const Situation& situation;
  const Event& target;  ///< what is corrected; may itself be a correction
  const Event& root;    ///< the act at the beginning of the chain of corrections
  Role role;
};

/// Looks up the target and its root. REQUIRES: `target` is an event of the situation's history.
CorrectionGround correction_ground(const Situation& situation, const Event& target, Role role);

/// The record as it stood before an event of the situation's history; null before the first.
Json record_before(const Situation& situation, Seq seq);

/// The role that the corrected act needed. What the register did by itself (12.1) is the operator's to mend.
/// Errors: forbidden, invalid: as may().
Result<Done> role_corrects(const CorrectionGround& ground);

/// Members of the record that `changes` names and the target did not change (a removal: nor the renewals).
/// Errors: invalid, with the pointer of each.
Errors beyond_members(const CorrectionGround& ground, const Json& changes);

/// What of the removal is beyond the role or the time of the target: `wanted` is the record with the changes.
/// Errors: conflict at /seq when another removal is in force; forbidden or invalid, as may(), at
/// /changes/removal/article; invalid for a day to come. Article: 12.1, 18.2
Errors beyond_removal(const CorrectionGround& ground, const Json& changes, const Json& wanted);

/// 12.1: a registration that ended by its expiry stands again only with the one application that was received in time,
/// or with an expiry that has not passed. `after` is the record once the correction stands.
/// Errors: invalid, at /changes/renewals. Article: 12.1
Errors revived_against_expiry(const CorrectionGround& ground, const Service& after);

/// 11.5(5): the expiry lies after every renewal that was granted; a renewal that is taken back gives back the expiry
/// that it had replaced. `after` is the record once the correction stands. Errors: invalid, at /changes/expires_on.
/// Article: 11.5(5)
Errors expiry_against_renewals(const CorrectionGround& ground, const Service& after);

}  // namespace ismap::registry::rules
