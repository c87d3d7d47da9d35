#include "registry/import/cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "registry/import/glyphs.h"
#include "registry/text.h"

namespace ismap::registry::importing {

namespace {

constexpr std::array<std::string_view, 12> kYes{"○",    "〇", "◯",    "有",  "有り", "あり",
                                                "はい", "済", "true", "yes", "1",    "有る"};
constexpr std::array<std::string_view, 10> kNo{"×", "✕", "✗", "無", "無し", "なし", "いいえ", "false", "no", "0"};
constexpr std::array<std::string_view, 11> kAbout{"約",   "およそ", "おおよそ", "程度", "以上", "以下",
                                                  "未満", "ほど",   "余",       "~",    "～"};
constexpr std::size_t kMostDigits = 9;

Reading refused(std::string ja, std::string en) { return {nullptr, {refusal("", std::move(ja), std::move(en))}}; }

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool all_digits(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string without(std::string s, std::string_view unwanted) {
  std::erase_if(s, [unwanted](char c) { return unwanted.find(c) != std::string_view::npos; });
  return s;
}

/// Half-width and trimmed, dashes as hyphens.
std::string code(std::string_view cell) {
  std::u32string points = code_points(cell);
  for (char32_t& c : points) {
    c = half_width(c);
    if (is_dash(c)) c = U'-';
  }
  return utf8(trimmed(std::u32string_view{points}));
}

/// Digits without their commas, or nothing when a comma stands elsewhere than between thousands.
std::optional<std::string> without_commas(std::string_view s) {
  if (s.find(',') == std::string_view::npos) return std::string(s);
  std::string out;
  for (std::size_t from = 0; from <= s.size();) {
    const std::size_t to = std::min(s.find(',', from), s.size());
    const std::size_t length = to - from;
    if (from == 0 ? length == 0 || length > 3 : length != 3) return std::nullopt;
    out += s.substr(from, length);
    from = to + 1;
  }
  return out;
}

/// Why a cell is no count: the first reason that fits.
Reading no_count(std::string_view cell, const std::string& s) {
  const std::string shown = excerpt(cell);
  if (s.starts_with('-') || s.starts_with("△") || s.starts_with("▲")) {
    return refused(fmt::format("「{}」は負の数です。0以上の整数を書いてください", shown),
                   fmt::format("\"{}\" is negative; write a whole number from 0 up", shown));
  }
  for (const std::string_view word : kAbout) {
    if (s.find(word) == std::string::npos) continue;
    return refused(fmt::format("「{}」は概数です（「{}」）。正確な数だけを数字で書いてください", shown, word),
                   fmt::format("\"{}\" is no exact number; write the exact number in digits alone", shown));
  }
  if (s.find(',') != std::string::npos) {
    return refused(fmt::format("「{}」の桁区切りが3桁ごとではありません。数字だけで書いてください", shown),
                   fmt::format("\"{}\": a comma is not between thousands; write digits alone", shown));
  }
  return refused(fmt::format("「{}」は数ではありません。単位を付けず、0以上の整数を数字だけで書いてください", shown),
                 fmt::format("\"{}\" is no number; write a whole number in digits alone, without a unit", shown));
}

/// 4.0011E+12: what a spreadsheet made of thirteen digits.
bool has_exponent(const std::string& s) {
  const std::size_t e = s.find_first_of("eE");
  return e != std::string::npos && e > 0 && s.find_first_not_of("0123456789.eE+-") == std::string::npos;
}

}  // namespace

Reading read_text(std::string_view cell) { return {std::string(trimmed(cell)), {}}; }

Reading read_id(std::string_view cell) { return {code(cell), {}}; }

Reading read_date(std::string_view cell) {
  Result<Day> day = day_in(cell);
  if (!day) return {nullptr, std::move(day).errors()};
  return {day->iso(), {}};
}

Reading read_flag(std::string_view cell) {
  const std::string word = folded(cell);
  if (among(kYes, word)) return {true, {}};
  if (among(kNo, word)) return {false, {}};
  return refused(fmt::format("「{}」は有無として読めません。「有」か「無」を書いてください（{}、{} も読めます）",
                             excerpt(cell), fmt::join(kYes, " "), fmt::join(kNo, " ")),
                 fmt::format("\"{}\" is neither yes nor no; write 有 or 無 (also read: {} and {})", excerpt(cell),
                             fmt::join(kYes, " "), fmt::join(kNo, " ")));
}

Reading read_count(std::string_view cell) {
  const std::string s = code(cell);
  const std::optional<std::string> plain = without_commas(s);
  if (!plain || !all_digits(*plain)) return no_count(cell, s);
  const std::size_t zeros = std::min(plain->find_first_not_of('0'), plain->size() - 1);
  const std::string figures = plain->substr(zeros);
  if (figures.size() > kMostDigits) {
    return refused(fmt::format("「{}」は大きすぎます。{}桁以下の数を書いてください", excerpt(cell), kMostDigits),
                   fmt::format("\"{}\" is too large; at most {} digits", excerpt(cell), kMostDigits));
  }
  std::int64_t n = 0;
  for (const char c : figures) n = n * 10 + (c - '0');
  return {n, {}};
}

Reading read_corporate_number(std::string_view cell) {
  const std::string s = code(cell);
  if (has_exponent(s)) {
    return refused(fmt::format("「{}"
                               "」は表計算ソフトが指数の表示に変えた数で、桁が失われています。セルの書式を文字列にして1"
                               "3桁を入れ直してください",
                               excerpt(cell)),
                   fmt::format("\"{}\" was turned into an exponent by a spreadsheet and has lost digits; format the "
                               "cell as text and enter all 13",
                               excerpt(cell)));
  }
  const std::string plain = without(s, " -");
  return {all_digits(s.substr(0, 1)) && all_digits(s.substr(s.size() - 1)) ? plain : s, {}};
}

}  // namespace ismap::registry::importing
