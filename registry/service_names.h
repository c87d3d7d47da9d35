#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "registry/service.h"

/// The words of the record for its enumerations: one table each, read both ways.
namespace ismap::registry {

template <class T>
struct Named {
  T value;
  std::string_view name;
};

inline constexpr std::array kStates = {
    Named<State>{State::registered, "registered"},
    Named<State>{State::removed, "removed"},
};
inline constexpr std::array kRenewalResults = {
    Named<RenewalResult>{RenewalResult::renewed, "renewed"},
    Named<RenewalResult>{RenewalResult::dismissed, "dismissed"},
    Named<RenewalResult>{RenewalResult::not_accepted, "not-accepted"},
    Named<RenewalResult>{RenewalResult::withdrawn, "withdrawn"},
};

/// The value of a word, or nothing.
template <class Table>
auto value_named(const Table& table, std::string_view name) {
  std::optional<decltype(table[0].value)> found;
  for (const auto& row : table) {
    if (row.name == name) found = row.value;
  }
  return found;
}

/// The word of a state in the record: "registered".
inline std::string_view name_of(State state) { return kStates[static_cast<std::size_t>(state)].name; }
/// The word of a renewal's result in the record: "not-accepted".
inline std::string_view name_of(RenewalResult result) { return kRenewalResults[static_cast<std::size_t>(result)].name; }

}  // namespace ismap::registry
