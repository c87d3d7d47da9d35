#pragma once

#include <string_view>

#include "registry/import/read.h"

namespace ismap::registry {

/// The day on which the tests of the import read a list.
inline const Day kToday = Day::parse("2026-11-22").value();

/// The rows of a list that is read on that day, or on another.
inline ReadList read_rows(std::string_view bytes, Day today = kToday) {
  return read_list(bytes, kDefaultIdPattern, today);
}

}  // namespace ismap::registry
