#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/import/cells.h"
#include "registry/service.h"

/// Cells that hold controls of the management standard (管理基準).
namespace ismap::registry::importing {

/// Article 11.5(7): identifiers, separated by any mixture of line breaks, spaces, tabs and , ; 、 ， ； ・. Full-width
/// characters become ASCII. The array of identifiers as written; whether they exist is the record's matter.
Reading read_controls(std::string_view cell);

/// Article 11.5(7): objectives that are not implemented, each with its reason: 10.1.1：理由, 10.1.1:理由, 10.1.1 理由
/// or 10.1.1（理由）. The next entry begins where an identifier stands after a line break or ; or, when : ( or a space
/// follows it, after 、 or ,; anything else belongs to the reason. A reason in "…" is taken as it is, a quote in it
/// written twice.
/// Errors: text before the first identifier; an entry without a reason, at /N/reason.
Reading read_excluded_controls(std::string_view cell);

/// Inverse of read_excluded_controls: 10.1.1：理由, one on a line, a reason in quotes where it needs them.
std::string join_excluded_controls(const std::vector<ExcludedControl>& excluded);

}  // namespace ismap::registry::importing
