#include "registry/as_of.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ismap::registry {

namespace {

using Path = std::vector<std::string>;

/// The arrays of the record whose elements have an identity: the seq that opened them.
constexpr std::array<std::string_view, 3> kIntervalArrays{"suspensions", "re_audits", "renewals"};

bool is_interval_array(const Path& path) {
  return path.size() == 1 &&
         std::find(kIntervalArrays.begin(), kIntervalArrays.end(), path.front()) != kIntervalArrays.end();
}

std::uint64_t opening_of(const Json& interval) { return interval.at("opening").get<std::uint64_t>(); }

Json::const_iterator find_interval(const Json& array, std::uint64_t opening) {
  return std::find_if(array.begin(), array.end(), [&](const Json& i) { return opening_of(i) == opening; });
}

/// Members of `after` that differ from `before`; both are intervals of one opening.
Json changed_members(const Json& before, const Json& after) {
  Json changed = Json::object();
  for (const auto& [name, value] : after.items()) {
    if (!before.contains(name) || before.at(name) != value) changed[name] = value;
  }
  return changed;
}

void interval_differences(const Path& path, const Json& before, const Json& after, std::vector<FieldChange>& out) {
  using Kind = FieldChange::Kind;
  for (const Json& interval : after) {
    const std::uint64_t opening = opening_of(interval);
    const auto old = find_interval(before, opening);
    if (old == before.end()) {
      out.push_back(FieldChange{Kind::open, path, interval, opening});
    } else if (Json members = changed_members(*old, interval); !members.empty()) {
      out.push_back(FieldChange{Kind::amend, path, std::move(members), opening});
    }
  }
  for (const Json& interval : before) {
    const std::uint64_t opening = opening_of(interval);
    if (find_interval(after, opening) == after.end()) {
      out.push_back(FieldChange{Kind::strike, path, Json{}, opening});
    }
  }
}

void object_differences(const Path& path, const Json& before, const Json& after, std::vector<FieldChange>& out) {
  for (const auto& [name, value] : after.items()) {
    Path here = path;
    here.push_back(name);
    const bool known = before.contains(name);
    if (known && before.at(name) == value) continue;
    if (known && is_interval_array(here)) {
      interval_differences(here, before.at(name), value, out);
    } else if (known && value.is_object() && before.at(name).is_object()) {
      object_differences(here, before.at(name), value, out);
    } else {
      out.push_back(FieldChange{FieldChange::Kind::set, here, value, 0});
    }
  }
  for (const auto& [name, value] : before.items()) {
    if (after.contains(name)) continue;
    Path here = path;
    here.push_back(name);
    out.push_back(FieldChange{FieldChange::Kind::set, here, nullptr, 0});
  }
}

/// The changes that a merge patch names; intervals are compared with those that stood before.
void patch_changes(const Path& path, const Json& patch, const Json& before, std::vector<FieldChange>& out) {
  for (const auto& [name, value] : patch.items()) {
    Path here = path;
    here.push_back(name);
    if (is_interval_array(here) && value.is_array()) {
      interval_differences(here, before.value(name, Json::array()), value, out);
    } else if (value.is_object()) {
      patch_changes(here, value, before, out);
    } else {
      out.push_back(FieldChange{FieldChange::Kind::set, here, value, 0});
    }
  }
}

void apply_set(Json& state, const FieldChange& change) {
  if (change.path.empty()) {
    state = change.value;
    return;
  }
  Json* node = &state;
  for (std::size_t i = 0; i + 1 < change.path.size(); ++i) {
    node = &(*node)[change.path[i]];
    if (!node->is_object()) *node = Json::object();
  }
  const std::string& name = change.path.back();
  if (name == "en" && change.value.is_null()) {
    node->erase(name);  // absent is null everywhere else; only a text's `en` may be missing
  } else {
    (*node)[name] = change.value;
  }
}

void apply_to_interval(Json& array, const FieldChange& change) {
  const auto found =
      std::find_if(array.begin(), array.end(), [&](const Json& i) { return opening_of(i) == change.opening; });
  if (found == array.end()) {
    if (change.kind != FieldChange::Kind::open) return;  // a change to an interval that is not there is ignored
    const auto later =
        std::find_if(array.begin(), array.end(), [&](const Json& i) { return opening_of(i) > change.opening; });
    array.insert(later, change.value);  // in order of openings, as the records have them, whatever day they hold from
    return;
  }
  if (change.kind == FieldChange::Kind::strike) {
    array.erase(found);
  } else {
    found->update(change.value);
  }
}

void apply(Json& state, const FieldChange& change) {
  const bool whole = change.kind == FieldChange::Kind::set && change.path.empty();
  if (state.is_null() && !whole) return;  // nothing stands yet that could change
  if (change.kind == FieldChange::Kind::set) {
    apply_set(state, change);
  } else {
    apply_to_interval(state[change.path.front()], change);
  }
}

/// An event's place in the order of what holds, and its changes.
struct DatedChanges {
  const Event* event;
  std::vector<FieldChange> changes;
};

}  // namespace

std::vector<FieldChange> differences(const Json& before, const Json& after) {
  std::vector<FieldChange> out;
  object_differences({}, before, after, out);
  return out;
}

std::vector<FieldChange> changes_of(const Event& event, const Json& before) {
  std::vector<FieldChange> out;
  if (before.is_null()) {
    out.push_back(FieldChange{FieldChange::Kind::set, {}, event.record, 0});
  } else if (event.kind == EventKind::corrected) {
    patch_changes({}, event.changes, before, out);
  } else {
    object_differences({}, before, event.record, out);
  }
  return out;
}

bool same_item(const FieldChange& a, const FieldChange& b) {
  const bool a_interval = a.kind != FieldChange::Kind::set;
  const bool b_interval = b.kind != FieldChange::Kind::set;
  if (a_interval && b_interval) return a.path == b.path && a.opening == b.opening;
  const std::size_t common = std::min(a.path.size(), b.path.size());
  return std::equal(a.path.begin(), a.path.begin() + static_cast<std::ptrdiff_t>(common), b.path.begin());
}

Json state_as_of(const std::vector<Event>& history, Day day, Instant known_at) {
  std::vector<DatedChanges> steps;
  Json before;
  for (const Event& event : history) {
    if (event.recorded_at > known_at) break;  // recorded_at never goes back
    if (event.effective <= day) steps.push_back(DatedChanges{&event, changes_of(event, before)});
    before = event.record;
  }
  std::stable_sort(steps.begin(), steps.end(), [](const DatedChanges& a, const DatedChanges& b) {
    return a.event->effective < b.event->effective;
  });
  Json state;
  for (const DatedChanges& step : steps) {
    for (const FieldChange& change : step.changes) apply(state, change);
  }
  return state;
}

std::vector<std::pair<std::string, std::uint64_t>> part_of_day(const Json& state, Day day) {
  struct Names {
    std::string_view array;
    std::string_view from;
    std::string_view end;
  };
  constexpr std::array<Names, 3> kNames{
      {{"suspensions", "since", "lifted"}, {"re_audits", "since", "ended"}, {"renewals", "filed_on", "decided"}}};
  std::vector<std::pair<std::string, std::uint64_t>> found;
  for (const Names& names : kNames) {
    for (const Json& interval : state.at(names.array)) {
      const Json& end = interval.at(names.end);
      if (!end.is_null() && interval.at(names.from) == day.iso() && end.at("on") == day.iso()) {
        found.emplace_back(std::string(names.array), opening_of(interval));
      }
    }
  }
  return found;
}

}  // namespace ismap::registry
