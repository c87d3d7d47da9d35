#include "registry/cases/procedure.h"
#include "registry/rules/common.h"

namespace ismap::registry {

namespace {

using K = FieldKind;

bool runs(const Case& of, const Step&) { return !open_intervals(of).empty(); }
bool not_confirmed(const Case&, const Step& step) { return step.article.value() == "16.4"; }

const DueRule kSubmit{.article = "16.2",
                      .ja = "該当箇所の言明書及び実施結果報告書の提出",
                      .en = "statement and audit result report for the part",
                      .who = Role::registrant,
                      .answered_by = "submission",
                      .stated = "due_on"};
const DueRule kSubmitWithForm{.article = "16.6",
                              .ja = "該当箇所の言明書、実施結果報告書及び様式2-9の提出",
                              .en = "statement, audit result report and form 2-9",
                              .who = Role::registrant,
                              .answered_by = "submission",
                              .stated = "due_on"};
const DueRule kJudge{.article = "16.3",
                     .ja = "確認できたかの判断と通知",
                     .en = "judgement whether it confirms, and its notice",
                     .answered_by = "ended|not-confirmed",
                     .repeat = Repeat::not_while_open,
                     .alive = runs};
const DueRule kJudgeCommittees{.article = "16.7",
                               .ja = "確認できたかの判断と通知",
                               .en = "judgement whether it confirms, and its notice",
                               .answered_by = "ended|not-confirmed",
                               .repeat = Repeat::not_while_open,
                               .alive = runs};
const DueRule kNewPart{.article = "13.11",
                       .ja = "新たな箇所と期日（13.11）又は18.2(5)から(7)までの判断",
                       .en = "a new part and day (13.11), or 18.2(5) to (7)",
                       .who = Role::committee,
                       .answered_by = "part-and-date-set|ended",
                       .repeat = Repeat::not_while_open,
                       .alive = runs};
const DueRule kDemand{.article = "16.4",
                      .ja = "再申請への対応の求め",
                      .en = "demand for re-application",
                      .answered_by = "re-application-demanded",
                      .counting = Counting{.ja = "判断の日"},
                      .when = not_confirmed};
const DueRule kRemovalAfterReAudit{.article = "18.2(4)",
                                   .ja = "再申請の求めに伴う登録の削除",
                                   .en = "removal that goes with the demand for re-application",
                                   .who = Role::committee,
                                   .counting = Counting{.ja = "求めの日"}};

/// 16.1 to 16.4
std::vector<StepRule> after_monitoring() {
  const std::vector<Role> both{Role::registrant, Role::committee};
  return {{.name = "started",
           .article = "16.1",
           .form = "2-13",
           .notice = {.form = "2-13", .to = {Role::registrant}},
           .dues = {kSubmit},
           .opens = true,
           .act = Act::start_re_audit},
          {.name = "submission",
           .article = "16.2",
           .by = Role::registrant,
           .form = "16.2",
           .after = "started@16.1",
           .fields = {{"contents", K::text}},
           .dues = {kJudge}},
          {.name = "committee-consulted", .article = "16.4", .after = "started@16.1", .fields = {{"outcome", K::text}}},
          {.name = "ended",
           .article = "16.3",
           .form = "2-13",
           .notice = {.form = "2-13", .to = both},
           .opens = true,
           .ends = Ends::always,
           .act = Act::end_re_audit},
          {.name = "ended",
           .article = "16.4",
           .after = "committee-consulted@16.4",
           .dues = {kDemand},
           .opens = true,
           .act = Act::end_re_audit},
          {.name = "re-application-demanded",
           .article = "16.4",
           .after = "ended@16.4",
           .notice = {.to = {Role::registrant}},
           .dues = {kRemovalAfterReAudit}}};
}

/// 16.5 to 16.7
std::vector<StepRule> of_the_committee() {
  const std::vector<Role> both{Role::registrant, Role::committee};
  return {{.name = "started",
           .article = "16.5",
           .form = "2-14",
           .notice = {.form = "2-14", .to = {Role::registrant}},
           .dues = {kSubmitWithForm},
           .opens = true,
           .act = Act::start_re_audit},
          {.name = "submission",
           .article = "16.6",
           .by = Role::registrant,
           .form = "2-9",
           .after = "started@16.5",
           .fields = {{"contents", K::text}, {"measures", K::text}},
           .dues = {kJudgeCommittees}},
          {.name = "not-confirmed",
           .article = "16.7",
           .after = "submission",
           .fields = {{"findings", K::text, true}},
           .notice = {.to = both},
           .dues = {kNewPart}},
          {.name = "part-and-date-set",
           .article = "13.11",
           .by = Role::committee,
           .after = "started@16.5",
           .fields = {{"part", K::text, true}, {"due_on", K::planned, true}},
           .notice = {.to = {Role::operator_}},
           .dues = {kSubmitWithForm}},
          {.name = "ended",
           .article = "16.7",
           .notice = {.to = both},
           .opens = true,
           .ends = Ends::always,
           .act = Act::end_re_audit}};
}

std::vector<StepRule> all_re_audit_steps() {
  std::vector<StepRule> all = after_monitoring();
  for (StepRule& rule : of_the_committee()) all.push_back(std::move(rule));
  all.push_back({.name = "concluded", .article = "16.4", .after = "ended|corrected", .ends = Ends::always});
  return all;
}

}  // namespace

const std::vector<StepRule>& re_audit_steps() {
  static const std::vector<StepRule> rows = all_re_audit_steps();
  return rows;
}

}  // namespace ismap::registry
