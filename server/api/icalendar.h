#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/cases/deadline.h"
#include "registry/time.h"

/// Deadlines as a calendar that other programs subscribe to. Source: RFC 5545.
namespace ismap::server {

/// A VCALENDAR with an all-day event for each deadline that has a day, stamped `now`. A deadline keeps its UID as long
/// as it exists; `host` makes it unique in the world.
std::string icalendar(const std::vector<registry::Deadline>& deadlines, std::string_view host, registry::Instant now);

/// A TEXT value: backslash, semicolon, comma and line ends escaped (RFC 5545 §3.3.11); other control characters left
/// out.
std::string calendar_text(std::string_view text);

/// A content line with its CR LF, folded so that no line is longer than 75 octets and no character is cut (§3.1).
std::string content_line(std::string_view line);

}  // namespace ismap::server
