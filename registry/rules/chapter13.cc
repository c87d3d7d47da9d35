#include "registry/rules/chapter13.h"

#include <algorithm>
#include <string>

#include "registry/calendar.h"
#include "registry/rules/common.h"
#include "registry/rules/intervals.h"

namespace ismap::registry::rules {

namespace {

constexpr const char* kIncidentOn = "/incident_on";
constexpr const char* kKnownOn = "/known_on";
constexpr const char* kTransition = "S2023-11-10.1";

Error lies_ahead(const char* pointer, Day day) {
  return refusal(Code::invalid, pointer, "13.1", day.iso() + " は将来の日です", day.iso() + " lies in the future");
}

Error known_too_early(Day known) {
  return refusal(Code::invalid, kKnownOn, kTransition,
                 known.iso() + " に認知したインシデントには、" + kIncidentRulesFrom.iso() +
                     " 施行の 13.1 から 13.7 まで及び 18.2(6) は適用されません",
                 "13.1 to 13.7 and 18.2(6) do not cover an incident known on " + known.iso() + ", before " +
                     kIncidentRulesFrom.iso());
}

/// 13.8: the conditions go with a 13.7 and with nothing else.
Errors check_serious(const Suspend& doing) {
  Errors errors;
  if (!doing.incident.occurred_on) {
    errors.push_back(refusal(Code::invalid, kIncidentOn, "13.7",
                             "インシデントの発生日（18.2(6)の1年の起算日）を書いてください。不明なら推定の日と "
                             "incident_estimated: true を書いてください",
                             "give the day of the incident, from which the year of 18.2(6) runs; if it is unknown, an "
                             "estimate with \"incident_estimated\": true"));
  }
  if (!doing.conditions) {
    errors.push_back(refusal(Code::invalid, "/conditions", "13.8",
                             "登録者に通知する一時停止解除条件（conditions）を {\"ja\": \"…\"} で書いてください",
                             "give the conditions for lifting that the registrant is notified of"));
  }
  return errors;
}

/// 18.2(6) may come at once when the incident lies more than a year back.
Errors year_gone(const IncidentStated& incident, Day today) {
  const Day last = due(*incident.occurred_on, kIncidentUnresolved);
  if (today <= last) return {};
  return {refusal(Code::invalid, kIncidentOn, "18.2(6)", "インシデントの発生から1年が既に経過しています",
                  "the year of 18.2(6) has already passed since this incident")};
}

}  // namespace

Errors check_incident(const IncidentStated& incident, Day today) {
  Errors errors;
  const auto& occurred = incident.occurred_on;
  const auto& known = incident.known_on;
  if (occurred && *occurred > today) errors.push_back(lies_ahead(kIncidentOn, *occurred));
  if (known && *known > today) errors.push_back(lies_ahead(kKnownOn, *known));
  if (known && occurred && !incident.estimated && *known < *occurred) {
    errors.push_back(
        refusal(Code::invalid, kKnownOn, "13.2", "認知した日が発生日より前です", "became known before it occurred"));
  }
  if (known && *known < kIncidentRulesFrom) errors.push_back(known_too_early(*known));
  if (!known && occurred && *occurred < kIncidentRulesFrom) {
    errors.push_back(
        refusal(Code::invalid, kKnownOn, kTransition,
                "発生日が " + kIncidentRulesFrom.iso() + " より前です。発生を認知した日（known_on）を書いてください",
                "it occurred before " + kIncidentRulesFrom.iso() +
                    ": give the day on which it became "
                    "known (known_on)"));
  }
  return errors;
}

Result<std::vector<Draft>> suspend_for_missing_report(const Situation& situation, const Command& command) {
  const auto& doing = std::get<Suspend>(command.doing);
  Errors errors = check_incident(doing.incident, situation.today);
  if (doing.conditions) {
    errors.push_back(refusal(Code::invalid, "/conditions", "13.8", "一時停止解除条件は 13.7 の一時停止に付すものです",
                             "conditions for lifting belong to a suspension under 13.7"));
  }
  if (!errors.empty()) return errors;
  return open_suspension(situation, command);
}

Result<std::vector<Draft>> lift_after_report(const Situation& situation, const Command& command) {
  return lift_suspension(situation, command, "13.5");
}

Result<std::vector<Draft>> suspend_for_serious_incident(const Situation& situation, const Command& command) {
  const auto& doing = std::get<Suspend>(command.doing);
  Errors errors = check_serious(doing);
  append(errors, check_incident(doing.incident, situation.today));
  if (!errors.empty()) return errors;
  Result<std::vector<Draft>> drafts = open_suspension(situation, command);
  if (drafts.ok()) drafts->front().notices = year_gone(doing.incident, situation.today);
  return drafts;
}

Result<std::vector<Draft>> lift_when_conditions_are_met(const Situation& situation, const Command& command) {
  Result<std::vector<Draft>> drafts = lift_suspension(situation, command, "13.7");
  if (!drafts.ok()) return drafts;
  const Result<Service> service = standing(situation, command);
  const std::vector<ReAudit> open = service.ok() ? open_re_audits(*service) : std::vector<ReAudit>{};
  const bool running =
      std::any_of(open.begin(), open.end(), [](const ReAudit& r) { return r.article.value() == "16.5"; });
  if (running) {
    drafts->front().notices.push_back(
        refusal(Code::conflict, "", "16.7", "16.5の再監査はまだ終わっていません。16.7による終了まで公表が続きます",
                "a re-audit under 16.5 is still open; its flag stays until it ends under 16.7"));
  }
  return drafts;
}

}  // namespace ismap::registry::rules
