#include "registry/time.h"

#include <fmt/format.h>

namespace ismap::registry {

namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;
constexpr std::int64_t kJstOffsetMs = 9 * 3'600'000;

/// Floor division: instants before 1970 fall on the day that contains them.
std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

/// Reads `width` ASCII digits at `at`; nothing if any is not a digit.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t width) {
  if (at + width > text.size()) return std::nullopt;
  int n = 0;
  for (std::size_t i = at; i < at + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    n = n * 10 + (text[i] - '0');
  }
  return n;
}

std::optional<std::int64_t> milliseconds_of_day(std::string_view t) {
  const bool with_ms = t.size() == 13;
  if ((t.size() != 9 && !with_ms) || t[2] != ':' || t[5] != ':' || t.back() != 'Z') return std::nullopt;
  if (with_ms && t[8] != '.') return std::nullopt;
  const auto h = digits(t, 0, 2);
  const auto m = digits(t, 3, 2);
  const auto s = digits(t, 6, 2);
  const auto ms = with_ms ? digits(t, 9, 3) : std::optional<int>{0};
  if (!h || !m || !s || !ms || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
  return ((*h * 60LL + *m) * 60LL + *s) * 1000LL + *ms;
}

}  // namespace

std::optional<Day> Day::from_civil(int year, unsigned month, unsigned day) {
  const std::chrono::year_month_day d{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (!d.ok() || year < 1900 || year > 2999) return std::nullopt;
  return Day{std::chrono::sys_days{d}};
}

std::optional<Day> Day::parse(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = digits(text, 0, 4);
  const auto m = digits(text, 5, 2);
  const auto d = digits(text, 8, 2);
  if (!y || !m || !d) return std::nullopt;
  return from_civil(*y, static_cast<unsigned>(*m), static_cast<unsigned>(*d));
}

std::string Day::iso() const {
  const auto d = civil();
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()), static_cast<unsigned>(d.month()),
                     static_cast<unsigned>(d.day()));
}

std::optional<Instant> Instant::parse(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T') return std::nullopt;
  const auto day = Day::parse(text.substr(0, 10));
  const auto ms = milliseconds_of_day(text.substr(11));
  if (!day || !ms) return std::nullopt;
  return Instant{day->number() * kMsPerDay + *ms};
}

std::string Instant::iso() const {
  const std::int64_t days = floor_div(ms_, kMsPerDay);
  const std::int64_t rest = ms_ - days * kMsPerDay;
  const Day day{std::chrono::sys_days{std::chrono::days{days}}};
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", day.iso(), rest / 3'600'000, rest / 60'000 % 60, rest / 1000 % 60,
                     rest % 1000);
}

std::int64_t Instant::unix_seconds() const { return floor_div(ms_, 1000); }

Day Instant::jst_day() const {
  return Day{std::chrono::sys_days{std::chrono::days{floor_div(ms_ + kJstOffsetMs, kMsPerDay)}}};
}

Instant Instant::start_of(Day day) { return Instant{day.number() * kMsPerDay - kJstOffsetMs}; }

}  // namespace ismap::registry
