#include "tests/support/slow_twin.h"

#include <algorithm>

namespace ismap::test {

using namespace ismap::registry;

namespace {

bool holds_intervals(const std::string& path) {
  return path == "/suspensions" || path == "/re_audits" || path == "/renewals";
}

void flatten_into(const std::string& path, const Json& value, Flat& out) {
  if (value.is_array() && holds_intervals(path)) {
    for (const Json& interval : value) {
      const std::string here = path + "/#" + std::to_string(interval.at("opening").get<int>());
      out[here] = "open";
      for (const auto& [name, member] : interval.items()) out[here + "/" + name] = member.dump();
    }
  } else if (value.is_object()) {
    for (const auto& [name, member] : value.items()) flatten_into(path + "/" + name, member, out);
  } else {
    out[path] = value.dump();
  }
}

/// "/suspensions/#41" of "/suspensions/#41/lifted"; "" for anything that is not inside an interval.
std::string interval_of(const std::string& path) {
  const auto hash = path.find('#');
  if (hash == std::string::npos) return "";
  return path.substr(0, path.find('/', hash));
}

bool inside(const std::string& path, const std::string& parent) {
  return path == parent || path.starts_with(parent + "/");
}

/// Values that an event writes and paths that it takes away.
struct Writes {
  Flat put;
  std::vector<std::string> take;
  Flat opened;  ///< intervals that come into being
};

Writes writes_of(const Event& event, const Flat& before) {
  Flat after;
  if (event.kind == EventKind::corrected) {
    flatten_into("", event.changes, after);
  } else {
    after = flatten(event.record);
  }
  Writes writes;
  for (const auto& [path, value] : after) {
    const auto old = before.find(path);
    if (old != before.end() && old->second == value &&
        (event.kind != EventKind::corrected || path.find('#') != std::string::npos))
      continue;
    writes.put[path] = value;
    if (path == interval_of(path)) writes.opened[path] = value;
  }
  for (const auto& [path, value] : before) {
    if (after.contains(path)) continue;
    const bool whole = event.kind != EventKind::corrected;
    const std::string interval = interval_of(path);
    const bool struck = !whole && !interval.empty() && path == interval &&
                        event.changes.contains(path.substr(1, path.find('/', 1) - 1));
    if (whole || struck) writes.take.push_back(path);
  }
  return writes;
}

void perform(const Writes& writes, Flat& state) {
  for (const std::string& path : writes.take) {
    for (auto at = state.begin(); at != state.end();) at = inside(at->first, path) ? state.erase(at) : std::next(at);
  }
  for (const auto& [path, value] : writes.put) {
    const std::string interval = interval_of(path);
    if (!interval.empty() && !state.contains(interval) && !writes.opened.contains(interval)) continue;
    for (auto at = state.begin(); at != state.end();) {  // a value takes the place of whatever stood there
      const bool beneath = inside(at->first, path) && at->first != path;
      at = beneath && interval.empty() ? state.erase(at) : std::next(at);
    }
    for (std::size_t cut = path.rfind('/'); cut != 0 && cut != std::string::npos; cut = path.rfind('/', cut - 1)) {
      const std::string parent = path.substr(0, cut);
      if (interval.empty()) state.erase(parent);
    }
    if (path.ends_with("/en") && value == "null") {
      state.erase(path);
    } else {
      state[path] = value;
    }
  }
}

}  // namespace

Flat flatten(const Json& record) {
  Flat out;
  if (record.is_object()) flatten_into("", record, out);
  return out;
}

Flat slow_state_as_of(const std::vector<Event>& history, Day day, Instant known_at) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (history[i].recorded_at <= known_at && history[i].effective <= day) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(history[a].effective, history[a].seq) < std::pair(history[b].effective, history[b].seq);
  });
  Flat state;
  for (const std::size_t i : order) {
    if (i == 0) {
      state = flatten(history[0].record);
    } else if (!state.empty()) {
      perform(writes_of(history[i], flatten(history[i - 1].record)), state);
    }
  }
  return state;
}

}  // namespace ismap::test
