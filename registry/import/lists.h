#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/import/cells.h"

/// Cells that hold several texts.
///
/// How a cell is split. Separators are the line break and , ; 、 ， ； (for regions also ・ ･ / ／). They do not
/// separate inside brackets （） () 「」 『』 【】 [] “” that are closed again, nor inside "…". When a cell has line
/// breaks, only these separate — unless some line ends with another separator, for then the cell is a list that was
/// wrapped (ベータ版機能、⏎個別開発). An entry is trimmed; a bullet at its start (・ ● ○ ■ * -) is dropped; empty ones
/// too. An entry that stands in "…" as a whole is taken as it is, a quote in it written twice. The writer puts one
/// entry on a line, and those in quotes that would otherwise not come back the same.
namespace ismap::registry::importing {

/// What separates the entries of one kind of list besides the line break and the common separators.
enum class ListKind { plain, regions };

std::vector<std::string> split_texts(std::string_view cell, ListKind kind);
/// Inverse of split_texts for entries that are neither empty nor blank.
std::string join_texts(const std::vector<std::string>& entries, ListKind kind);

/// Lines, each below the one before, as one cell.
std::string join_lines(const std::vector<std::string>& lines);

/// Whether a cell says that there is nothing: なし, 該当なし, 無, － and the like.
bool says_none(std::string_view cell);

/// 対象サービス, 対象外 and リージョン: arrays of {"ja"}. An 対象外 of なし is empty.
Reading read_texts(std::string_view cell);
Reading read_excluded_texts(std::string_view cell);
Reading read_regions(std::string_view cell);

/// `text` between quotes, each quote in it written twice.
std::u32string in_quotes(std::u32string_view text);
/// The content when `text` as a whole stands between quotes, otherwise nothing.
std::optional<std::u32string> out_of_quotes(std::u32string_view text);
/// Position of the quote that closes the one at `at`, or npos.
std::size_t closing_quote(std::u32string_view text, std::size_t at);

}  // namespace ismap::registry::importing
