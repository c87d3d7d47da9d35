#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "registry/result.h"

/// The characters of a cell, as the readers of the import look at them.
namespace ismap::registry::importing {

/// Code points of valid UTF-8, and back.
/// REQUIRES: `text` is valid UTF-8 (to_utf8 of decode.h saw to it).
std::u32string code_points(std::string_view text);
std::string utf8(std::u32string_view points);

/// Space, tab, line break, no-break space, ideographic space, zero-width space or byte order mark.
bool is_space(char32_t c);
/// `text` without such characters at both ends.
std::string_view trimmed(std::string_view text);
std::u32string_view trimmed(std::u32string_view text);

/// The ASCII form of a full-width letter, digit or sign and of the ideographic space; any other as it is.
char32_t half_width(char32_t c);
/// `text` with half_width for each character: for codes, numbers and dates, never for text.
std::string half_width(std::string_view text);
/// What a search gives that finds nothing.
inline constexpr std::size_t kNone = std::u32string_view::npos;
/// Whether `c` is in `set`.
bool is_one_of(char32_t c, std::u32string_view set);
/// Whether `c` is one of the dashes, minus signs and long vowel marks that stand for a hyphen in codes.
bool is_dash(char32_t c);

/// NFKC_Casefold of `text` without any spaces: for comparing headings and words like ＴＲＵＥ.
std::string folded(std::string_view text);

/// A refusal of one cell in both languages. `pointer` is relative to the item of the cell.
Error refusal(std::string pointer, std::string ja, std::string en);

}  // namespace ismap::registry::importing
