#include "registry/corporate_number.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/text.h"

namespace ismap::registry {

namespace {

constexpr std::size_t kNumberDigits = 13;

Error refused_number(std::string ja, std::string en) {
  return {Code::invalid, "", "11.5(3)", std::move(ja), std::move(en)};
}

/// "4.0011E+12": what a spreadsheet makes of a long number.
bool is_exponent(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos || e == 0 || e + 1 == text.size()) return false;
  const auto in_mantissa = [](char c) { return is_digit(c) || c == '.'; };
  std::string_view power = text.substr(e + 1);
  if (power[0] == '+') power.remove_prefix(1);
  const std::string_view mantissa = text.substr(0, e);
  return !power.empty() && std::all_of(mantissa.begin(), mantissa.end(), in_mantissa) &&
         std::all_of(power.begin(), power.end(), is_digit);
}

Error not_digits(std::string_view text) {
  if (is_exponent(text)) {
    return refused_number(
        fmt::format("法人番号「{}」は表計算ソフトの指数表記で、桁が失われています。列を文字列にして13桁の"
                    "数字を入れ直してください",
                    excerpt(text)),
        fmt::format("corporate number \"{}\" was turned into exponent form by a spreadsheet and has lost "
                    "digits; format the column as text and enter all 13 digits",
                    excerpt(text)));
  }
  return refused_number(
      fmt::format("法人番号「{}」に数字でない文字があります。半角数字13桁だけで書いてください", excerpt(text)),
      fmt::format("corporate number \"{}\" has a character that is no ASCII digit; write 13 digits and "
                  "nothing else",
                  excerpt(text)));
}

}  // namespace

char corporate_check_digit(std::string_view twelve) {
  int sum = 0;
  int weight = 1;
  for (auto digit = twelve.rbegin(); digit != twelve.rend(); ++digit) {
    sum += (*digit - '0') * weight;
    weight = 3 - weight;
  }
  return static_cast<char>('0' + (9 - sum % 9));
}

Result<CorporateNumber> parse_corporate_number(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), is_digit)) return not_digits(text);
  if (text.size() != kNumberDigits) {
    return refused_number(
        fmt::format("法人番号「{}」は{}桁です。13桁で書いてください", excerpt(text), text.size()),
        fmt::format("corporate number \"{}\" has {} digits; write all 13", excerpt(text), text.size()));
  }
  const char expected = corporate_check_digit(text.substr(1));
  if (text[0] != expected) {
    return refused_number(
        fmt::format("法人番号「{}」の検査用数字が合いません（後ろの12桁からは先頭が{}になります）。"
                    "国税庁の法人番号公表サイトで番号を確かめてください",
                    text, expected),
        fmt::format("the check digit of corporate number \"{}\" does not agree (the other twelve digits "
                    "call for {}); look the number up at the National Tax Agency",
                    text, expected));
  }
  return CorporateNumber{std::string(text)};
}

}  // namespace ismap::registry
