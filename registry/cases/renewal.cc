#include "registry/cases/procedure.h"
#include "registry/rules/common.h"

namespace ismap::registry {

namespace {

using K = FieldKind;

/// 12.3 applies where the audit period starts on or after 2023-10-01 (S2023-09-22.1), and asks once.
bool auditor_question_is_open(const Case&, const Step& step) {
  const auto from = stated_day(step, "audit_from");
  return !step.facts.contains("auditor_told") && (!from || *from >= kAuditorRuleFrom);
}
/// Not accepted or withdrawn after the expiry: the committee's 18.2(1), that day.
bool past_the_expiry(const Case&, const Step& step) {
  const auto expiry = stated_day(step, "expires_on");
  return expiry && step.on > *expiry;
}
bool not_on_the_list(const Case&, const Step& step) { return !step.facts.value("work_listed", true); }

const DueRule kEligibility{
    .article = "5.3",
    .ja = "ISMAP-LIUの該当性の一括判断",
    .en = "decision on eligibility, in one batch a half-year",
    .who = Role::ministries,
    .answered_by = "eligibility-decided",
    .counting = Counting{.ja = "事前申請日", .by = half_year_decision_due, .by_ja = "半期の末日から3か月"},
    .when = not_on_the_list};
const DueRule kCheck{.article = "9.3",
                     .ja = "申請文書の確認",
                     .en = "check of the application",
                     .answered_by = "accepted|inquired|closed",
                     .counting = Counting{.term = &kApplicationCheck, .ja = "受付日"}};
const DueRule kTellAuditor{.article = "12.3",
                           .ja = "言明内容の変更を監査機関に伝達したかの回答",
                           .en = "answer whether the auditor was told of every change",
                           .who = Role::registrant,
                           .answered_by = "changes-told",
                           .when = auditor_question_is_open};
const DueRule kAnswerToInquiry{.article = "9.6(1)",
                               .ja = "問い合せ又は追加資料への回答",
                               .en = "answer to the inquiry",
                               .who = Role::registrant,
                               .answered_by = "answered",
                               .counting = Counting{.term = &kApplicationAnswer, .ja = "要請日"}};
const DueRule kDecide{.article = "10.6",
                      .ja = "更新の是非の判断",
                      .en = "decision on the renewal",
                      .who = Role::committee,
                      .answered_by = "renewed|closed",
                      .counting = Counting{.term = &kRegistrationDecision, .ja = "受理日"}};
const DueRule kRemovalPastExpiry{.article = "18.2(1)",
                                 .ja = "有効期限を過ぎた登録の削除",
                                 .en = "removal of a registration past its expiry",
                                 .who = Role::committee,
                                 .counting = Counting{.ja = "申請の終わった日"},
                                 .when = past_the_expiry};

std::vector<StepRule> application() {
  return {{.name = "pre-applied",
           .article = "3.4",
           .by = Role::registrant,
           .form = "1-1",
           .fields = {{"work_listed", K::flag, true}},
           .dues = {kEligibility},
           .opens = true},
          {.name = "eligibility-decided",
           .article = "5.3",
           .by = Role::ministries,
           .form = "1-4",
           .after = "pre-applied",
           .fields = {{"eligible", K::flag, true}},
           .notice = {.form = "1-4", .to = {Role::registrant}}},
          {.name = "applied",
           .article = "12.1",
           .by = Role::registrant,
           .form = "2-4",
           .dues = {kCheck, kTellAuditor},
           .opens = true,
           .act = Act::file_renewal},
          {.name = "changes-told",
           .article = "12.3",
           .by = Role::registrant,
           .form = "12.3",
           .after = "applied",
           .fields = {{"auditor_told", K::flag, true}, {"audit_from", K::day}, {"audit_to", K::day}}}};
}

/// 9.1 to 9.5: how the application is taken in.
std::vector<StepRule> intake() {
  return {{.name = "inquired",
           .article = "9.4",
           .after = "applied",
           .fields = {{"matters", K::text, true}},
           .notice = {.to = {Role::registrant}},
           .dues = {kAnswerToInquiry}},
          {.name = "answered",
           .article = "9.5",
           .by = Role::registrant,
           .form = "9.5",
           .after = "inquired",
           .fields = {{"answer", K::text}}},
          {.name = "accepted", .article = "9.1", .after = "applied", .dues = {kDecide}}};
}

std::vector<StepRule> all_renewal_steps() {
  std::vector<StepRule> all = application();
  for (StepRule& rule : intake()) all.push_back(std::move(rule));
  all.push_back({.name = "renewed",
                 .article = "11.2",
                 .form = "2-6",
                 .notice = {.form = "2-6", .to = {Role::registrant}},
                 .opens = true,
                 .ends = Ends::always,
                 .act = Act::renew});
  for (const char* article : {"9.6", "12.1"}) {
    all.push_back({.name = "closed",
                   .article = article,
                   .notice = {.to = {Role::registrant}},
                   .dues = {kRemovalPastExpiry},
                   .opens = true,
                   .ends = Ends::when_nothing_is_open,
                   .act = Act::close_renewal});
  }
  all.push_back({.name = "concluded", .article = "12.1", .after = "pre-applied", .ends = Ends::always});
  return all;
}

}  // namespace

const std::vector<StepRule>& renewal_steps() {
  static const std::vector<StepRule> rows = all_renewal_steps();
  return rows;
}

}  // namespace ismap::registry
