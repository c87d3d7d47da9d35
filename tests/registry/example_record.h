#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "registry/service.h"

/// The example leaf's record, and small changes to it.
namespace ismap::registry::example_record {

/// tests/data/example-leaf.json
inline Json example_leaf() {
  std::ifstream in(ISMAP_TEST_DATA "/example-leaf.json", std::ios::binary);
  return parse_json(std::string(std::istreambuf_iterator<char>(in), {})).value();
}

/// The record of the example leaf, changed.
inline Json record(const std::function<void(Json&)>& change = [](Json&) {}) {
  Json r = example_leaf().at("record");
  change(r);
  return r;
}

/// The example's record with one member set.
inline Json with(const std::string& pointer, Json value) {
  return record([&](Json& r) { r[Json::json_pointer(pointer)] = std::move(value); });
}

/// The example's record less one member.
inline Json without(const std::string& pointer) {
  return record([&](Json& r) {
    const Json::json_pointer p(pointer);
    r[p.parent_pointer()].erase(p.back());
  });
}

/// The pointers and articles of all refusals: "/url 11.5(2)".
inline std::vector<std::string> refusals(const Json& r) {
  const auto result = parse_service(r);
  std::vector<std::string> out;
  if (result.ok()) return out;
  for (const Error& e : result.errors()) {
    EXPECT_EQ(e.code, Code::invalid);
    EXPECT_FALSE(e.ja.empty());
    EXPECT_FALSE(e.en.empty());
    EXPECT_LT(e.en.size(), 600U) << e.en;
    out.push_back(e.pointer + " " + e.article);
  }
  return out;
}

/// The first refusal's English text.
inline std::string message(const Json& r) {
  const auto result = parse_service(r);
  return result.ok() ? "" : result.errors().front().en;
}

using List = std::vector<std::string>;

/// The service of a changed record. REQUIRES: it is a good one.
inline Service example(const std::function<void(Json&)>& change) { return parse_service(record(change)).value(); }

}  // namespace ismap::registry::example_record
