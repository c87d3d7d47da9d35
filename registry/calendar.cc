#include "registry/calendar.h"

namespace ismap::registry {

namespace {

using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month_day;
using std::chrono::year_month_day_last;

/// The named day `n` months on, and whether that month lacks it (then the day is its last).
struct Corresponding {
  Day day;
  bool clamped;
};

Corresponding corresponding(Day day, int n) {
  const year_month_day from = day.civil();
  const year_month_day to = from + months{n};
  if (to.ok()) return {Day{sys_days{to}}, false};
  return {Day{sys_days{year_month_day_last{to.year(), std::chrono::month_day_last{to.month()}}}}, true};
}

}  // namespace

Day add_months(Day day, int n) { return corresponding(day, n).day; }

Day within_months(Day day, int n) {
  const Corresponding end = corresponding(day.plus(1), n);
  return end.clamped ? end.day : end.day.plus(-1);
}

Day within_years(Day day, int years) { return within_months(day, 12 * years); }

Day expiry_of(Day audit_end) { return due(audit_end, kRegistrationTerm); }

Day latest_audit_end(Day audit_start) { return due(audit_start.plus(-1), kAuditPeriodAtMost); }

Day half_year_decision_due(Day made) {
  const year_month_day d = made.civil();
  const auto month = static_cast<unsigned>(d.month());
  const bool first_half = month >= 4 && month <= 9;
  const std::chrono::year end_year = month >= 10 ? d.year() + std::chrono::years{1} : d.year();
  const auto half_year_end =
      first_half ? sys_days{d.year() / std::chrono::September / 30} : sys_days{end_year / std::chrono::March / 31};
  return due(Day{half_year_end}, kHalfYearDecision);
}

Day due(Day day, const Parameter& term, const HolidayOverrides& overrides) {
  switch (term.unit) {
    case Unit::days:
      return day.plus(term.value);
    case Unit::administrative_days:
      return due_after_administrative_days(day, term.value, overrides);
    case Unit::months:
      return within_months(day, term.value);
    case Unit::years:
      return within_years(day, term.value);
  }
  return day;
}

}  // namespace ismap::registry
