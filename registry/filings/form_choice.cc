#include "registry/filings/form_choice.h"

#include <algorithm>
#include <string>
#include <utility>

#include "registry/cases/case.h"
#include "registry/rules/common.h"

namespace ismap::registry {

namespace {

using rules::refusal;

bool is_told(const Case& one) {
  return std::any_of(one.steps.begin(), one.steps.end(),
                     [&](const Step& step) { return cases::is_told_to_registrant(one.procedure, step); });
}

/// Whether a duty of the registrant that it was told of is open in the case, and this step would answer it; or, for a
/// notification, a suspension is open that ends with it.
bool waits_for(const Case& one, const Step& step, const CaseSettings& settings) {
  if (one.procedure == Procedure::notification && !open_intervals(one).empty()) return true;
  for (const Deadline& open : deadlines(one, step.on, settings)) {
    if (open.answered_on || open.who != Role::registrant) continue;
    const Step& opened_by = one.steps.at(open.step - 1);
    if (!cases::is_told_to_registrant(one.procedure, opened_by)) continue;
    const StepRule* rule = find_rule(one.procedure, opened_by.name, opened_by.article.value());
    if (rule == nullptr) continue;
    for (const DueRule& due : rule->dues) {
      if (due.article == open.article && is_among(step, due.answered_by)) return true;
    }
  }
  return false;
}

/// The open cases that one use of a form could go into.
Result<std::vector<CaseId>> open_to(const lmdb::ReadTxn& txn, const Form& form, const ServiceId& service,
                                    const StepWish& wish, const CaseSettings& settings) {
  const Result<std::vector<Case>> all = cases::of_service(txn, service);
  if (!all.ok()) return all.errors();
  std::vector<CaseId> open;
  for (const Case& one : *all) {
    if (one.procedure != form.procedure || one.ended || !is_told(one)) continue;
    StepWish tried = wish;
    if (!cases::admit(txn, {form.procedure, service, one.id}, tried, settings).ok()) continue;
    if (!form.step->opens || waits_for(one, wish.step, settings)) open.push_back(one.id);
  }
  return open;
}

std::string listed(const std::vector<Choice>& found) {
  std::string out;
  for (const Choice& one : found) out += (out.empty() ? "" : ", ") + one.into->value();
  return out;
}

Error several_cases(const Form& form, const std::vector<Choice>& found) {
  return refusal(Code::invalid, "/case", std::string(form.step->article),
                 "どの事案についての届出か（case）を書いてください: " + listed(found),
                 "name the case that this is about: " + listed(found));
}

Error waited_for_by_none(const Form& form) {
  std::string after(form.step->after);
  std::replace(after.begin(), after.end(), '|', ',');
  return refusal(Code::conflict, "/case", std::string(form.step->article),
                 "この届出を待つ事案がありません。先に次の手続が必要です: " + after,
                 "no open case waits for this form; first there must be: " + after);
}

Error several_articles(const std::vector<Form>& ways) {
  return refusal(Code::invalid, "/article", std::string(ways.front().step->article),
                 "根拠条項（article）を書いてください: " + articles_of(ways), "name the article: " + articles_of(ways));
}

/// 13.2: another open case that the report could have been meant for, told and not guessed.
Error could_be_meant(const Choice& other) {
  return refusal(
      Code::invalid, "/case", std::string(other.form.step->article),
      "新しいインシデントの報告として扱います。事案 " + other.into->value() +
          " についての報告なら、case にその番号を書いてください",
      "taken as the report of a new incident; if it is about case " + other.into->value() + ", name that as the case");
}

/// 18.1: the same form in the same procedure, under two articles.
bool differ_in_article_alone(const std::vector<Form>& ways) {
  return ways.size() > 1 && std::all_of(ways.begin(), ways.end(),
                                        [&](const Form& form) { return form.procedure == ways.front().procedure; });
}

/// The one named. Errors: invalid at /case, /article.
Result<Choice> choose_named(const lmdb::ReadTxn& txn, const Asked& asked) {
  const std::string article(asked.ways.front().step->article);
  const Result<Case> found = cases::get(txn, *asked.named);
  if (!found.ok() || found->service != asked.service || !is_told(*found)) {
    return refusal(Code::invalid, "/case", article, "このサービスにその事案はありません: " + asked.named->value(),
                   "the service has no such case: " + asked.named->value());
  }
  std::vector<Form> fitting;
  for (const Form& form : asked.ways) {
    if (form.procedure == found->procedure) fitting.push_back(form);
  }
  if (fitting.empty()) {
    return refusal(Code::invalid, "/case", article,
                   "この様式は、この事案（" + std::string(name_of(found->procedure)) + "）のものではありません",
                   "this form does not belong into a case of " + std::string(name_of(found->procedure)));
  }
  if (fitting.size() > 1) return several_articles(fitting);
  return Choice{fitting.front(), asked.named, {}};
}

/// A new case, or none. Errors: invalid at /article, conflict at /case.
Result<Choice> choose_new(const std::vector<Form>& ways) {
  std::vector<Form> opening;
  for (const Form& form : ways) {
    if (form.step->opens) opening.push_back(form);
  }
  if (opening.empty()) return waited_for_by_none(ways.front());
  if (opening.size() > 1) return several_articles(opening);
  return Choice{opening.front(), std::nullopt, {}};
}

}  // namespace

Result<Choice> choose(const lmdb::ReadTxn& txn, const Asked& asked, const ReadStep& read,
                      const CaseSettings& settings) {
  if (asked.named) return choose_named(txn, asked);
  if (asked.asks_for_new) return choose_new(asked.ways);
  if (differ_in_article_alone(asked.ways)) return several_articles(asked.ways);
  std::vector<Choice> found;
  Errors unreadable;
  bool readable = false;
  for (const Form& form : asked.ways) {
    if (acts_when_received(form)) return Choice{form, std::nullopt, {}};
    const Result<StepWish> wish = read(form);
    if (!wish.ok()) {  // its members may be those of the other use
      if (unreadable.empty()) unreadable = wish.errors();
      continue;
    }
    readable = true;
    const Result<std::vector<CaseId>> open = open_to(txn, form, asked.service, *wish, settings);
    if (!open.ok()) return open.errors();
    for (const CaseId& id : *open) found.push_back({form, id, {}});
  }
  if (!readable) return unreadable;
  if (stands_for_itself(asked.ways.front().name)) {
    Result<Choice> fresh = choose_new(asked.ways);
    if (fresh.ok()) {
      for (const Choice& other : found) fresh->notices.push_back(could_be_meant(other));
    }
    return fresh;
  }
  if (found.empty()) return choose_new(asked.ways);
  if (found.size() > 1) return several_cases(asked.ways.front(), found);
  return found.front();
}

}  // namespace ismap::registry
