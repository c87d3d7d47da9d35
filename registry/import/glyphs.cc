#include "registry/import/glyphs.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace ismap::registry::importing {

namespace {

constexpr std::u32string_view kSpaces =
    U" \t\r\n\v\f\u00A0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    U"\u2009\u200A\u200B\u202F\u205F\u3000\uFEFF";
constexpr std::u32string_view kDashes = U"-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30FC\uFF0D\uFF70";

}  // namespace

std::u32string code_points(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int64_t>(text.size());
  for (std::int64_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(bytes, i, size, c);
    points.push_back(static_cast<char32_t>(c));
  }
  return points;
}

std::string utf8(std::u32string_view points) {
  std::string out;
  out.reserve(points.size() * 3);
  for (const char32_t c : points) {
    std::array<std::uint8_t, U8_MAX_LENGTH> bytes{};
    std::size_t n = 0;
    U8_APPEND_UNSAFE(bytes.data(), n, static_cast<std::uint32_t>(c));
    out.append(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
  }
  return out;
}

bool is_space(char32_t c) { return kSpaces.find(c) != std::u32string_view::npos; }

std::u32string_view trimmed(std::u32string_view text) {
  const std::size_t from = text.find_first_not_of(kSpaces);
  if (from == std::u32string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kSpaces) - from + 1);
}

std::string_view trimmed(std::string_view text) {
  const std::u32string points = code_points(text);
  const std::size_t from = points.find_first_not_of(kSpaces);
  if (from == std::u32string::npos) return {};
  const std::size_t to = points.find_last_not_of(kSpaces) + 1;
  const std::size_t lead = utf8(std::u32string_view{points}.substr(0, from)).size();
  const std::size_t tail = utf8(std::u32string_view{points}.substr(to)).size();
  return text.substr(lead, text.size() - lead - tail);
}

char32_t half_width(char32_t c) {
  if (c >= U'\uFF01' && c <= U'\uFF5E') return c - U'\uFF01' + U'!';
  return c == U'\u3000' ? U' ' : c;
}

std::string half_width(std::string_view text) {
  std::u32string points = code_points(text);
  for (char32_t& c : points) c = half_width(c);
  return utf8(points);
}

bool is_one_of(char32_t c, std::u32string_view set) { return set.find(c) != kNone; }

bool is_dash(char32_t c) { return is_one_of(c, kDashes); }

std::string folded(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU has no NFKC_Casefold data");
  const icu::UnicodeString input =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  const icu::UnicodeString output = fold->normalize(input, status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU could not fold a text");
  std::string out;
  output.toUTF8String(out);
  std::u32string points = code_points(out);
  std::erase_if(points, [](char32_t c) { return is_space(c); });
  return utf8(points);
}

Error refusal(std::string pointer, std::string ja, std::string en) {
  return {Code::invalid, std::move(pointer), "", std::move(ja), std::move(en)};
}

}  // namespace ismap::registry::importing
