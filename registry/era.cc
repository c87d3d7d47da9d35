#include <fmt/format.h>

#include <array>

#include "registry/calendar.h"

namespace ismap::registry {

namespace {

struct Era {
  std::string_view name;
  char letter;
  Day first;
  Day last;
};

constexpr Day on(int year, unsigned month, unsigned day) {
  return Day{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day)};
}

/// Newest first. A day on which the era changed belongs to the new one (改元の詔書, 元号法 and its orders).
constexpr std::array kEras = {
    Era{"令和", 'R', on(2019, 5, 1), on(2999, 12, 31)}, Era{"平成", 'H', on(1989, 1, 8), on(2019, 4, 30)},
    Era{"昭和", 'S', on(1926, 12, 25), on(1989, 1, 7)}, Era{"大正", 'T', on(1912, 7, 30), on(1926, 12, 24)},
    Era{"明治", 'M', on(1868, 1, 25), on(1912, 7, 29)},
};

bool named(const Era& era, std::string_view text) {
  if (text == era.name) return true;
  return text.size() == 1 && (text[0] == era.letter || text[0] == era.letter + ('a' - 'A'));
}

int first_year(const Era& era) { return static_cast<int>(era.first.civil().year()); }

}  // namespace

std::optional<Day> from_era(std::string_view era, int year, unsigned month, unsigned day) {
  constexpr int kYearsAtMost = 1000;
  if (year < 1 || year > kYearsAtMost) return std::nullopt;
  for (const Era& e : kEras) {
    if (!named(e, era)) continue;
    const auto d = Day::from_civil(first_year(e) + year - 1, month, day);
    return d && *d >= e.first && *d <= e.last ? d : std::nullopt;
  }
  return std::nullopt;
}

std::string era_text(Day day) {
  const auto d = day.civil();
  const int year = static_cast<int>(d.year());
  const std::string rest = fmt::format("{}月{}日", static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
  for (const Era& era : kEras) {
    if (day < era.first || day > era.last) continue;
    const int n = year - first_year(era) + 1;
    return fmt::format("{}{}年（{}年）{}", era.name, n == 1 ? "元" : std::to_string(n), year, rest);
  }
  return fmt::format("{}年{}", year, rest);
}

}  // namespace ismap::registry
