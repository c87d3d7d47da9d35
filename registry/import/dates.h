#pragma once

#include <string_view>

#include "registry/result.h"
#include "registry/time.h"

namespace ismap::registry::importing {

/// The day that a cell writes as 2026/10/6, 2026-10-06, 2026.10.6, 20261006, 2026年10月6日, 令和8年10月6日, R8.10.6,
/// R8/10/6, 令和元年5月1日 or ㋿8.10.6, in full-width or half-width, with a day of the week in brackets or a
/// time of zero behind it. Errors: invalid for a day that the calendar does not have, a year 0 or a day outside the
/// era, a wrong day of the week, a time of day, a year of two digits, a spreadsheet's serial number, and anything else.
Result<Day> day_in(std::string_view cell);

/// A form that day_in reads, for messages.
inline constexpr std::string_view kDateExamples = "2026-03-13、2026/3/13、令和8年3月13日、R8.3.13";

}  // namespace ismap::registry::importing
