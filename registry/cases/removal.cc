#include "registry/cases/procedure.h"
#include "registry/rules/common.h"

namespace ismap::registry {

namespace {

using K = FieldKind;

std::optional<Day> end_of_service(const Case&, const Step& step) {
  const Json day = step.facts.value("ends_on", Json());
  return day.is_string() ? Day::parse(day.get_ref<const std::string&>()) : std::optional<Day>(step.on);
}

/// 18.1(1): not before the stated end of the service.
std::optional<Error> before_the_end(const Case& of, const Step& step) {
  const Step* filed = last_step(of, "filed");
  const auto end = filed == nullptr ? std::nullopt : end_of_service(of, *filed);
  if (!end || step.on >= *end) return std::nullopt;
  return rules::refusal(Code::conflict, "/effective", "18.1(1)",
                        "取下届出書の提供の終了日は " + end->iso() + " です。その日から削除できます",
                        "the withdrawal says that the service ends on " + end->iso() + "; removal from that day on");
}

bool removal_stands(const Case& of) {
  const Step* removed = last_step(of, "removed");
  const Step* corrected = last_step(of, "corrected");
  return removed != nullptr && (corrected == nullptr || corrected->number < removed->number);
}

/// 18.2: what was decided is not considered any more.
std::optional<Error> removal_was_made(const Case& of, const Step& step) {
  if (!removal_stands(of)) return std::nullopt;
  return rules::refusal(Code::conflict, "/step", step.article.value(), "この事案により登録は既に削除されています",
                        "the registration was removed in this case already");
}

bool is_4_to_7(const Case&, const Step& step) {
  return is_among(step, "removed@18.2(4)|removed@18.2(5)|removed@18.2(6)|removed@18.2(7)");
}
bool is_dismissal(const Case&, const Step& step) { return is_among(step, "removed@18.2(3)"); }

const DueRule kRemoveWithdrawn{.article = "18.2(2)",
                               .ja = "取下げによる登録の削除",
                               .en = "removal after the withdrawal",
                               .who = Role::committee,
                               .answered_by = "removed|taken-back",
                               .counting = Counting{.ja = "提供の終了日又は届出日", .from = end_of_service},
                               .repeat = Repeat::not_while_open};
const DueRule kNotifyRemoval{.article = "18.3",
                             .ja = "削除の通知（様式2-16）",
                             .en = "notice of the removal (form 2-16)",
                             .who = Role::committee,
                             .answered_by = "notified@18.3",
                             .counting = Counting{.ja = "削除の日"},
                             .when = is_4_to_7};
const DueRule kNotifyDismissal{.article = "11.4",
                               .ja = "却下の通知（様式2-7）",
                               .en = "notice of the dismissal (form 2-7)",
                               .answered_by = "notified@11.4",
                               .counting = Counting{.ja = "却下の日"},
                               .when = is_dismissal};
const DueRule kTell{.article = "7.6(5)",
                    .ja = "利用している調達府省庁等への通知又はWebサイトでの公開",
                    .en = "to tell the agencies that use the service, or publish it",
                    .who = Role::registrant,
                    .answered_by = "told"};
const DueRule kAnswerObjection{.article = "19.2",
                               .ja = "異議申立書への回答（様式2-18）",
                               .en = "answer to the objection (form 2-18)",
                               .who = Role::committee,
                               .answered_by = "answered"};

std::vector<StepRule> withdrawals() {
  std::vector<StepRule> all;
  all.push_back({.name = "filed",
                 .article = "18.1(1)",
                 .by = Role::registrant,
                 .form = "2-15",
                 .fields = {{"ends_on", K::planned, true}, {"cause", K::text}},
                 .dues = {kRemoveWithdrawn},
                 .opens = true});
  all.push_back({.name = "filed",
                 .article = "18.1(2)",
                 .by = Role::registrant,
                 .form = "2-15",
                 .fields = {{"cause", K::text}},
                 .dues = {kRemoveWithdrawn},
                 .opens = true});
  all.push_back({.name = "taken-back",
                 .article = "18.1",
                 .by = Role::registrant,
                 .form = "18.1",
                 .after = "filed",
                 .ends = Ends::always});
  all.push_back({.name = "removed",
                 .article = "18.2(2)",
                 .by = Role::committee,
                 .ends = Ends::always,
                 .act = Act::remove,
                 .unless = before_the_end});
  return all;
}

std::vector<StepRule> removals() {
  std::vector<StepRule> all;
  for (const char* cause : {"18.2(1)", "18.2(2)", "18.2(3)", "18.2(4)", "18.2(5)", "18.2(6)", "18.2(7)"}) {
    all.push_back({.name = "considered",
                   .article = cause,
                   .by = Role::committee,
                   .fields = {{"matters", K::text}},
                   .opens = true,
                   .unless = removal_was_made});
    all.push_back({.name = "removed",
                   .article = cause,
                   .by = Role::committee,
                   .notice = {.to = {Role::registrant}},
                   .dues = {kNotifyRemoval, kNotifyDismissal},
                   .opens = true,
                   .ends = Ends::when_nothing_is_open,
                   .act = Act::remove});
  }
  all.push_back({.name = "removed",
                 .article = "12.1",
                 .by = Role::system,
                 .opens = true,
                 .ends = Ends::always,
                 .act = Act::remove});
  all.push_back({.name = "notified",
                 .article = "18.3",
                 .by = Role::committee,
                 .form = "2-16",
                 .after = "removed",
                 .notice = {.form = "2-16", .to = {Role::registrant}},
                 .ends = Ends::always});
  all.push_back({.name = "notified",
                 .article = "11.4",
                 .form = "2-7",
                 .after = "removed@18.2(3)",
                 .notice = {.form = "2-7", .to = {Role::registrant}},
                 .ends = Ends::always});
  all.push_back({.name = "not-removed",
                 .article = "18.2",
                 .by = Role::committee,
                 .after = "considered",
                 .ends = Ends::always,
                 .unless = removal_was_made});
  return all;
}

/// 7.6(5) is opened by each act that suspends or removes.
std::vector<StepRule> told_to_agencies() {
  std::vector<StepRule> all;
  for (const char* article : {"13.5", "13.7", "14.3"}) {
    all.push_back({.name = "suspended",
                   .article = article,
                   .by = article == std::string_view("13.7") ? Role::committee : Role::operator_,
                   .dues = {kTell},
                   .opens = true,
                   .act = Act::suspend});
  }
  for (const char* article : {"12.1", "18.2(1)", "18.2(2)", "18.2(3)", "18.2(4)", "18.2(5)", "18.2(6)", "18.2(7)"}) {
    all.push_back({.name = "removed",
                   .article = article,
                   .by = article == std::string_view("12.1") ? Role::system : Role::committee,
                   .dues = {kTell},
                   .opens = true,
                   .act = Act::remove});
  }
  all.push_back({.name = "told",
                 .article = "7.6(5)",
                 .by = Role::registrant,
                 .form = "7.6(5)",
                 .fields = {{"how", K::text, true}},
                 .ends = Ends::always});
  return all;
}

}  // namespace

bool considers_removal(const Case& of, std::string_view article) {
  if (of.procedure != Procedure::removal || last_step(of, "considered", article) == nullptr) return false;
  return !removal_stands(of);
}

const std::vector<StepRule>& withdrawal_steps() {
  static const std::vector<StepRule> rows = withdrawals();
  return rows;
}

const std::vector<StepRule>& removal_steps() {
  static const std::vector<StepRule> rows = removals();
  return rows;
}

const std::vector<StepRule>& agencies_steps() {
  static const std::vector<StepRule> rows = told_to_agencies();
  return rows;
}

const std::vector<StepRule>& re_application_steps() {
  static const std::vector<StepRule> rows{
      {.name = "demanded", .article = "18.2(4)", .by = Role::committee, .opens = true, .act = Act::remove},
      {.name = "registered",
       .article = "11.1",
       .after = "demanded",
       .ends = Ends::always,
       .act = Act::register_service},
      {.name = "concluded", .article = "17.1", .after = "demanded", .ends = Ends::always}};
  return rows;
}

const std::vector<StepRule>& objection_steps() {
  static const std::vector<StepRule> rows{{.name = "filed",
                                           .article = "19.1",
                                           .by = Role::registrant,
                                           .form = "2-17",
                                           .fields = {{"objection", K::text}},
                                           .dues = {kAnswerObjection},
                                           .opens = true},
                                          {.name = "answered",
                                           .article = "19.2",
                                           .by = Role::committee,
                                           .form = "2-18",
                                           .after = "filed",
                                           .fields = {{"answer", K::text}},
                                           .notice = {.form = "2-18", .to = {Role::registrant}},
                                           .ends = Ends::always}};
  return rows;
}

}  // namespace ismap::registry
