#include <algorithm>
#include <utility>

#include "registry/cases/procedure.h"
#include "registry/rules/common.h"

namespace ismap::registry {

namespace {

using K = FieldKind;

constexpr std::string_view kReports = "preliminary-report|full-report";
constexpr std::string_view kAnswers = "preliminary-report|full-report|lifted@13.6";  // 13.6 follows a report
const FieldRule kIncidentOn{"incident_on", K::day};
const FieldRule kEstimated{"incident_estimated", K::flag};

bool suspended_under(const Case& of, std::string_view article) {
  const std::vector<OpenInterval> open = open_intervals(of);
  return std::any_of(open.begin(), open.end(), [&](const OpenInterval& i) { return i.article.value() == article; });
}
bool under_13_5(const Case& of, const Step&) { return suspended_under(of, "13.5"); }
bool under_13_7(const Case& of, const Step&) { return suspended_under(of, "13.7"); }

std::optional<Day> awareness(const Case& of, const Step&) { return incident_of(of).known_on; }
std::optional<Day> firm_occurrence(const Case& of, const Step&) {
  const Incident incident = incident_of(of);
  return incident.estimated ? std::nullopt : incident.incident_on;
}

Error refused_13_5(std::string ja, std::string en) {
  return rules::refusal(Code::conflict, "/basis", "13.5", std::move(ja), std::move(en));
}

/// The last day on which the report that was asked for may come: the day of the demand's own, or else the day of 13.2,
/// and never before the demand itself.
Day answer_awaited_until(const Case& of, const Step& demand, const Step& suspension) {
  if (const auto due_on = stated_day(demand, "due_on")) return *due_on;
  if (const auto awaited = stated_day(demand, "awaited_until")) return *awaited;
  const auto known_in_case = incident_of(of).known_on;
  const auto known = known_in_case ? known_in_case : stated_day(suspension, "known_on");
  return known ? std::max(demand.on, due(*known, kPreliminaryReport)) : demand.on;
}

/// 13.5: the demand of 13.1(2) that was not answered. Not for what only the registrant judged, not without a demand,
/// not before its day has passed, not after the report, and once for one demand.
std::optional<Error> unanswered_demand_is_missing(const Case& of, const Step& step) {
  if (has_any(of, "judged@13.1(1)") && !has_any(of, "judged@13.1(2)")) {
    return refused_13_5("13.5の一時停止は、運用支援機関が13.1(2)に該当すると判断した場合のものです",
                        "13.5 is for an incident that the operator judged by 13.1(2)");
  }
  if (suspended_under(of, "13.5")) {
    return refused_13_5("この事案による13.5の一時停止が既に続いています",
                        "a suspension under 13.5 on this basis is open already");
  }
  const Step* demand = last_step(of, "report-demanded");
  if (demand == nullptr) {
    return refused_13_5("この事案には、13.1(2)による報告の求めが記録されていません",
                        "this case has no demand for a report by 13.1(2)");
  }
  for (const Step& made : of.steps) {
    if (made.number < demand->number || !is_among(made, kAnswers)) continue;
    return refused_13_5("求めた報告は " + made.on.iso() + " になされています",
                        "the report that was asked for was made on " + made.on.iso());
  }
  const Day until = answer_awaited_until(of, *demand, step);
  if (step.on > until) return std::nullopt;
  return refused_13_5(
      "求めた報告の期日（" + until.iso() + "）を過ぎていません。" + until.plus(1).iso() + " から行えます",
      "the day by which the report may come (" + until.iso() + ") has not passed; possible from " +
          until.plus(1).iso());
}

/// 13.7, 18.2(6): while a 13.7 of this case is open, its year runs from one firm day.
std::optional<Error> another_day_is_on_record(const Case& of, const Step& step) {
  const Incident known = incident_of(of);
  const auto stated = stated_day(step, "incident_on");
  if (!suspended_under(of, "13.7") || known.estimated || !known.incident_on || stated == known.incident_on) {
    return std::nullopt;
  }
  return rules::refusal(Code::conflict, "/incident_on", "18.2(6)",
                        "この事案に記録された発生日（" + known.incident_on->iso() +
                            "）と異なります。先に発生日を確認（occurrence-confirmed）してください",
                        "differs from the day on record in this case (" + known.incident_on->iso() +
                            "): confirm the occurrence first (occurrence-confirmed)");
}

const DueRule kPreliminary{.article = "13.2",
                           .ja = "速報の提出",
                           .en = "preliminary report",
                           .who = Role::registrant,
                           .answered_by = kReports,
                           .counting = Counting{.term = &kPreliminaryReport, .ja = "認知日", .from = awareness},
                           .repeat = Repeat::first,
                           .demanded_by = "report-demanded"};
const DueRule kFull{.article = "13.3",
                    .ja = "確報（様式2-8）の提出",
                    .en = "full report (form 2-8)",
                    .who = Role::registrant,
                    .answered_by = "full-report",
                    .counting = Counting{.term = &kFullReport, .ja = "認知日", .from = awareness},
                    .repeat = Repeat::first,
                    .demanded_by = "report-demanded"};
const DueRule kReportDemanded{.article = "13.1(2)",
                              .ja = "求められた報告の提出",
                              .en = "the report that was asked for",
                              .who = Role::registrant,
                              .answered_by = kReports,
                              .stated = "due_on"};
const DueRule kLiftAfterReport{.article = "13.6",
                               .ja = "報告を受けた一時停止の解除",
                               .en = "lift of the suspension after the report",
                               .answered_by = "lifted@13.6",
                               .counting = Counting{.ja = "報告日"},
                               .repeat = Repeat::not_while_open,
                               .when = under_13_5,
                               .alive = under_13_5};
const DueRule kYear{
    .article = "18.2(6)",
    .ja = "発生から1年の経過による判断",
    .en = "judgement once a year has passed since the incident",
    .who = Role::committee,
    .counting = Counting{.term = &kIncidentUnresolved, .ja = "発生日", .from = firm_occurrence, .passed = true},
    .repeat = Repeat::not_while_open,
    .alive = under_13_7};
const DueRule kFileForLifting{.article = "13.9",
                              .ja = "一時停止解除条件への対応と届出（様式2-9）",
                              .en = "to meet the conditions and file form 2-9",
                              .who = Role::registrant,
                              .answered_by = "conditions-met",
                              .repeat = Repeat::not_while_open,
                              .alive = under_13_7};
const DueRule kJudgeConditions{.article = "13.10",
                               .ja = "一時停止解除条件が満たされたかの判断（13.10、13.11）",
                               .en = "judgement whether the conditions are met (13.10, 13.11)",
                               .who = Role::committee,
                               .answered_by = "lifted@13.10|re-audit-demanded",
                               .repeat = Repeat::not_while_open,
                               .alive = under_13_7};
const DueRule kNotifyReAudit{.article = "16.5",
                             .ja = "再監査要請書（様式2-14）の通知",
                             .en = "notice of the re-audit (form 2-14)",
                             .answered_by = "re-audit-started",
                             .counting = Counting{.ja = "求めの日"},
                             .repeat = Repeat::not_while_open};
const DueRule kFurther{.article = "13.4",
                       .ja = "追加の報告の提出",
                       .en = "further report",
                       .who = Role::registrant,
                       .answered_by = "further-report",
                       .stated = "due_on"};

/// 13.1: the judgement, and the demand for a report.
std::vector<StepRule> judgements() {
  const FieldRule known{"known_on", K::day};
  const FieldRule summary{"summary", K::text};
  const FieldRule due_on{"due_on", K::planned};
  const NoticeRule to_registrant{.to = {Role::registrant}};
  return {{.name = "judged",
           .article = "13.1(1)",
           .by = Role::registrant,
           .fields = {{"known_on", K::day, true}, kIncidentOn, kEstimated, summary},
           .dues = {kPreliminary, kFull},
           .opens = true},
          {.name = "judged",
           .article = "13.1(2)",
           .fields = {known, kIncidentOn, kEstimated, summary},
           .dues = {kPreliminary, kFull},
           .opens = true},
          {.name = "report-demanded",
           .article = "13.1(2)",
           .after = "judged@13.1(2)|suspended@13.5",
           .fields = {due_on, {"matters", K::text}},
           .notice = to_registrant,
           .dues = {kReportDemanded}}};
}

/// 13.2 to 13.4: the reports.
std::vector<StepRule> reports() {
  const FieldRule known{"known_on", K::day};
  const FieldRule report{"report", K::text};
  const FieldRule due_on{"due_on", K::planned};
  const NoticeRule to_registrant{.to = {Role::registrant}};
  return {{.name = "preliminary-report",
           .article = "13.2",
           .by = Role::registrant,
           .form = "13.2",
           .fields = {known, kIncidentOn, kEstimated, report},
           .dues = {kPreliminary, kFull, kLiftAfterReport},
           .opens = true},
          {.name = "full-report",
           .article = "13.3",
           .by = Role::registrant,
           .form = "2-8",
           .fields = {known, kIncidentOn, kEstimated, report},
           .dues = {kPreliminary, kFull, kLiftAfterReport},
           .opens = true},
          {.name = "further-report-demanded",
           .article = "13.4",
           .after = kReports,
           .fields = {due_on, {"matters", K::text, true}},
           .notice = to_registrant,
           .dues = {kFurther}},
          {.name = "further-report",
           .article = "13.4",
           .by = Role::registrant,
           .form = "13.4",
           .after = "further-report-demanded",
           .fields = {report}}};
}

/// 13.5 to 13.8: the suspensions.
std::vector<StepRule> suspensions() {
  const NoticeRule to_registrant{.to = {Role::registrant}};
  return {{.name = "suspended",
           .article = "13.5",
           .notice = to_registrant,
           .dues = {kPreliminary, kFull},
           .opens = true,
           .act = Act::suspend,
           .unless = unanswered_demand_is_missing},
          {.name = "lifted", .article = "13.6", .notice = to_registrant, .opens = true, .act = Act::reinstate},
          {.name = "suspended",
           .article = "13.7",
           .by = Role::committee,
           .after = kReports,
           .notice = to_registrant,
           .dues = {kFileForLifting, kYear},
           .opens = true,
           .act = Act::suspend,
           .unless = another_day_is_on_record}};
}

/// 13.9 to 13.11, 18.2(6): what is done to have a 13.7 lifted, and what else may come of it.
std::vector<StepRule> ways_out() {
  const NoticeRule to_registrant{.to = {Role::registrant}};
  return {{.name = "occurrence-confirmed",
           .article = "18.2(6)",
           .by = Role::committee,
           .after = "suspended@13.7",
           .fields = {{"incident_on", K::day, true}}},
          {.name = "conditions-met",
           .article = "13.9",
           .by = Role::registrant,
           .form = "2-9",
           .after = "suspended@13.7",
           .fields = {{"measures", K::text}},
           .dues = {kJudgeConditions}},
          {.name = "re-audit-demanded",
           .article = "13.11",
           .by = Role::committee,
           .after = "conditions-met",
           .fields = {{"part", K::text, true}, {"due_on", K::planned}},
           .notice = {.to = {Role::operator_}},
           .dues = {kNotifyReAudit}},
          {.name = "re-audit-started", .article = "16.5", .after = "re-audit-demanded", .act = Act::start_re_audit},
          {.name = "lifted",
           .article = "13.10",
           .by = Role::committee,
           .notice = to_registrant,
           .opens = true,
           .act = Act::reinstate}};
}

std::vector<StepRule> all_incident_steps() {
  std::vector<StepRule> all = judgements();
  for (const auto& part : {reports(), suspensions(), ways_out()}) all.insert(all.end(), part.begin(), part.end());
  all.push_back({.name = "monitoring-started", .article = "13.13", .after = kReports, .starts_monitoring = true});
  all.push_back({.name = "concluded", .article = "13.4", .ends = Ends::always, .unless = while_suspended});
  return all;
}

}  // namespace

const std::vector<StepRule>& incident_steps() {
  static const std::vector<StepRule> rows = all_incident_steps();
  return rows;
}

}  // namespace ismap::registry
