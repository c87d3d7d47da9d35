#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/acts.h"
#include "registry/calendar.h"
#include "registry/cases/case.h"

/// The tables of procedures: which steps there are, who makes them, what must have come before, and what they open.
namespace ismap::registry {

enum class FieldKind {
  day,      ///< of the past or today
  planned,  ///< a day that may lie ahead
  text,     ///< {"ja", "en"?}; goes to the payload
  flag,     ///< true or false
};

/// A member of a step's own.
struct FieldRule {
  std::string_view name;
  FieldKind kind = FieldKind::text;
  bool required = false;
};

/// A notice that goes out with a step. An unnumbered one has no form.
struct NoticeRule {
  std::string_view form = {};
  std::vector<Role> to = {};  ///< empty: nothing is sent
};

/// From which day a due date is counted, and how.
struct Counting {
  const Parameter* term = nullptr;  ///< how long; null: that day itself
  std::string_view ja = "当日";     ///< what the day is that it runs from: 認知日
  /// The day that it runs from, nothing while it is unknown; null: the day of the step.
  std::optional<Day> (*from)(const Case&, const Step&) = nullptr;
  bool passed = false;          ///< due on the day after the term: "1年が経過"
  Day (*by)(Day) = nullptr;     ///< instead of a term
  std::string_view by_ja = {};  ///< how that is counted: 半期の末日から3か月
};

/// Whether a due date opens once more when its step is made again.
enum class Repeat {
  each,            ///< each step opens its own, answered by a later step
  not_while_open,  ///< only when none of this rule is open
  first,           ///< one in a case, answered by whatever step of the case
};

/// A due date or a task that a step opens.
struct DueRule {
  std::string_view article;
  std::string_view ja;
  std::string_view en;
  Role who = Role::operator_;
  std::string_view answered_by = {};      ///< "lifted@13.6|re-audit-demanded"; "": only by the end of the case
  std::optional<Counting> counting = {};  ///< nothing: the rules name no day
  std::string_view stated = {};           ///< a fact that names the due day; it comes before any counting
  Repeat repeat = Repeat::each;
  std::string_view demanded_by = {};                  ///< a demand that may come when this is past already
  bool (*when)(const Case&, const Step&) = nullptr;   ///< whether the step opens it, on the case up to it; null: always
  bool (*alive)(const Case&, const Step&) = nullptr;  ///< whether it is a duty still; null: until it is answered
};

enum class Ends {
  never,
  always,
  when_nothing_is_open,  ///< no interval is, and the step itself opens no duty
};

/// One row of a procedure: a step.
struct StepRule {
  std::string_view name;
  std::string_view article;
  Role by = Role::operator_;    ///< who makes it; a registrant's step may be recorded by the operator with its basis
  std::string_view form = {};   ///< "2-8"; by article where it has no number: "13.2"; "": none
  std::string_view after = {};  ///< one of these must have come before ("judged@13.1(2)|suspended"); "": nothing must
  std::vector<FieldRule> fields = {};
  NoticeRule notice = {};
  std::vector<DueRule> dues = {};
  bool opens = false;  ///< a case may begin with it
  Ends ends = Ends::never;
  std::optional<Act> act = {};     ///< it is made by this public act and by nothing else
  bool starts_monitoring = false;  ///< 13.13, 14.6: opens a case of monitoring with the cause of 15.1(1)
  /// What the law asks besides, of the case and of the step that would follow; null: nothing.
  std::optional<Error> (*unless)(const Case&, const Step&) = nullptr;
};

/// The rows of a procedure.
const std::vector<StepRule>& steps_of(Procedure procedure);

/// Whether the case goes on after its service was removed: no new duties, but what the removal itself asks for.
bool outlives_removal(Procedure procedure);

/// Whether the committee considers a removal in this case (under `article`, if one is given) and has not removed yet.
/// A removal that a correction took back is none. Article: 18.2
bool considers_removal(const Case& of, std::string_view article = {});

/// The row of a step; null when there is none of that name and article.
const StepRule* find_rule(Procedure procedure, std::string_view name, std::string_view article);

/// Whether a step is among "name@article|name|…".
bool is_among(const Step& step, std::string_view names);
/// Whether one of the steps of a case is.
bool has_any(const Case& of, std::string_view names);
/// The refusal of a step that ends a case while a suspension of it is open.
std::optional<Error> while_suspended(const Case& of, const Step& step);

/// Chapter 13: one incident, from its judgement to the lift of what it led to.
/// Article: 13.1, 13.2, 13.3, 13.4, 13.5, 13.6, 13.7, 13.8, 13.9, 13.10, 13.11, 13.13
const std::vector<StepRule>& incident_steps();
/// Chapter 14: one event that is notified, or is not. Article: 14.1, 14.2, 14.3, 14.4, 14.6, 15.1
const std::vector<StepRule>& notification_steps();
/// Chapter 15: from its cause to a confirmation, a re-audit or a re-application. Article: 15.1, 15.2, 16.1
const std::vector<StepRule>& monitoring_steps();
/// Chapter 16: one part that is audited again. Article: 16.1, 16.2, 16.3, 16.4, 16.5, 16.6, 16.7, 13.11
const std::vector<StepRule>& re_audit_steps();
/// Chapter 12: one application for renewal. Article: 12.1, 12.2, 12.3, 11.2, 9.6
const std::vector<StepRule>& renewal_steps();
/// 17.1: a new application after the removal under 18.2(4). Article: 17.1
const std::vector<StepRule>& re_application_steps();
/// 18.1: form 2-15, and whether it is taken back. Article: 18.1
const std::vector<StepRule>& withdrawal_steps();
/// 18.2: what the committee considers, decides and notifies. Article: 18.2, 18.3, 11.4
const std::vector<StepRule>& removal_steps();
/// 7.6(5): every suspension and every removal is to be told to the agencies that use the service.
const std::vector<StepRule>& agencies_steps();
/// Chapter 19: the one procedure that may still begin after a removal. Article: 19.1, 19.2
const std::vector<StepRule>& objection_steps();

/// Until when a hearing (弁明) can be asked for after the last 2-13 of 15.2(5); nothing when there was none.
std::optional<Day> hearing_asked_by(const Case& monitoring);
/// Whether (a) and (b) of 15.2(5) may follow on `day`: the hearing was held, or nobody asked for it in time.
/// Article: 15.2
bool hearing_is_over(const Case& monitoring, Day day);

}  // namespace ismap::registry
