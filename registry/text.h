#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "registry/result.h"

/// What a text for people may hold. Nothing is ever normalised: NFC would destroy Japanese names (U+FA19).
/// Source: formats, head.
namespace ismap::registry {

/// One text is at most this many bytes of UTF-8.
inline constexpr std::size_t kMaxTextBytes = 20'000;

/// The text as it is taken in: CRLF and CR become LF, nothing else changes.
std::string with_line_feeds(std::string_view text);

/// The refusal of a text that is not valid UTF-8 or holds a character that the formats refuse: C0 and C1 controls but
/// LF, DEL, embeddings, overrides and isolates of direction, noncharacters. It names the first such character
/// ("U+0007"); pointer and article are left empty for the caller.
std::optional<Error> check_text(std::string_view text);

/// Whether `c` is one of 0 to 9 of ASCII.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether nothing of the text is seen: white space (U+3000 and NBSP too), zero width and other ignorable characters.
/// A text that is not valid UTF-8 is not blank.
bool is_blank(std::string_view text);

/// The text on one line and shortened, to be quoted in a message; what is refused or not seen shows as U+XXXX.
/// Units: code points.
std::string excerpt(std::string_view text, std::size_t length = 40);

}  // namespace ismap::registry
