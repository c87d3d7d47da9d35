#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/acts.h"
#include "registry/calendar.h"
#include "registry/cases/case.h"
#include "registry/service.h"

/// What is due, for whom, until when, and the arithmetic behind it. Pure: a case or a service, a day and a calendar.
namespace ismap::registry {

/// What is a setting and no rule of the law.
struct CaseSettings {
  HolidayOverrides holidays = shipped_holiday_overrides();  ///< DIR/holidays.txt of a data folder, merged over these
  int hearing_days = 14;  ///< 15.2(5): until when a hearing (弁明) can be asked for, where the 2-13 names no day
};

enum class DeadlineState { open, met, met_late, overdue };
/// "open", "met", "met-late", "overdue"
std::string_view name_of(DeadlineState state);

/// One duty or task with its day.
struct Deadline {
  std::string article;  ///< "13.2"
  Text what;            ///< 速報の提出 / preliminary report
  Role who = Role::operator_;
  std::optional<Day> counted_from;  ///< the day from which the term runs
  std::optional<Day> due;  ///< nothing: the rules name no day ("without delay"), or the day it runs from is unknown
  std::string arithmetic;  ///< "認知日 2024-12-27 → 行政機関の休日を除く3日 → 2025-01-08"
  std::optional<Day> answered_on;
  DeadlineState state = DeadlineState::open;
  std::optional<CaseId> case_id;
  std::uint64_t step = 0;  ///< number of the step that opened it; 0 for a deadline of a service
  ServiceId service;
  bool before_demand = false;  ///< 13.2, 13.3: it was due before the operator asked for the report
};

/// Deadlines of a case as it stood at the end of `day`: steps of later days are not looked at. Unanswered ones of a
/// case that has ended are not duties any more and are left out. In the order of the steps that opened them.
/// Article: 7.6(5), 11.4, 12.3, 13.2, 13.3, 13.4, 13.6, 13.10, 13.11, 14.3, 14.4, 15.1, 15.2, 16.2, 16.5, 16.6, 18.2, 18.3
std::vector<Deadline> deadlines(const Case& of, Day day, const CaseSettings& settings = {});

/// Deadlines of a registration itself on `day`: the renewal application by the expiry (12.1), and the latest
/// pre-application whose half-year batch (5.3) is decided by then. None once it is removed, while a renewal is
/// undecided, and when one that came in time ended past the expiry: then the committee's 18.2(1) is due in its case.
/// Article: 12.1, 12.2, 18.2(1)
std::vector<Deadline> deadlines(const Service& service, Day day);

/// The latest day of a pre-application that is decided by the expiry even in the half-year batch. Article: 5.3, 12.1
Day latest_safe_pre_application(Day expires_on);

/// Sorts by due day, those without a day last; same day: by service, case and step.
void sort_by_due(std::vector<Deadline>& all);

/// {"article","what":{ja,en},"who","counted_from","due","arithmetic","answered_on","state","case","step","service",
/// "before_demand"}; days are null where there is none.
Json to_json(const Deadline& deadline);

}  // namespace ismap::registry
