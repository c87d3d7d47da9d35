#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "registry/canonical_json.h"
#include "registry/import/read.h"

/// Rows between the file and the checks: CSV and JSON both become drafts, which read_list then judges alike.
namespace ismap::registry::importing {

/// One row as a record, as far as it could be read.
struct RowDraft {
  std::size_t row = 0;
  Json record;       ///< the items; what could not be read is not there
  Json suspensions;  ///< arrays of {"article", "since"} and of {"filed_on"}; days may be null
  Json re_audits;
  Json renewals;
  Errors errors;  ///< what could not be read, pointers into the record
};

/// The drafts of a file, and what was wrong outside of them.
struct DraftList {
  std::vector<RowDraft> drafts;
  std::vector<RowError> errors;
  std::vector<RowError> notices;
  std::vector<std::string> headers;  ///< of columns(), as the file writes them; empty for JSON
  std::vector<std::string> absent;   ///< items of optional columns that the file does not have
};

/// REQUIRES: `text` is valid UTF-8.
DraftList drafts_from_csv(std::string_view text);
DraftList drafts_from_json(std::string_view text);

/// How the file names the item at `pointer`: its header, or the pointer itself where the file has none.
std::string place_in(const DraftList& list, std::string_view pointer);

/// The open intervals of a record that came as JSON, taken out of it into the draft.
/// Errors (into the draft): one that is closed already, another shape, an article that opens none.
void take_hand_over(RowDraft& draft);

}  // namespace ismap::registry::importing
