#pragma once

#include <optional>
#include <string>
#include <vector>

#include "registry/canonical_json.h"
#include "registry/event.h"
#include "registry/time.h"

/// The state of a record in both times: the day for which one asks, and the instant of what was known (design: the
/// journal and the two ledgers).
namespace ismap::registry {

/// One difference that an event makes to its record.
struct FieldChange {
  enum class Kind { set, open, amend, strike };
  Kind kind = Kind::set;
  /// Member names from the record down; for open, amend and strike the name of the interval array alone.
  std::vector<std::string> path;
  /// set: the new value, null to erase a text's `en`; open: the interval; amend: its changed members.
  Json value;
  std::uint64_t opening = 0;  ///< of the interval, for open, amend and strike
};

/// The changes of an event: against the record of its `prev` event, or its own `changes` if it is `corrected`.
/// `before` is the record of the previous event, or null for the first (then one change sets the whole record).
std::vector<FieldChange> changes_of(const Event& event, const Json& before);

/// The differences that lead from one record to another, interval by interval.
std::vector<FieldChange> differences(const Json& before, const Json& after);

/// Whether two changes touch the same item (one path is the other's beginning, or the same interval).
bool same_item(const FieldChange& a, const FieldChange& b);

/// The record after folding the changes of all `history` events with recorded_at ≤ `known_at` and effective ≤ `day`,
/// in the order (effective, seq). Null when nothing is known to hold by then.
/// REQUIRES: `history` holds every event of the one record, in order of seq.
Json state_as_of(const std::vector<Event>& history, Day day, Instant known_at);

/// Intervals that were opened and closed on `day` in this state: they show as `part_of_day` in the answer.
/// Each entry: the array's name and the `opening`.
std::vector<std::pair<std::string, std::uint64_t>> part_of_day(const Json& state, Day day);

}  // namespace ismap::registry
