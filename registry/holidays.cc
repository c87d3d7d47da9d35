#include <fmt/format.h>

#include <array>

#include "registry/calendar.h"
#include "registry/embedded.h"

namespace ismap::registry {

namespace {

using std::chrono::weekday;

constexpr int kForEver = 9999;

struct FixedDay {
  unsigned month;
  unsigned day;
  int from;
  int to;
};
constexpr std::array kFixedDays = {
    FixedDay{1, 1, 1949, kForEver},    // 元日
    FixedDay{2, 11, 1967, kForEver},   // 建国記念の日
    FixedDay{2, 23, 2020, kForEver},   // 天皇誕生日
    FixedDay{4, 29, 1949, kForEver},   // 昭和の日
    FixedDay{5, 3, 1949, kForEver},    // 憲法記念日
    FixedDay{5, 4, 2007, kForEver},    // みどりの日
    FixedDay{5, 5, 1949, kForEver},    // こどもの日
    FixedDay{8, 11, 2016, kForEver},   // 山の日
    FixedDay{11, 3, 1948, kForEver},   // 文化の日
    FixedDay{11, 23, 1948, kForEver},  // 勤労感謝の日
    FixedDay{12, 23, 1989, 2018},      // 天皇誕生日
};

struct Monday {
  unsigned month;
  unsigned nth;
  int from;
};
constexpr std::array kMondays = {
    Monday{1, 2, 2000},   // 成人の日
    Monday{7, 3, 2003},   // 海の日
    Monday{9, 3, 2003},   // 敬老の日
    Monday{10, 2, 2000},  // スポーツの日
};

/// Units: millionths of a day. Source: facts §1; good from 1980 to 2099.
struct Equinox {
  unsigned month;
  int in_1980;
};
constexpr std::array kEquinoxes = {Equinox{3, 20'843'100}, Equinox{9, 23'248'800}};
constexpr int kEquinoxFrom = 1980;
constexpr int kEquinoxTo = 2099;

bool is_equinox(int year, unsigned month, unsigned day) {
  if (year < kEquinoxFrom || year > kEquinoxTo) return false;
  const int n = year - kEquinoxFrom;
  for (const Equinox& e : kEquinoxes) {
    const int falls_on = (e.in_1980 + 242'194 * n) / 1'000'000 - n / 4;
    if (month == e.month && static_cast<int>(day) == falls_on) return true;
  }
  return false;
}

/// 国民の祝日: the days that article 2 of the Act names, or a special law.
bool is_named(Day day, const HolidayOverrides& overrides) {
  if (const auto it = overrides.find(day); it != overrides.end()) return it->second;
  const auto civil = day.civil();
  const int year = static_cast<int>(civil.year());
  const auto month = static_cast<unsigned>(civil.month());
  const auto d = static_cast<unsigned>(civil.day());
  for (const FixedDay& f : kFixedDays) {
    if (f.month == month && f.day == d && year >= f.from && year <= f.to) return true;
  }
  const bool monday = weekday{day.sys_days()} == std::chrono::Monday;
  for (const Monday& m : kMondays) {
    if (monday && m.month == month && m.nth == (d + 6) / 7 && year >= m.from) return true;
  }
  return is_equinox(year, month, d);
}

/// 振替休日: the first day after a named holiday on a Sunday that is not named itself (article 3, paragraph 2).
bool is_substitute(Day day, const HolidayOverrides& overrides) {
  for (Day before = day.plus(-1); is_named(before, overrides); before = before.plus(-1)) {
    if (weekday{before.sys_days()} == std::chrono::Sunday) return true;
  }
  return false;
}

bool is_turn_of_year(Day day) {
  const auto civil = day.civil();
  const auto d = static_cast<unsigned>(civil.day());
  return (civil.month() == std::chrono::December && d >= 29) || (civil.month() == std::chrono::January && d <= 3);
}

/// One line of the overrides; nothing when it is none.
std::optional<HolidayOverrides::value_type> override_in(std::string_view line) {
  constexpr std::size_t kLength = 11;  // sign and date
  if (line.size() < kLength || (line[0] != '+' && line[0] != '-')) return std::nullopt;
  if (line.size() > kLength && line[kLength] != ' ') return std::nullopt;
  const auto day = Day::parse(line.substr(1, kLength - 1));
  if (!day) return std::nullopt;
  return HolidayOverrides::value_type{*day, line[0] == '+'};
}

}  // namespace

Result<HolidayOverrides> parse_holiday_overrides(std::string_view text) {
  HolidayOverrides overrides;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line[0] == '#') continue;
    const auto entry = override_in(line);
    if (!entry) {
      return Error{Code::malformed, "", "",
                   fmt::format("{}行目は「+YYYY-MM-DD 名称」又は「-YYYY-MM-DD 名称」の形で書いてください", number),
                   fmt::format("line {}: write +YYYY-MM-DD or -YYYY-MM-DD and a name", number)};
    }
    overrides.insert_or_assign(entry->first, entry->second);
  }
  return overrides;
}

const HolidayOverrides& shipped_holiday_overrides() {
  static const HolidayOverrides overrides =
      parse_holiday_overrides(embedded::registry_data().at("registry/data/holiday-overrides.txt")).value();
  return overrides;
}

bool is_national_holiday(Day day, const HolidayOverrides& overrides) {
  if (is_named(day, overrides) || is_substitute(day, overrides)) return true;
  return is_named(day.plus(-1), overrides) && is_named(day.plus(1), overrides);
}

bool is_administrative_holiday(Day day, const HolidayOverrides& overrides) {
  const weekday w{day.sys_days()};
  return w == std::chrono::Saturday || w == std::chrono::Sunday || is_turn_of_year(day) ||
         is_national_holiday(day, overrides);
}

Day due_after_administrative_days(Day aware, int days, const HolidayOverrides& overrides) {
  Day day = aware;
  for (int counted = 0; counted < days;) {
    day = day.plus(1);
    if (!is_administrative_holiday(day, overrides)) ++counted;
  }
  return day;
}

}  // namespace ismap::registry
