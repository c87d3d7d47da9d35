#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/import/cells.h"
#include "registry/service.h"

/// The operator's list as a table: one column for each thing that article 11.5 publishes, in its order, then the state
/// at hand-over. Import and export use the same table, so that what is exported imports back to the same items.
namespace ismap::registry {

/// Whether a column or its cell may be missing.
enum class Presence {
  required,           ///< the column and every cell of it
  required_if_there,  ///< the column may be absent as a whole
  optional,
};

struct Column {
  std::string_view header;   ///< as the operator's list writes it
  std::string_view pointer;  ///< of the item in the record
  std::string_view around;   ///< what encloses the item: mistakes of it are shown in this column as well; may be ""
  std::string_view article;
  Presence presence;
  std::string_view when_none;  ///< what to write where there is nothing to say; "" where that cannot be
  importing::Reading (*read)(std::string_view cell);
  std::string (*write)(const Service& service);
};

/// The 29 columns in order.
std::span<const Column> columns();

/// Index of the column that shows the item at `pointer` of a record, if one does.
std::optional<std::size_t> column_index(std::string_view pointer);
/// Its header; "" when no column shows it.
std::string column_of(std::string_view pointer);
/// Index of the column that a header names. Spaces, width of characters and case do not count.
std::optional<std::size_t> column_named(std::string_view header);

/// The headers as one row of CSV, without line end.
std::string csv_header();
/// The cells of one service, for write_row: days as YYYY-MM-DD, 有 or 無, lists one entry on a line, what is open at
/// the moment as the state at hand-over. English is carried for the name alone.
std::vector<std::string> csv_cells(const Service& service);

}  // namespace ismap::registry
