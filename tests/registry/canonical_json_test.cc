#include "registry/canonical_json.h"

#include <gtest/gtest.h>

namespace ismap::registry {
namespace {

using std::string_literals::operator""s;

TEST(ParseJson, ReadsTheOctetsWhole) {
  ASSERT_TRUE(parse_json(R"({"a":1})").ok());
  EXPECT_TRUE(parse_json(" {\"a\":1}\r\n\t").ok()) << "white space is JSON's own";
  for (const std::string& text :
       {"{\"a\":1}\0junk"s, "{\"a\":1}\0"s, "{\"a\":1}\0{\"a\":2}"s, "\0{\"a\":1}"s, "{\"a\":\"\0\"}"s, "\0"s,
        "\xEF\xBB\xBF{\"a\":1}"s, "\xEF\xBB\xBF"s, "\xEF\xBB\xBF\xEF\xBB\xBF{}"s, "{}\xEF\xBB\xBF"s, "{} {}"s, ""s}) {
    const auto read = parse_json(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.errors().front().code, Code::malformed);
    EXPECT_FALSE(read.errors().front().ja.empty());
  }
}

}  // namespace
}  // namespace ismap::registry
