#pragma once

#include <string>
#include <vector>

#include "registry/canonical_json.h"

/// What two states of a record differ in, field by field.
namespace ismap::registry {

/// One field that differs. A field that is in one state alone is null in the other.
struct FieldDiff {
  std::string pointer;  ///< RFC 6901: "/provider/address/ja"
  std::string article;  ///< of the listed item: "11.5(3)"
  Json before;
  Json after;
  friend bool operator==(const FieldDiff&, const FieldDiff&) = default;
};

/// The fields in which `after` differs from `before`, in the order of their names. Objects are compared member by
/// member, arrays as wholes. Either may be null: a record that is not there. Article: 11.5
std::vector<FieldDiff> record_diff(const Json& before, const Json& after);

/// {"pointer", "item", "label": {"ja", "en"}, "old", "new"}; of two arrays of texts or numbers also "added", "removed".
Json to_json(const FieldDiff& diff);
Json to_json(const std::vector<FieldDiff>& diffs);

}  // namespace ismap::registry
