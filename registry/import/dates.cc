#include "registry/import/dates.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "registry/calendar.h"
#include "registry/import/glyphs.h"
#include "registry/text.h"

namespace ismap::registry::importing {

namespace {

/// An era by its names; what days it has is from_era's knowledge.
struct Era {
  std::string_view name;
  std::string_view sign;  ///< one character of Unicode
  std::string_view letter;
};

constexpr std::array<Era, 5> kEras{
    {{"令和", "㋿", "R"}, {"平成", "㍻", "H"}, {"昭和", "㍼", "S"}, {"大正", "㍽", "T"}, {"明治", "㍾", "M"}}};

/// What stands behind year, month and day.
struct Form {
  std::string_view after_year;
  std::string_view after_month;
  std::string_view after_day;
};

constexpr std::array<Form, 4> kForms{{{"年", "月", "日"}, {"/", "/", ""}, {"-", "-", ""}, {".", ".", ""}}};
constexpr std::array<std::string_view, 7> kWeekdays{"日", "月", "火", "水", "木", "金", "土"};

/// A date taken apart; the year is still text, it may be 元.
struct DateParts {
  std::string_view year;
  unsigned month = 0;
  unsigned day = 0;
};

bool digits(std::string_view s, std::size_t least, std::size_t most) {
  return s.size() >= least && s.size() <= most &&
         std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// REQUIRES: at most eight digits.
unsigned number(std::string_view s) {
  unsigned n = 0;
  for (const char c : s) n = n * 10 + static_cast<unsigned>(c - '0');
  return n;
}

std::optional<DateParts> apart(std::string_view s, const Form& form) {
  const std::size_t y = s.find(form.after_year);
  if (y == std::string_view::npos) return std::nullopt;
  const std::string_view rest = s.substr(y + form.after_year.size());
  const std::size_t m = rest.find(form.after_month);
  if (m == std::string_view::npos) return std::nullopt;
  std::string_view d = rest.substr(m + form.after_month.size());
  if (!d.ends_with(form.after_day)) return std::nullopt;
  d.remove_suffix(form.after_day.size());
  if (!digits(rest.substr(0, m), 1, 2) || !digits(d, 1, 2)) return std::nullopt;
  return DateParts{s.substr(0, y), number(rest.substr(0, m)), number(d)};
}

std::optional<DateParts> apart(std::string_view s) {
  for (const Form& form : kForms) {
    if (const auto parts = apart(s, form)) return parts;
  }
  return std::nullopt;
}

Error unreadable(std::string_view cell) {
  return refusal(
      "", fmt::format("「{}」は日付として読めません。{} のどれかの形で書いてください", excerpt(cell), kDateExamples),
      fmt::format("\"{}\" cannot be read as a day; write 2026-03-13, 2026/3/13 or 令和8年3月13日", excerpt(cell)));
}

Error no_such_day(std::string_view cell) {
  return refusal("", fmt::format("「{}」は存在しない日です。実在する日に直してください", excerpt(cell)),
                 fmt::format("\"{}\" is a day that does not exist; write a real one", excerpt(cell)));
}

Result<Day> era_day(std::string_view cell, const Era& era, std::string_view rest) {
  const auto parts = apart(rest);
  if (!parts || (parts->year != "元" && !digits(parts->year, 1, 2))) return unreadable(cell);
  const unsigned year = parts->year == "元" ? 1 : number(parts->year);
  if (year == 0) {
    return refusal("", fmt::format("「{}」：{}に0年はありません。最初の年は元年（1年）です", excerpt(cell), era.name),
                   fmt::format("\"{}\": the era {} has no year 0; its first year is 1", excerpt(cell), era.name));
  }
  const auto day = from_era(era.name, static_cast<int>(year), parts->month, parts->day);
  if (day) return *day;
  // Not in the calendar, or real but not of this era: 29 February aside, a leap year has every day there is.
  constexpr int kLeapYear = 2000;
  const bool leap_day = parts->month == 2 && parts->day == 29;
  if (leap_day || !Day::from_civil(kLeapYear, parts->month, parts->day)) return no_such_day(cell);
  return refusal(
      "", fmt::format("「{}」は{}の範囲の外の日です。正しい元号か西暦で書いてください", excerpt(cell), era.name),
      fmt::format("\"{}\" lies outside the era {}; write the right era or the western year", excerpt(cell), era.name));
}

/// A count of days that a spreadsheet shows where the cell lost its date format: five digits.
std::optional<Error> serial_number(std::string_view cell, std::string_view s) {
  const std::string_view whole = s.substr(0, s.find('.'));
  if (!digits(whole, 5, 5) || (whole.size() < s.size() && !digits(s.substr(6), 1, 12))) return std::nullopt;
  const Day day = Day{std::chrono::sys_days{std::chrono::year{1899} / 12 / 30}}.plus(static_cast<int>(number(whole)));
  return refusal("",
                 fmt::format("「{}」は表計算ソフトの日付の通し番号のようです（{} "
                             "に当たります）。セルの書式を日付にして保存し直してください",
                             excerpt(cell), day.iso()),
                 fmt::format("\"{}\" looks like a spreadsheet's serial number (it would be {}); give the cell a date "
                             "format and save again",
                             excerpt(cell), day.iso()));
}

Result<Day> western_day(std::string_view cell, std::string_view s) {
  if (const auto serial = serial_number(cell, s)) return *serial;
  std::optional<DateParts> parts = apart(s);
  if (!parts && digits(s, 8, 8)) parts = DateParts{s.substr(0, 4), number(s.substr(4, 2)), number(s.substr(6, 2))};
  if (!parts) return unreadable(cell);
  if (digits(parts->year, 1, 2)) {
    return refusal(
        "",
        fmt::format("「{}」は年が2桁以下です。西暦は4桁で、和暦は元号を付けて（R8.3.13）書いてください", excerpt(cell)),
        fmt::format("\"{}\" has a year of two digits; write four, or an era (R8.3.13)", excerpt(cell)));
  }
  if (!digits(parts->year, 4, 4)) return unreadable(cell);
  const auto day = Day::from_civil(static_cast<int>(number(parts->year)), parts->month, parts->day);
  if (!day) return no_such_day(cell);
  return *day;
}

bool takes(std::string_view& s, std::string_view end) {
  if (end.empty() || !s.ends_with(end)) return false;
  s.remove_suffix(end.size());
  return true;
}

void drop_spaces_at_end(std::string_view& s) {
  while (takes(s, " ")) {
  }
}

/// Cuts a time of day off; refuses one that is not zero.
std::optional<Error> drop_time(std::string_view cell, std::string_view& s) {
  const std::size_t colon = s.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::size_t space = s.find_last_of(" T", colon);
  if (space == std::string_view::npos) return unreadable(cell);
  const std::string_view time = s.substr(space + 1);
  if (time.find_first_not_of("0:") != std::string_view::npos) {
    return refusal("", fmt::format("「{}」に時刻があります。日だけを書いてください", excerpt(cell)),
                   fmt::format("\"{}\" has a time of day; write the day alone", excerpt(cell)));
  }
  s = s.substr(0, space);
  drop_spaces_at_end(s);
  return std::nullopt;
}

/// Cuts a day of the week in brackets off; its number from Sunday = 0.
std::optional<unsigned> drop_weekday(std::string_view& s) {
  std::string_view left = s;
  if (!takes(left, ")")) return std::nullopt;
  if (!takes(left, "曜日")) takes(left, "曜");
  for (unsigned n = 0; n < kWeekdays.size(); ++n) {
    if (takes(left, kWeekdays[n]) && takes(left, "(")) {
      s = left;
      drop_spaces_at_end(s);
      return n;
    }
  }
  return std::nullopt;
}

Result<Day> plain_day(std::string_view cell, std::string_view s) {
  for (const Era& era : kEras) {
    for (const std::string_view start : {era.name, era.sign, era.letter}) {
      if (s.starts_with(start)) return era_day(cell, era, s.substr(start.size()));
    }
  }
  return western_day(cell, s);
}

/// Half-width, dashes as hyphens, the era's letter as a capital.
std::string prepared(std::string_view cell) {
  std::u32string points = code_points(cell);
  for (char32_t& c : points) {
    c = half_width(c);
    if (is_dash(c)) c = U'-';
    if (is_space(c)) c = U' ';
  }
  std::string s = utf8(trimmed(std::u32string_view{points}));
  if (!s.empty() && s[0] >= 'a' && s[0] <= 'z') s[0] = static_cast<char>(s[0] - 'a' + 'A');
  return s;
}

}  // namespace

Result<Day> day_in(std::string_view cell) {
  const std::string text = prepared(cell);
  std::string_view s = text;
  if (auto error = drop_time(cell, s)) return *error;
  const std::optional<unsigned> weekday = drop_weekday(s);
  std::string packed(s);
  // 令和 8 年 3 月 13 日: spaces are an ornament there, and nowhere else.
  if (packed.find("年") != std::string::npos) std::erase(packed, ' ');
  Result<Day> day = plain_day(cell, packed);
  if (day && weekday && std::chrono::weekday{day->sys_days()}.c_encoding() != *weekday) {
    return refusal(
        "", fmt::format("「{}」の曜日が日付と合いません。日か曜日のどちらかを直してください", excerpt(cell)),
        fmt::format("\"{}\": that day is another day of the week; mend the day or the weekday", excerpt(cell)));
  }
  return day;
}

}  // namespace ismap::registry::importing
