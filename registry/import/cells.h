#pragma once

#include <string>
#include <string_view>

#include "registry/canonical_json.h"
#include "registry/import/dates.h"

/// Readers of one cell of the operator's list, by kind of cell. Each takes a cell that is not blank and gives the
/// JSON value of its item in the record (design: the record); what the record's own check judges (parse_service) is
/// left to it.
namespace ismap::registry::importing {

/// What one cell gave. `value` is null when nothing of it could be read; pointers of `errors` are relative to the item.
struct Reading {
  Json value;
  Errors errors;
};

/// Text: trimmed at both ends, otherwise as it is. The value of a text's `ja` or `en`.
Reading read_text(std::string_view cell);
/// Registration number: full-width characters and dash variants become ASCII.
Reading read_id(std::string_view cell);
/// A day in any form that day_in knows.
Reading read_date(std::string_view cell);
/// ○ or ×, 有 or 無 and their kin.
Reading read_flag(std::string_view cell);
/// Digits, full-width ones too, with commas between thousands or without. No sign, no unit, no 約.
Reading read_count(std::string_view cell);
/// Digits, full-width ones too; spaces and hyphens between them are dropped. The check digit is the record's matter.
Reading read_corporate_number(std::string_view cell);

}  // namespace ismap::registry::importing
