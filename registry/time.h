#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ismap::registry {

/// A JST civil date (JST = UTC+9, no daylight saving). Days are counted from 1970-01-01.
class Day {
 public:
  Day() = default;
  explicit constexpr Day(std::chrono::sys_days d) : days_(d) {}

  /// The day year-month-day, or nothing when the calendar has none or the year is not in 1900–2999.
  static std::optional<Day> from_civil(int year, unsigned month, unsigned day);
  /// Reads exactly `YYYY-MM-DD`.
  static std::optional<Day> parse(std::string_view text);

  [[nodiscard]] std::string iso() const;
  [[nodiscard]] std::chrono::year_month_day civil() const { return days_; }
  [[nodiscard]] std::chrono::sys_days sys_days() const { return days_; }
  /// Days since 1970-01-01; fits 32 bits.
  [[nodiscard]] std::int32_t number() const { return static_cast<std::int32_t>(days_.time_since_epoch().count()); }
  [[nodiscard]] Day plus(int days) const { return Day{days_ + std::chrono::days{days}}; }

  friend constexpr auto operator<=>(const Day&, const Day&) = default;

 private:
  std::chrono::sys_days days_{};
};

/// A UTC instant. Units: milliseconds since 1970-01-01T00:00:00Z.
class Instant {
 public:
  Instant() = default;
  explicit constexpr Instant(std::int64_t unix_milliseconds) : ms_(unix_milliseconds) {}

  /// Reads `YYYY-MM-DDTHH:MM:SSZ` or `YYYY-MM-DDTHH:MM:SS.mmmZ`.
  static std::optional<Instant> parse(std::string_view text);

  /// Always 24 characters: `2026-05-20T01:23:45.678Z`.
  [[nodiscard]] std::string iso() const;
  [[nodiscard]] std::int64_t unix_milliseconds() const { return ms_; }
  [[nodiscard]] std::int64_t unix_seconds() const;
  /// The JST civil day on which this instant falls.
  [[nodiscard]] Day jst_day() const;
  /// The first instant of `day` in JST.
  static Instant start_of(Day day);
  [[nodiscard]] Instant plus_seconds(std::int64_t s) const { return Instant{ms_ + s * 1000}; }

  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;

 private:
  std::int64_t ms_ = 0;
};

/// Seconds since 1970 that somebody states may not be more: their milliseconds must fit an Instant.
inline constexpr std::uint64_t kLastUnixSecond = std::uint64_t{1} << 40U;

}  // namespace ismap::registry
