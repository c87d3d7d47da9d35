#include "registry/cases/procedure.h"
#include "registry/rules/common.h"

namespace ismap::registry {

namespace {

using K = FieldKind;

bool asked_in_time(const Case&, const Step& step) { return !step.facts.value("late", false); }

/// 15.2(5): without an answer only once its day has passed.
std::optional<Error> before_the_answer(const Case& of, const Step& step) {
  if (has_any(of, "answer")) return std::nullopt;
  const Step* notice = last_step(of, "notice");
  const auto due = notice == nullptr ? std::nullopt : stated_day(*notice, "due_on");
  if (due && step.on > *due) return std::nullopt;
  return rules::refusal(Code::conflict, "/step", "15.2(2)",
                        "文書による回答を待っています。通知に記載の期日を過ぎてから行えます",
                        "the written answer is awaited: possible once the day that the notice names has passed");
}

/// 15.2(5): (a) and (b) only once the hearing is over.
std::optional<Error> before_the_hearing(const Case& of, const Step& step) {
  if (hearing_is_over(of, step.on)) return std::nullopt;
  const auto by = hearing_asked_by(of);
  return rules::refusal(
      Code::conflict, "/step", "15.2(5)",
      "弁明の機会が終わっていません（求めることのできる日は " + by.value_or(step.on).iso() + " まで）",
      "the hearing is not over: it was asked for, or can be until " + by.value_or(step.on).iso());
}

const DueRule kWrittenAnswer{.article = "15.2(2)",
                             .ja = "確認内容への文書による回答",
                             .en = "written answer to the matters of the notice",
                             .who = Role::registrant,
                             .answered_by = "answer",
                             .stated = "due_on"};
const DueRule kConfirm{.article = "15.2(4)",
                       .ja = "実施結果の通知（様式2-13）",
                       .en = "notice of the result (form 2-13)",
                       .answered_by = "confirmed|not-confirmed",
                       .repeat = Repeat::not_while_open};
const DueRule kAskForHearing{.article = "15.2(5)",
                             .ja = "弁明の機会を求めることのできる日",
                             .en = "until when a hearing can be asked for",
                             .who = Role::registrant,
                             .answered_by = "hearing-asked",
                             .stated = "hearing_by"};
const DueRule kHear{
    .article = "15.2(5)", .ja = "弁明の聴取", .en = "hearing", .answered_by = "hearing-held", .when = asked_in_time};
const DueRule kRemovalAfterMonitoring{.article = "18.2(4)",
                                      .ja = "再申請の求めに伴う登録の削除",
                                      .en = "removal that goes with the demand for re-application",
                                      .who = Role::committee,
                                      .counting = Counting{.ja = "求めの日"}};

/// 15.1, 15.2(1) to (4)
std::vector<StepRule> to_the_result() {
  const std::vector<FieldRule> matters{{"matters", K::text, true}};
  return {{.name = "cause", .article = "15.1(1)", .fields = matters, .opens = true},
          {.name = "cause", .article = "15.1(2)", .fields = matters, .opens = true},
          {.name = "cause", .article = "15.1(3)", .fields = matters, .opens = true},
          {.name = "notice",
           .article = "15.2(1)",
           .form = "2-12",
           .after = "cause",
           .fields = {{"matters", K::text, true}, {"due_on", K::planned}},
           .notice = {.form = "2-12", .to = {Role::registrant}},
           .dues = {kWrittenAnswer}},
          {.name = "answer",
           .article = "15.2(2)",
           .by = Role::registrant,
           .form = "15.2(2)",
           .after = "notice",
           .fields = {{"answer", K::text}},
           .dues = {kConfirm}},
          {.name = "interview", .article = "15.2(3)", .after = "answer", .fields = {{"record", K::text}}},
          {.name = "confirmed",
           .article = "15.2(4)",
           .form = "2-13",
           .after = "answer",
           .notice = {.form = "2-13", .to = {Role::registrant}},
           .ends = Ends::always}};
}

/// 15.2(5)
std::vector<StepRule> after_the_result() {
  return {{.name = "not-confirmed",
           .article = "15.2(5)",
           .form = "2-13",
           .after = "notice",
           .fields = {{"findings", K::text, true}, {"hearing_by", K::planned}},
           .notice = {.form = "2-13", .to = {Role::registrant, Role::committee}},
           .dues = {kAskForHearing},
           .unless = before_the_answer},
          {.name = "hearing-asked",
           .article = "15.2(5)",
           .by = Role::registrant,
           .form = "15.2(5)",
           .after = "not-confirmed",
           .dues = {kHear}},
          {.name = "hearing-held", .article = "15.2(5)", .after = "hearing-asked", .fields = {{"record", K::text}}},
          {.name = "committee-consulted",
           .article = "15.2(5)",
           .after = "not-confirmed",
           .fields = {{"outcome", K::text}},
           .unless = before_the_hearing},
          {.name = "re-audit-required",
           .article = "16.1",
           .after = "not-confirmed",
           .act = Act::start_re_audit,
           .unless = before_the_hearing},
          {.name = "re-application-demanded",
           .article = "15.2(5)",
           .after = "committee-consulted",
           .notice = {.to = {Role::registrant}},
           .dues = {kRemovalAfterMonitoring},
           .unless = before_the_hearing},
          {.name = "concluded",
           .article = "15.2(5)",
           .after = "not-confirmed",
           .ends = Ends::always,
           .unless = before_the_hearing}};
}

std::vector<StepRule> all_monitoring_steps() {
  std::vector<StepRule> all = to_the_result();
  for (StepRule& rule : after_the_result()) all.push_back(std::move(rule));
  return all;
}

}  // namespace

const std::vector<StepRule>& monitoring_steps() {
  static const std::vector<StepRule> rows = all_monitoring_steps();
  return rows;
}

std::optional<Day> hearing_asked_by(const Case& monitoring) {
  const Step* result = last_step(monitoring, "not-confirmed");
  return result == nullptr ? std::nullopt : stated_day(*result, "hearing_by");
}

bool hearing_is_over(const Case& monitoring, Day day) {
  const Step* result = last_step(monitoring, "not-confirmed");
  const auto by = hearing_asked_by(monitoring);
  if (result == nullptr || !by) return false;
  const Step* asked = last_step(monitoring, "hearing-asked");
  const Step* held = last_step(monitoring, "hearing-held");
  const bool asked_since = asked != nullptr && asked->number > result->number && asked->on <= *by;
  if (!asked_since) return day > *by;
  return held != nullptr && held->number > asked->number;
}

}  // namespace ismap::registry
