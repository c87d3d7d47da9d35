#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/result.h"

namespace ismap::registry {

/// One record of a CSV file. `row` counts records as a spreadsheet does, the header is 1.
struct CsvRow {
  std::size_t row = 0;
  std::vector<std::string> cells;
};

/// Why a CSV file could not be read on, and where.
struct CsvFault {
  std::size_t row = 0;
  Error error;
};

/// The rows of a file up to its end or its fault.
struct CsvFile {
  std::vector<CsvRow> rows;  ///< without the rows in which every cell is blank; those count all the same
  std::optional<CsvFault> fault;
};

/// Reads CSV: rows end with CRLF, LF or CR, the last one may lack its end; line breaks inside quotes become LF. Cells
/// come without quotes and without the guard of write_row, otherwise as they are.
/// Faults: a quote that is never closed, text after a closing quote, more than `max_rows` rows.
/// Source: RFC 4180.
CsvFile read_csv(std::string_view text, std::size_t max_rows);

/// One row of CSV without its line end. A cell that a spreadsheet would take for a formula (first character, after
/// any spaces, one of = + - @ TAB CR) gets a leading apostrophe, which read_csv takes off again; a cell that already
/// is such a cell behind apostrophes gets one more, so that every cell comes back as it was.
std::string write_row(const std::vector<std::string>& cells);

}  // namespace ismap::registry
