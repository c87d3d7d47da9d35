#pragma once

#include <string>
#include <string_view>

#include "registry/result.h"

namespace ismap::registry {

/// The text of a file as UTF-8, without a byte order mark: UTF-8 where the bytes are valid UTF-8, otherwise CP932
/// (Windows-31J, what a Japanese spreadsheet saves as "CSV").
/// Errors: malformed for UTF-16, for NUL bytes, and for bytes that neither encoding has, CP932's user-defined
/// characters (外字) included; each names the byte, counted from 0, and the line, counted from 1. Unavailable when the
/// system lacks the CP932 table.
Result<std::string> to_utf8(std::string_view bytes);

}  // namespace ismap::registry
