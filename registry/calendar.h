#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "registry/parameters.h"
#include "registry/result.h"
#include "registry/time.h"

/// Civil arithmetic of the law on JST days. Pure functions; nothing here knows what day it is.
namespace ismap::registry {

// --- Terms (Civil Code 140, 143) ---

/// The same day `months` later (or earlier), or the last day of that month if it has no such day.
Day add_months(Day day, int months);

/// The last day of "within n months of `day`": counted from the next day, it ends on the day before the corresponding
/// one; where the last month has no corresponding day, on its last day. "n months have passed" = the day after.
/// Source: Civil Code 140, 143; facts §1.
Day within_months(Day day, int months);
/// As within_months, 12 for a year.
Day within_years(Day day, int years);

/// The expiry of a registration whose audit period ended on `audit_end`: one year and four months from the day after.
/// Article: 基本規程3.6. The stated date is authoritative; this one is only compared with it (facts §2).
Day expiry_of(Day audit_end);
/// The last day on which an audit period that began on `audit_start` may end: it lasts one year at most.
Day latest_audit_end(Day audit_start);
/// Until when the ministries decide on a pre-application made on `made` for work not on the eligible list: made from
/// April to September, 31 December; from October to March, 30 June. Article: 5.3
Day half_year_decision_due(Day made);
// --- Holidays ---

/// Days that a special law or the Cabinet made a national holiday (true) or took from the list (false). They count as
/// if the Act itself named them, so substitutes and days between two holidays follow from them.
using HolidayOverrides = std::map<Day, bool>;

/// Reads overrides: a line is `+YYYY-MM-DD` or `-YYYY-MM-DD` and then, after a space, what it is; empty lines and
/// lines that begin with # are skipped. Errors: malformed, with the number of the line.
Result<HolidayOverrides> parse_holiday_overrides(std::string_view text);
/// The overrides that the program carries (registry/data/holiday-overrides.txt).
const HolidayOverrides& shipped_holiday_overrides();

/// Whether the day is a holiday of the Act on National Holidays: one that it names, a substitute for a Sunday, or a
/// day between two of them. Right for 2007–2099: the Act's present form, and the reach of the equinox formula.
/// Source: 国民の祝日に関する法律 2, 3.
bool is_national_holiday(Day day, const HolidayOverrides& overrides = shipped_holiday_overrides());
/// 行政機関の休日: Saturday, Sunday, national holidays, 29 December–3 January.
/// Source: 行政機関の休日に関する法律 1.
bool is_administrative_holiday(Day day, const HolidayOverrides& overrides = shipped_holiday_overrides());
/// The day on which the n-th day that is no administrative holiday falls, counted from the day after `aware`.
/// Article: 13.2. That the day of awareness does not count is an assumption (facts §1).
Day due_after_administrative_days(Day aware, int days, const HolidayOverrides& overrides = shipped_holiday_overrides());

// --- Terms of the law ---

/// The last day of a term that starts to run from what happened on `day`. Only terms in administrative days look at
/// the overrides.
Day due(Day day, const Parameter& term, const HolidayOverrides& overrides = shipped_holiday_overrides());

// --- Era names ---

/// The day named by an era ("令和" or its letter "R", either case; 平成 H, 昭和 S, 大正 T, 明治 M), or nothing when
/// that day lies outside the era, is not in the calendar, or is before 1900 (see Day).
std::optional<Day> from_era(std::string_view era, int year, unsigned month, unsigned day);
/// The day as people read it: "令和6年（2024年）6月3日", "令和元年（2019年）5月1日".
std::string era_text(Day day);

}  // namespace ismap::registry
