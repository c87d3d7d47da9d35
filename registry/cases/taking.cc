#include "registry/cases/taking.h"

#include <algorithm>
#include <utility>

#include "registry/filings/filing.h"
#include "registry/journal.h"
#include "registry/rules/chapter12.h"
#include "registry/rules/common.h"
#include "registry/tables.h"

namespace ismap::registry::cases {

namespace {

using rules::refusal;

/// Whether a new case may be about the service: for an objection a removed one too. Article: 19.1
Result<Done> concerns_a_case(const lmdb::ReadTxn& txn, const ServiceId& id, Procedure procedure, Day today) {
  Result<std::vector<Event>> history = journal::history_around(txn, id.value(), today);
  if (!history.ok()) return history.errors();
  const bool known = !history->empty() && history->back().kind != EventKind::key;
  if (known && procedure == Procedure::objection) return Done{};
  Command about;
  about.service = id;
  if (!known) history->clear();
  const Result<Service> standing = rules::standing(Situation{*history, today, Seq{0}}, about);
  if (!standing.ok()) return standing.errors();
  return Done{};
}

/// A basis that names a filing or a step must name one of this service. Errors: invalid under /basis.
Result<Done> check_basis(const lmdb::ReadTxn& txn, const ServiceId& service, const StepWish& wish) {
  const std::string article = wish.step.article.value();
  if (wish.step.filing) {
    const Result<Filing> filing = filings::get(txn, FilingId{*wish.step.filing});
    const std::string_view form = wish.rule->form;
    const bool numbered = form.find('-') != std::string_view::npos;
    if (!filing.ok() || filing->service != service || !filing->received_at) {
      return refusal(Code::invalid, "/basis/filing", article, "このサービスの受け付けた届出ではありません",
                     "is no received filing of this service");
    }
    if (numbered && filing->form != form) {
      return refusal(Code::invalid, "/basis/filing", article,
                     "様式" + filing->form + " の届出です。この手続の様式は " + std::string(form) + " です",
                     "is a form " + filing->form + "; this step is made by form " + std::string(form));
    }
  }
  if (wish.basis.is_object() && wish.basis.contains("step")) {
    const Result<Case> cited = cases::get(txn, CaseId{wish.basis.at("case").get<std::string>()});
    const auto number = wish.basis.at("step").get<std::uint64_t>();
    if (!cited.ok() || cited->service != service || number < 1 || number > cited->steps.size()) {
      return refusal(Code::invalid, "/basis", article, "このサービスの事案に、その番号の手続はありません",
                     "names no step of a case of this service");
    }
  }
  for (const CaseId& id : wish.links) {
    const Result<Case> linked = cases::get(txn, id);
    if (linked.ok() && linked->service == service) continue;
    return refusal(Code::invalid, "/links", article, "このサービスの事案ではありません: " + id.value(),
                   "is no case of this service: " + id.value());
  }
  return Done{};
}

/// 13.13, 14.6: the case of monitoring that the step starts. Article: 13.13, 14.6, 15.1
CaseId start_monitoring(lmdb::WriteTxn& txn, const Case& from, const StepWish& wish) {
  cases::NewStep cause;
  cause.step = wish.step;
  cause.step.name = "cause";
  cause.step.article = Article{"15.1(1)"};
  cause.step.facts = Json::object();
  cause.links.push_back(from.id);
  Json texts{{"matters", wish.payload.at("reason")}};
  cause.payload = Json{{"reason", wish.payload.at("reason")}, {"texts", std::move(texts)}};
  return cases::open(txn, Procedure::monitoring, from.service, std::move(cause)).id;
}

/// The case of the target as it stands; one without steps when it is new.
Result<Case> case_so_far(const lmdb::ReadTxn& txn, const Target& target, const StepWish& wish) {
  if (target.into) {
    Result<Case> found = get(txn, *target.into);
    if (!found.ok() || !found->ended) return found;
    return refusal(Code::conflict, "/step", wish.step.article.value(), "この事案は終わっています",
                   "this case has ended");
  }
  Result<Done> about = concerns_a_case(txn, target.service, target.procedure, wish.today);
  if (!about.ok()) return about.errors();
  Case none;
  none.procedure = target.procedure;
  none.service = target.service;
  return none;
}

}  // namespace

Result<Admitted> admit(const lmdb::ReadTxn& txn, const Target& target, StepWish& wish, const CaseSettings& settings) {
  Result<Case> so_far = case_so_far(txn, target, wish);
  if (!so_far.ok()) return so_far.errors();
  Result<Done> sound = check_basis(txn, so_far->service, wish);
  if (sound.ok()) sound = check_step(*so_far, wish, settings);
  if (!sound.ok()) return sound.errors();
  Admitted admitted{*std::move(so_far), {}};
  if (wish.step.name == "changes-told") {
    const Result<Service> record = last_record(txn, target.service);
    if (!record.ok()) return record.errors();
    admitted.notices = rules::look_at_application(wish.step.facts, *record);
  }
  return admitted;
}

Case take(lmdb::WriteTxn& txn, Case so_far, const StepWish& wish) {
  cases::NewStep made{wish.step, wish.payload, wish.links, end_with(so_far, *wish.rule, wish.step), false};
  if (wish.rule->starts_monitoring) made.links.push_back(start_monitoring(txn, so_far, wish));
  if (so_far.steps.empty()) return open(txn, so_far.procedure, so_far.service, std::move(made));
  add(txn, so_far, std::move(made));
  return so_far;
}

Result<Service> last_record(const lmdb::ReadTxn& txn, const ServiceId& id) {
  const auto seq = tables::latest(txn, id.value());
  Result<Event> event = journal::event(txn, seq.value_or(Seq{0}));
  if (!event.ok()) return event.errors();
  return stored_service(event->record);
}

bool is_told_to_registrant(Procedure procedure, const Step& step) {
  if (step.by == Role::registrant || step.event) return true;
  const StepRule* rule = find_rule(procedure, step.name, step.article.value());
  if (rule == nullptr) return false;
  return std::find(rule->notice.to.begin(), rule->notice.to.end(), Role::registrant) != rule->notice.to.end();
}

}  // namespace ismap::registry::cases
