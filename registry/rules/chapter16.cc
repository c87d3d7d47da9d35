#include "registry/rules/chapter16.h"

#include <algorithm>
#include <string>

#include "registry/rules/common.h"
#include "registry/rules/intervals.h"

namespace ismap::registry::rules {

namespace {

/// 16.2, 16.6: the notice names the part and the day.
Errors check_notice(const StartReAudit& doing, const std::string& article, const char* due_article, Day today) {
  Errors errors;
  if (!doing.part) {
    errors.push_back(refusal(Code::invalid, "/part", article,
                             "再監査を求める箇所（part）を {\"ja\": \"…\"} で書いてください",
                             "name the part that is to be audited again"));
  }
  if (!doing.due_on) {
    errors.push_back(refusal(Code::invalid, "/due_on", due_article, "通知書に記載する期日（due_on）を書いてください",
                             "give the day by which the notice wants it"));
  } else if (*doing.due_on < today) {
    errors.push_back(refusal(Code::invalid, "/due_on", due_article, doing.due_on->iso() + " は過去の日です",
                             doing.due_on->iso() + " lies in the past"));
  }
  return errors;
}

/// The result that the command's paragraph is for.
Result<Done> result_fits(const Command& command, ReAuditResult wanted) {
  const auto& result = std::get<EndReAudit>(command.doing).result;
  if (result == wanted) return Done{};
  const std::string article = command.article->value();
  const std::string word = wanted == ReAuditResult::confirmed ? "confirmed" : "not-confirmed";
  return refusal(Code::invalid, "/result", article, article + " による終了の結果（result）は " + word + " です",
                 "a re-audit that ends under " + article + " has the result " + word);
}

}  // namespace

Result<std::vector<Draft>> require_re_audit(const Situation& situation, const Command& command) {
  Errors errors = check_notice(std::get<StartReAudit>(command.doing), "16.1", "16.2", situation.today);
  if (!errors.empty()) return errors;
  return open_re_audit(situation, command);
}

Result<std::vector<Draft>> end_confirmed_re_audit(const Situation& situation, const Command& command) {
  Result<Done> fits = result_fits(command, ReAuditResult::confirmed);
  if (!fits.ok()) return fits.errors();
  return close_re_audit(situation, command, "16.1");
}

Result<std::vector<Draft>> end_failed_re_audit(const Situation& situation, const Command& command) {
  Result<Done> fits = result_fits(command, ReAuditResult::not_confirmed);
  if (!fits.ok()) return fits.errors();
  return close_re_audit(situation, command, "16.1");
}

Result<std::vector<Draft>> require_committees_re_audit(const Situation& situation, const Command& command) {
  Errors errors = check_notice(std::get<StartReAudit>(command.doing), "16.5", "16.6", situation.today);
  if (!errors.empty()) return errors;
  const Result<Service> service = standing(situation, command);
  if (!service.ok()) return service.errors();
  const std::vector<Suspension> open = open_suspensions(*service);
  const bool by_committee =
      std::any_of(open.begin(), open.end(), [](const Suspension& s) { return s.article.value() == "13.7"; });
  if (!by_committee) {
    return refusal(Code::conflict, "/service", "13.11",
                   "16.5の再監査は、13.7による一時停止が続いている間に運営委員会が求めるものです",
                   "a re-audit under 16.5 is the committee's wish while a suspension under 13.7 is open");
  }
  return open_re_audit(situation, command);
}

Result<std::vector<Draft>> end_committees_re_audit(const Situation& situation, const Command& command) {
  if (std::get<EndReAudit>(command.doing).result == ReAuditResult::not_confirmed) {
    return refusal(Code::conflict, "/result", "16.7",
                   "16.5の再監査で確認できなかった場合に終了させる条項はなく、再監査は続きます。運営委員会は 13.11 "
                   "により改めて箇所と期日を定めるか、18.2(5)から(7)までによることができます",
                   "no article ends a 16.5 re-audit that did not confirm: it stays open. The committee may set a new "
                   "part and day under 13.11, or act under 18.2(5) to (7)");
  }
  Result<Done> fits = result_fits(command, ReAuditResult::confirmed);
  if (!fits.ok()) return fits.errors();
  return close_re_audit(situation, command, "16.5");
}

}  // namespace ismap::registry::rules
