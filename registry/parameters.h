#pragma once

#include <array>
#include <chrono>
#include <string_view>

#include "registry/time.h"

/// Every number that the law gives, with its address and its first day. Where the supplementary provisions name no
/// day for an article, it is the first day of the rules (2022-11-01).
namespace ismap::registry {

/// How a term is counted (calendar.h does it).
enum class Unit {
  days,                 ///< calendar days, the first not counted
  administrative_days,  ///< 行政機関の休日を含まない
  months,               ///< by the calendar (Civil Code 140, 143)
  years,                ///< by the calendar (Civil Code 140, 143)
};

/// A number of the law: of the registration rules by article, of the basic regulations as "基本規程3.6".
struct Parameter {
  std::string_view article;
  int value = 0;
  Unit unit = Unit::days;
  Day in_force_from;
  friend bool operator==(const Parameter&, const Parameter&) = default;
};

/// The first day of the rules, and the days that later supplementary provisions (附則) set for single articles.
inline constexpr Day kRulesFrom{std::chrono::sys_days{std::chrono::year{2022} / 11 / 1}};
inline constexpr Day kReservationRulesFrom{std::chrono::sys_days{std::chrono::year{2023} / 10 / 2}};  // S2023-07-03.1
inline constexpr Day kIncidentRulesFrom{std::chrono::sys_days{std::chrono::year{2024} / 1 / 4}};      // S2023-11-10.1

inline constexpr Day kAuditorRuleFrom{std::chrono::sys_days{std::chrono::year{2023} / 10 / 1}};  // S2023-09-22.1

/// 登録の有効期限: from the day after the audit period ends. Source: facts §2 (secondary quotation).
inline constexpr Parameter kRegistrationTerm{"基本規程3.6", 16, Unit::months, kRulesFrom};
/// 監査対象期間: at most. Source: facts §2.
inline constexpr Parameter kAuditPeriodAtMost{"11.5(8)", 1, Unit::years, kRulesFrom};

inline constexpr Parameter kAssessmentAge{"3.3", 1, Unit::years, kRulesFrom};
inline constexpr Parameter kPreApplicationCheck{"4.3", 14, Unit::days, kRulesFrom};
inline constexpr Parameter kPreApplicationAnswer{"4.5(1)", 1, Unit::months, kRulesFrom};
inline constexpr Parameter kHalfYearDecision{"5.3", 3, Unit::months, kRulesFrom};
inline constexpr Parameter kAuditReport{"7.3", 3, Unit::months, kRulesFrom};
inline constexpr Parameter kInternalAuditKept{"7.6(7)", 3, Unit::years, kRulesFrom};
inline constexpr Parameter kApplication{"8.2", 1, Unit::months, kRulesFrom};
inline constexpr Parameter kApplicationCheck{"9.3", 14, Unit::days, kRulesFrom};
inline constexpr Parameter kApplicationAnswer{"9.6(1)", 1, Unit::months, kRulesFrom};
inline constexpr Parameter kMinorFindingMended{"10.1(4)", 2, Unit::months, kRulesFrom};
inline constexpr Parameter kReviewAnswer{"10.4", 14, Unit::days, kReservationRulesFrom};
inline constexpr Parameter kRegistrationDecision{"10.6", 6, Unit::months, kReservationRulesFrom};
inline constexpr Parameter kReservationAnswer{"10.9", 1, Unit::months, kReservationRulesFrom};
inline constexpr Parameter kReservationPeriodAtLeast{"10.10(1)", 3, Unit::months, kReservationRulesFrom};
inline constexpr Parameter kReservationReport{"10.10(3)", 2, Unit::months, kReservationRulesFrom};
inline constexpr Parameter kReservationApplication{"10.10(4)", 1, Unit::months, kReservationRulesFrom};
inline constexpr Parameter kPreliminaryReport{"13.2", 3, Unit::administrative_days, kIncidentRulesFrom};
inline constexpr Parameter kFullReport{"13.3", 30, Unit::days, kIncidentRulesFrom};
inline constexpr Parameter kIncidentUnresolved{"18.2(6)", 1, Unit::years, kIncidentRulesFrom};
inline constexpr Parameter kTwoAssessments{"S2022-11-01.2", 1, Unit::years, kRulesFrom};

/// All of the above, for tables of deadlines and for the test that looks up each article.
inline constexpr std::array kParameters = {
    kRegistrationTerm,     kAuditPeriodAtMost,      kAssessmentAge,     kPreApplicationCheck,
    kPreApplicationAnswer, kHalfYearDecision,       kAuditReport,       kInternalAuditKept,
    kApplication,          kApplicationCheck,       kApplicationAnswer, kMinorFindingMended,
    kReviewAnswer,         kRegistrationDecision,   kReservationAnswer, kReservationPeriodAtLeast,
    kReservationReport,    kReservationApplication, kPreliminaryReport, kFullReport,
    kIncidentUnresolved,   kTwoAssessments,
};

}  // namespace ismap::registry
