#include "feed/verify/octets.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "feed/crypto.h"
#include "feed/verify/leaves.h"
#include "registry/canonical_json.h"
#include "registry/event.h"

namespace ismap::feed::verify {
namespace {

/// The slow twin: an object that is its own RFC 8785 form.
bool is_canonical_object(const std::string& text) {
  const auto json = registry::parse_json(text);
  return json && json->is_object() && registry::canonical(*json) == text;
}

std::string sample(const char* name) {
  std::ifstream file(std::string(ISMAP_TEST_DATA "/") + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(CanonicalMembers, AreThoseOfTheTextAndOfWhatItHolds) {
  const auto members = canonical_members(R"({"a":1,"b":[true,{"x":0}],"c":{"d":"e","f":{"g":null}}})");
  ASSERT_TRUE(members);
  std::string seen;
  for (const Member& m : *members)
    seen += std::to_string(m.depth) + std::string(m.name) + "=" + std::string(m.value) + " ";
  EXPECT_EQ(seen, R"(1a=1 1b=[true,{"x":0}] 2=true 2={"x":0} 1c={"d":"e","f":{"g":null}} 2d="e" 2f={"g":null} )");
  EXPECT_TRUE(values_of(*members, {"a", "b", "c"}));
  EXPECT_FALSE(values_of(*members, {"a", "b"}));
  EXPECT_FALSE(values_of(*members, {"a", "b", "c", "d"}));
}

TEST(CanonicalMembers, AreOnlyThoseOfTheOneForm) {
  const std::vector<std::string> texts{"{}",
                                       "",
                                       "[]",
                                       "1",
                                       "{",
                                       "{}}",
                                       " {}",
                                       "{} ",
                                       R"({"a":1})",
                                       R"({"a": 1})",
                                       R"({"a":1,})",
                                       R"({"a":1,"a":1})",
                                       R"({"b":1,"a":1})",
                                       R"({"a":1,"b":1})",
                                       R"({"a":01})",
                                       R"({"a":-0})",
                                       R"({"a":-1})",
                                       R"({"a":1.0})",
                                       R"({"a":1e1})",
                                       R"({"a":9007199254740991})",
                                       R"({"a":9007199254740992})",
                                       R"({"a":-9007199254740991})",
                                       R"({"a":-9007199254740992})",
                                       R"({"a":99999999999999999999})",
                                       R"({"a":"\n"})",
                                       R"({"a":"\u000a"})",
                                       R"({"a":"\u000b"})",
                                       R"({"a":"\u000B"})",
                                       R"({"a":"\u001f"})",
                                       R"({"a":"\u0020"})",
                                       R"({"a":"\/"})",
                                       R"({"a":"/"})",
                                       R"({"a":"\\\""})",
                                       R"({"a":"\u67b6"})",
                                       "{\"a\":\"\n\"}",
                                       "{\"a\":\"\x7f\"}",
                                       "{\"a\":\"\xC0\x80\"}",
                                       "{\"a\":\"\xED\xA0\x80\"}",
                                       "{\"a\":\"\xF4\x90\x80\x80\"}",
                                       "{\"a\":\"\xF0\x9F\x98\x80\"}",
                                       "{\"a\":\"\xE6\x9E\xB6\"}",
                                       "{\"a\":\"\xE6\x9E\"}",
                                       "{\"a\":\"",
                                       "{\"a\":tru}",
                                       "{\"a\":nulll}",
                                       "{\"a\":}",
                                       "{\"\xE6\x9E\xB6\":1}",
                                       R"({"a":[]})",
                                       R"({"a":[1,]})",
                                       R"({"a":[1 ,2]})",
                                       R"({"a":{"c":1,"b":2}})"};
  for (const std::string& text : texts) {
    EXPECT_EQ(canonical_members(text).has_value(), is_canonical_object(text)) << text;
  }
  for (const int depth : {30, 31, 32, 33}) {
    std::string text = R"({"a":)";
    for (int i = 0; i < depth; ++i) text += '[';
    for (int i = 0; i < depth; ++i) text += ']';
    text += '}';
    EXPECT_EQ(canonical_members(text).has_value(), is_canonical_object(text)) << depth;
  }
}

TEST(CanonicalMembers, AreThoseThatTheSlowTwinWouldTakeWhateverIsChanged) {
  std::mt19937 random(20260401);
  const std::string leaf = sample("example-leaf.json");
  ASSERT_TRUE(canonical_members(leaf));
  for (int i = 0; i < 6'000; ++i) {
    std::string changed = leaf;
    const std::size_t at = random() % changed.size();
    if (i % 3 == 0) {
      changed.erase(at, 1);
    } else if (i % 3 == 1) {
      changed.insert(at, 1, static_cast<char>(random() % 256));
    } else {
      changed[at] = static_cast<char>(random() % 256);
    }
    const bool quick = canonical_members(changed).has_value();
    // The one difference: no name of ours has an escape.
    if (!quick && changed.find('\\') != std::string::npos) continue;
    ASSERT_EQ(quick, is_canonical_object(changed)) << changed;
  }
}

TEST(LightLeaf, IsTheLeafThatTheRegisterReads) {
  for (const char* name : {"example-leaf.json", "example-leaf-corrected.json", "example-leaf-key.json"}) {
    const std::string octets = sample(name);
    const auto light = read_leaf(octets);
    const auto event = registry::parse_leaf(octets);
    ASSERT_TRUE(light) << name;
    ASSERT_TRUE(event.ok()) << name;
    EXPECT_EQ(light->seq, event->seq);
    EXPECT_EQ(light->prev, event->prev);
    EXPECT_EQ(light->kind, event->kind);
    EXPECT_EQ(light->id, registry::record_id(*event));
    EXPECT_EQ(light->recorded_at, event->recorded_at.iso());
    EXPECT_EQ(light->article, event->article ? event->article->value() : "");
  }
}

TEST(LightLeaf, TakesNothingThatTheRegisterWouldRefuse) {
  std::mt19937 random(20260402);
  for (const char* name : {"example-leaf.json", "example-leaf-corrected.json", "example-leaf-key.json"}) {
    const std::string octets = sample(name);
    for (int i = 0; i < 2'000; ++i) {
      std::string changed = octets;
      changed[random() % changed.size()] = static_cast<char>(' ' + random() % 95);
      ASSERT_TRUE(!read_leaf(changed) || registry::parse_leaf(changed).ok()) << changed;
    }
  }
}

TEST(IsBase64Of, AgreesWithTheEncoder) {
  std::string bytes;
  for (int n = 0; n < 70; ++n) {
    const std::string text = base64(bytes);
    EXPECT_TRUE(is_base64_of(text, bytes));
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string changed = text;
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      EXPECT_FALSE(is_base64_of(changed, bytes));
    }
    EXPECT_FALSE(is_base64_of(text + "=", bytes));
    bytes += static_cast<char>(n * 37);
  }
}

}  // namespace
}  // namespace ismap::feed::verify
