#pragma once

#include <string_view>

namespace ismap::registry {

/// What people call a member of the record, in both languages, with the number that 11.5 gives it.
struct ItemLabel {
  std::string_view pointer;
  std::string_view ja;
  std::string_view en;
  std::string_view article;
};

/// The label of the member at `pointer` or of the nearest one around it ("/name/ja" → "/name"); that of the whole
/// record for anything unknown.
const ItemLabel& label_of(std::string_view pointer);

}  // namespace ismap::registry
