#pragma once

#include <vector>

#include "registry/decide.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "registry/strong.h"

/// What the register remembers of a provider for the review of 5.1(4).
namespace ismap::registry::cases {

/// Removed services that ever had this corporate number and were removed under 18.2(5), or on another ground while the
/// committee considered 18.2(5), in order of id and without limit of time. A removal that was taken back is none; one
/// whose article was corrected stays remembered as that. Errors: corrupt. Article: 5.1(4), 18.2(5)
Result<std::vector<EarlierRemoval>> earlier_removals(const lmdb::ReadTxn& txn, const CorporateNumber& provider);

}  // namespace ismap::registry::cases
