#include "registry/corporate_number.h"

#include <gtest/gtest.h>

#include <string>

namespace ismap::registry {
namespace {

std::string number_refusal(std::string_view text) {
  const auto result = parse_corporate_number(text);
  EXPECT_FALSE(result.ok()) << text;
  if (result.ok()) return "";
  EXPECT_EQ(result.errors().front().article, "11.5(3)");
  EXPECT_FALSE(result.errors().front().ja.empty());
  return result.errors().front().en;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

constexpr const char* kValid[] = {"4011001098993", "1180301018771", "7000012050002", "2120901007402", "7123456789012"};

TEST(CorporateNumber, CheckDigitAgrees) {
  for (const char* text : kValid) {
    const auto result = parse_corporate_number(text);
    ASSERT_TRUE(result.ok()) << text;
    EXPECT_EQ(result->value(), text);
    EXPECT_EQ(corporate_check_digit(std::string_view(text).substr(1)), text[0]);
  }
}

TEST(CorporateNumber, OneChangedDigitIsRefusedUnlessItIsCongruentModulo9) {
  for (const std::string text : kValid) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (char c = '0'; c <= '9'; ++c) {
        std::string changed = text;
        changed[at] = c;
        // 0 and 9 are the same to a sum modulo 9: no check digit of this kind tells them apart but in first place.
        const bool same = c == text[at] || (at > 0 && (c - text[at]) % 9 == 0);
        EXPECT_EQ(parse_corporate_number(changed).ok(), same) << changed;
      }
    }
  }
}

TEST(CorporateNumber, CheckDigitIsFrom1To9) {
  EXPECT_EQ(corporate_check_digit("000000000000"), '9');
  EXPECT_EQ(corporate_check_digit("000000000008"), '1');
  EXPECT_EQ(corporate_check_digit("000000000009"), '9');
  EXPECT_EQ(corporate_check_digit("000000000010"), '7');
}

TEST(CorporateNumber, MessagesTellTheMistakesApart) {
  EXPECT_TRUE(has(number_refusal("401100109899"), "12 digits"));
  EXPECT_TRUE(has(number_refusal("40110010989933"), "14 digits"));
  EXPECT_TRUE(has(number_refusal(""), "0 digits"));
  EXPECT_TRUE(has(number_refusal("5011001098993"), "call for 4"));
  EXPECT_TRUE(has(number_refusal("401100109899X"), "no ASCII digit"));
  EXPECT_TRUE(has(number_refusal("４０１１００１０９８９９３"), "no ASCII digit"));
  EXPECT_TRUE(has(number_refusal("4011001098993 "), "no ASCII digit"));
  EXPECT_TRUE(has(number_refusal("-4011001098993"), "no ASCII digit"));
}

TEST(CorporateNumber, ASpreadsheetsExponentIsExplained) {
  for (const char* text : {"4.0011E+12", "4.011001098993e12", "4E+12"}) {
    EXPECT_TRUE(has(number_refusal(text), "spreadsheet")) << text;
  }
  for (const char* text : {"E+12", "4E", "4E+", "4E-x"}) EXPECT_FALSE(has(number_refusal(text), "spreadsheet")) << text;
}

}  // namespace
}  // namespace ismap::registry
