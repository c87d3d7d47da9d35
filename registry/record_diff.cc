#include "registry/record_diff.h"

#include <algorithm>
#include <set>

#include "registry/item_labels.h"
#include "registry/service.h"

namespace ismap::registry {

namespace {

void compare_states(const std::string& pointer, const Json& before, const Json& after, std::vector<FieldDiff>& out) {
  if (before == after) return;
  const bool whole = pointer.empty() && (before.is_null() || after.is_null());
  if (!whole && (!before.is_object() || !after.is_object())) {
    out.push_back({pointer, article_of_item(pointer), before, after});
    return;
  }
  std::set<std::string> names;
  for (const Json* state : {&before, &after}) {
    if (!state->is_object()) continue;
    for (const auto& [name, value] : state->items()) names.insert(name);
  }
  for (const std::string& name : names) {
    const Json was = before.is_object() ? before.value(name, Json()) : Json();
    const Json is = after.is_object() ? after.value(name, Json()) : Json();
    compare_states(pointer + "/" + pointer_token(name), was, is, out);
  }
}

bool is_array_of_scalars(const Json& value) {
  return value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& v) { return v.is_primitive(); });
}

/// The elements of `of` that `other` has not.
Json only_in(const Json& of, const Json& other) {
  Json out = Json::array();
  for (const Json& element : of) {
    if (std::find(other.begin(), other.end(), element) == other.end()) out.push_back(element);
  }
  return out;
}

}  // namespace

std::vector<FieldDiff> record_diff(const Json& before, const Json& after) {
  std::vector<FieldDiff> out;
  compare_states("", before, after, out);
  return out;
}

Json to_json(const FieldDiff& diff) {
  const ItemLabel& label = label_of(diff.pointer);
  Json out{{"item", diff.article},
           {"label", {{"en", std::string(label.en)}, {"ja", std::string(label.ja)}}},
           {"new", diff.after},
           {"old", diff.before},
           {"pointer", diff.pointer}};
  if (is_array_of_scalars(diff.before) && is_array_of_scalars(diff.after)) {
    out["added"] = only_in(diff.after, diff.before);
    out["removed"] = only_in(diff.before, diff.after);
  }
  return out;
}

Json to_json(const std::vector<FieldDiff>& diffs) {
  Json out = Json::array();
  for (const FieldDiff& diff : diffs) out.push_back(to_json(diff));
  return out;
}

}  // namespace ismap::registry
