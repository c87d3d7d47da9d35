#pragma once

#include "registry/rules/correction_scope.h"

/// Which suspensions, re-audits and renewal applications a correction may touch.
namespace ismap::registry::rules {

/// What `corrected` (the correction, its changes in the form of the record) does to intervals beyond what its target
/// opened or closed, and beyond what its role may do. Of an interval that the target opened, what the opening stated
/// may differ; of one that it closed, the closing. An interval is
/// struck, or stands again, whole. One new interval there may be: the undecided renewal application with which a
/// removed service stands again. `wanted` is the record with the changes. Errors: invalid for what the target did not
/// open or close, for what ends under no such article, for a day to come; forbidden or invalid, as may(), for an
/// article that is not the role's. Each with its pointer and article.
/// Article: 12.1, 13.5, 13.6, 13.7, 13.10, 14.3, 14.4, 16.1, 16.3, 16.4, 16.5, 16.7, 18.2(3)
Errors beyond_intervals(const CorrectionGround& ground, const Event& corrected, const Json& wanted);

/// 12.1: no more than one renewal application is undecided, and a renewal application that a correction brings was
/// received by the expiry. Errors: invalid, at /changes/renewals. Article: 12.1
Errors beyond_renewals(const Service& after);

}  // namespace ismap::registry::rules
