#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/result.h"
#include "registry/service.h"
#include "registry/strong.h"
#include "registry/time.h"

/// The operator's list, read: what a spreadsheet saved as CSV, or JSON.
namespace ismap::registry {

/// What was open when the list came into the register: article and first day. Article: 12.1, 13.12, 14.5, 16.8
struct HandOver {
  std::vector<std::pair<Article, Day>> suspensions;
  std::vector<std::pair<Article, Day>> re_audits;
  std::optional<Day> renewal_filed;
  friend bool operator==(const HandOver&, const HandOver&) = default;
};

/// A service of the list. `row` counts as a spreadsheet does (the header is 1); the first element of JSON is row 2.
struct ImportRow {
  std::size_t row = 0;
  Service service;  ///< registered, without intervals
  HandOver hand_over;
  bool en_only_for_name = false;  ///< CSV: that other texts have no English here says nothing
};

/// A mistake and where it is. `row` 0 is the file as a whole. `column` is the header as the file writes it; for JSON
/// the pointer into the record.
struct RowError {
  std::size_t row = 0;
  std::string column;
  Error error;
};

/// What a file gave. Notices are worth a look and refuse nothing.
struct ReadList {
  std::vector<ImportRow> rows;   ///< those without any error
  std::vector<RowError> errors;  ///< every mistake of every row, in order of row and column
  std::vector<RowError> notices;
  std::vector<std::string> absent;  ///< pointers of items that the file has no column for: it says nothing of them
};

/// A file has at most this many bytes and rows.
inline constexpr std::size_t kMaxListBytes = 64U * 1024 * 1024;
inline constexpr std::size_t kMaxListRows = 100'000;

/// Reads a list of services: CSV with the columns of columns.h in any order, in UTF-8 or CP932; or JSON, an array of
/// records, or {"records"|"services"|"items": […]}, where an element is a record (design: the record) or a leaf that
/// holds one. Records that are removed are left out with a notice; closed intervals are refused.
/// All mistakes of all rows are found in one run; what cannot be read is not also reported as missing. Of two rows
/// with one registration number the later one is the mistake. No day of an act may lie after `today`.
/// REQUIRES: `id_pattern` is a valid ECMAScript regular expression.
/// Article: 11.5, 7.10
ReadList read_list(std::string_view bytes, std::string_view id_pattern, Day today);

}  // namespace ismap::registry
