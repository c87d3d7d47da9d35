#pragma once

#include <string>
#include <string_view>

#include "registry/import/cells.h"
#include "registry/service.h"

/// Cells that carry the state at hand-over: what was open when the operator's list came into the register.
namespace ismap::registry::importing {

/// Open suspensions (13.5, 13.7, 14.3) and re-audits (16.1, 16.5): article and first day, as "14.3 2026/11/12",
/// "14.3：2026-11-12" or "14.3（令和8年11月12日）", several separated by line breaks, ; or 、. The array of
/// {"article", "since"}; since is null where the day cannot be read.
/// Errors: an article that opens no such state, at /N/article; a day that cannot be read, at /N/since.
Reading read_suspensions(std::string_view cell);
Reading read_re_audits(std::string_view cell);

/// Article: 12.1. The day of an undecided renewal application: the array of one {"filed_on"}.
Reading read_renewal(std::string_view cell);

/// "14.3 2026-11-12", one on a line: what is open on a service that is not removed.
std::string join_suspensions(const Service& service);
std::string join_re_audits(const Service& service);
/// The day of the undecided renewal application, or nothing.
std::string write_renewal(const Service& service);

/// Whether `article` opens a suspension or a re-audit.
bool opens_suspension(std::string_view article);
bool opens_re_audit(std::string_view article);

}  // namespace ismap::registry::importing
