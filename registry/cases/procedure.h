#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/acts.h"
#include "registry/calendar.h"
#include "registry/cases/case.h"

/// The tables of procedures: which steps there are, who makes them, what must have come before, what they open.
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
  FieldKind kind;
  bool required = false;
};

/// A notice that is sent with a step. An unnumbered one has no form.
struct NoticeRule {
  std::string_view form;  ///< "2-12", or ""
  std::vector<Role> to;   ///< empty: nothing is sent
};

/// A due date or task that a step opens.
struct DueRule {
  std::string_view article;
  std::string_view ja;
  std::string_view en;
  Role who;
  std::string_view answered_by;  ///< names of steps ("lifted@13.6|re-audit-demanded"); "" : by none but the case's end
  const Parameter* term = nullptr;                   ///< how long; null: see `stated` and `same_day`
  Day (*count)(Day) = nullptr;                       ///< instead of a term
  std::string_view from = "on";                      ///< fact from which it runs; "on": the day of the step
  std::string_view from_ja = "";                     ///< what that day is: 認知日
  std::string_view stated = "";                      ///< a fact that names the due day itself; it comes before any term
  bool same_day = false;                             ///< a task of the day of the step
  bool passed = false;                               ///< due on the day after the term: "n months have passed"
  bool once = false;                                 ///< only the first of the case with this article counts
  bool (*when)(const Case&, const Step&) = nullptr;  ///< further condition, on the case up to that step
};

enum class Closing_ { no, yes, when_nothing_is_open };

/// One row of a procedure: a step.
struct StepRule {
  std::string_view name;
  std::string_view article;
  Role by;                      ///< who makes it
  std::string_view form = "";   ///< "2-8"; by article where it has no number: "13.2"
  std::string_view after = "";  ///< one of these must have come before ("judged@13.1(2)|suspended"); "": any
  std::vector<FieldRule> fields = {};
  NoticeRule notice = {};
  std::vector<DueRule> dues = {};
  bool opens = false;  ///< a case may begin with it
  Closing_ closes = Closing_::no;
  std::optional<Act> act = {};     ///< it is made by this public act alone
  bool starts_monitoring = false;  ///< 13.13, 14.6: opens a case of monitoring with cause 15.1(1)
  /// What the law asks besides: the article that refuses, or nothing.
  std::optional<Error> (*unless)(const Case&, const Step&, const Json& facts) = nullptr;
};

}  // namespace ismap::registry
