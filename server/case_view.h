#pragma once

#include <optional>
#include <vector>

#include "registry/canonical_json.h"
#include "registry/cases/deadline.h"
#include "server/auth.h"

/// What of a case its registrant is told: its own steps, notices to it, and acts that the list shows. What the offices
/// consider among themselves is theirs.
namespace ismap::server {

/// A case as this caller may see it; nothing when there is nothing in it for the caller, as if it were not there.
/// `view`: as registry::view gives it.
std::optional<registry::Json> visible_case(const Caller& caller, registry::Json view);

/// A case of which `view` is whole, as a line of a list.
registry::Json summary_of(registry::Json view);

/// The deadlines that this caller is shown: its own, and what the offices owe it in a case are in the case itself.
std::vector<registry::Deadline> visible_deadlines(const Caller& caller, std::vector<registry::Deadline> all);

/// Whether the caller is of an office (operator, committee, ministries), who see every case whole.
bool is_of_an_office(const Caller& caller);

}  // namespace ismap::server
