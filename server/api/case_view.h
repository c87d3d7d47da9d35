#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "registry/canonical_json.h"
#include "registry/cases/deadline.h"
#include "registry/result.h"
#include "server/auth.h"

/// What of a case its registrant is told: its own steps, notices to it, and acts that the list shows. What the offices
/// consider among themselves is theirs.
namespace ismap::server {

/// A case as this caller may see it; nothing when there is nothing in it for the caller, as if it were not there.
/// `view`: as registry::view gives it.
std::optional<registry::Json> visible_case(const Caller& caller, registry::Json view);

/// A case of which `view` is whole, as a line of a list.
registry::Json summary_of(registry::Json view);

/// The numbers of the steps of a case that this caller is told of; none when the case is not there for it. The one rule
/// for the case itself, for its lines in lists and for its deadlines. `view`: as registry::view gives it.
std::set<std::uint64_t> told_steps(const Caller& caller, const registry::Json& view);

/// A case as registry::view gives it.
using WholeCase = std::function<registry::Result<registry::Json>(const registry::CaseId&)>;

/// The deadlines that this caller is shown: a registrant its own duties, those of a case only where it was told of the
/// step that opened them. What the offices owe it in a case is in the case itself. Errors: those of `whole_case`.
registry::Result<std::vector<registry::Deadline>> visible_deadlines(const Caller& caller,
                                                                    std::vector<registry::Deadline> all,
                                                                    const WholeCase& whole_case);

/// Whether the caller is of an office (operator, committee, ministries), who see every case whole.
bool is_of_an_office(const Caller& caller);

}  // namespace ismap::server
