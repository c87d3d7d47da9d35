#include "registry/filings/preparation.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "registry/decide.h"
#include "registry/filings/form_2_11.h"
#include "registry/filings/form_2_4.h"
#include "registry/filings/form_choice.h"
#include "registry/filings/request_head.h"
#include "registry/journal.h"
#include "registry/rules/common.h"
#include "registry/text.h"

namespace ismap::registry {

namespace {

using rules::refusal;

/// Members of a step that a filing does not have: it is made when it is received, and rests on itself.
constexpr std::array<std::string_view, 4> kOfStepsAlone{"step", "on", "basis", "attachments"};
constexpr std::array<std::string_view, 4> kOf2_4{"reason", "auditor_told", "audit_from", "audit_to"};

/// The members that every payload carries besides the form's own.
void add_common(const Json& request, const Prepared& prepared, Json& payload) {
  payload["form"] = std::string(prepared.form.name);
  payload["service"] = prepared.service.value();
  for (const char* member : {"supplements", "supersedes"}) {
    if (request.contains(member)) payload[member] = request.at(member);
  }
}

/// The step that a request's own members make. Errors: invalid.
Result<StepWish> step_of(const Json& request, const Form& form, const Filer& filer) {
  Json step{{"step", std::string(form.step->name)}, {"article", std::string(form.step->article)}};
  Errors errors;
  for (const auto& [name, value] : request.items()) {
    if (is_one_of(kOfEveryForm, name)) continue;
    if (is_one_of(kOfStepsAlone, name)) errors.push_back(unknown_member(name));
    if (!is_one_of(kOfStepsAlone, name)) step[name] = value;
  }
  Result<StepWish> wish = read_step(form.procedure, step, {}, filer.actor, filer.now.jst_day());
  if (!wish.ok()) append(errors, wish.errors());
  if (!errors.empty()) return errors;
  return wish;
}

/// What a step says, as it is filed.
Json payload_of_step(const StepWish& wish) {
  Json payload = wish.step.facts;
  if (wish.payload.is_object()) {
    payload.update(wish.payload.value("texts", Json::object()));
    if (wish.payload.contains("reason")) payload["reason"] = wish.payload.at("reason");
  }
  if (!wish.links.empty()) {
    payload["links"] = Json::array();
    for (const CaseId& id : wish.links) payload["links"].push_back(id.value());
  }
  return payload;
}

/// Whether the case that is meant has ended: what is reported then counts, and is no step any more.
Result<bool> has_ended(const lmdb::ReadTxn& txn, const std::optional<CaseId>& into) {
  if (!into) return false;
  const Result<Case> of = cases::get(txn, *into);
  if (!of.ok()) return of.errors();
  return of->ended.has_value();
}

Error received_without_step(const Prepared& prepared) {
  return refusal(Code::conflict, "/case", std::string(prepared.form.step->article),
                 "事案 " + prepared.into->value() + " は終わっています。届出は受け付けますが、事案の手続にはなりません",
                 "case " + prepared.into->value() + " has ended: the filing is received, and is no step of it");
}

/// 13.2, 13.3: without the day of awareness no term can be counted.
Errors unknown_awareness(const Case& so_far, const StepWish& wish) {
  const bool report = wish.step.name == "preliminary-report" || wish.step.name == "full-report";
  if (!report || wish.step.facts.contains("known_on") || incident_of(so_far).known_on) return {};
  return {refusal(Code::invalid, "/known_on", wish.step.article.value(),
                  "認知日（known_on）がなく、期限を数えられません", "without known_on no term can be counted")};
}

Result<Prepared> prepare_step(const lmdb::ReadTxn& txn, const Json& request, const Filer& filer, Head head) {
  const ReadStep read = [&](const Form& form) { return step_of(request, form, filer); };
  Result<Choice> choice = choose(txn, head.asked, read, filer.settings);
  if (!choice.ok()) return choice.errors();
  Prepared prepared = std::move(head.prepared);
  prepared.form = choice->form;
  prepared.into = choice->into;
  prepared.notices = std::move(choice->notices);
  Result<StepWish> wish = read(prepared.form);
  if (!wish.ok()) return wish.errors();
  prepared.payload = payload_of_step(*wish);
  add_common(request, prepared, prepared.payload);
  prepared.payload["article"] = std::string(prepared.form.step->article);
  prepared.payload["case"] = prepared.into ? Json(prepared.into->value()) : Json(nullptr);
  const Result<bool> ended = has_ended(txn, prepared.into);
  if (!ended.ok()) return ended.errors();
  if (*ended) {
    prepared.notices.push_back(received_without_step(prepared));
    return prepared;
  }
  auto admitted = cases::admit(txn, {prepared.form.procedure, prepared.service, prepared.into}, *wish, filer.settings);
  if (!admitted.ok()) {
    Errors errors = admitted.errors();
    for (Error& error : errors) {
      if (error.pointer == "/step") error.pointer = "/form";
    }
    return errors;
  }
  append(prepared.notices, admitted->notices);
  append(prepared.notices, unknown_awareness(admitted->so_far, *wish));
  prepared.step = std::move(*wish);
  return prepared;
}

/// What decide() looks at for an act of today, or of the day when it is to hold.
struct Outlook {
  std::vector<Event> history;
  Day day;
};

Result<Outlook> outlook(const lmdb::ReadTxn& txn, const Command& command, Day today) {
  const Day day = command.effective.value_or(today);
  Result<std::vector<Event>> history = journal::history_around(txn, command.service.value(), std::min(day, today));
  if (!history.ok()) return history.errors();
  return Outlook{*std::move(history), std::max(day, today)};
}

Result<Prepared> prepare_renewal(const lmdb::ReadTxn& txn, const Json& request, const Filer& filer, Head head) {
  Errors errors;
  for (const auto& [name, value] : request.items()) {
    if (!is_one_of(kOfEveryForm, name) && !is_one_of(kOf2_4, name)) errors.push_back(unknown_member(name));
  }
  if (!request.value("case", Json()).is_null()) {
    errors.push_back(refusal(Code::invalid, "/case", "12.1", "更新の申請は、その事案に自ら入ります。case は書きません",
                             "an application joins the case of its renewal by itself: name no case"));
  }
  const auto reason = request.contains("reason") ? text_as_kept(request.at("reason")) : std::optional<Json>();
  if (request.contains("reason") && !reason) {
    errors.push_back(refusal(Code::invalid, "/reason", "12.1", "理由（reason）を {\"ja\": \"…\"} で書いてください",
                             "give the reason as {\"ja\": \"…\"}"));
  }
  Result<FileRenewal> doing = read_renewal_application(request);
  if (!doing.ok()) append(errors, doing.errors());
  if (!errors.empty()) return errors;
  Prepared prepared = std::move(head.prepared);
  prepared.form = head.asked.ways.front();
  Command command;
  command.service = prepared.service;
  command.actor = filer.actor;
  command.article = Article{"12.1"};
  command.doing = *doing;
  const Result<Outlook> seen = outlook(txn, command, filer.now.jst_day());
  if (!seen.ok()) return seen.errors();
  Result<std::vector<Draft>> drafts = decide(Situation{seen->history, seen->day, Seq{0}}, command);
  if (!drafts.ok()) return drafts.errors();
  for (const Draft& draft : *drafts) append(prepared.notices, draft.notices);
  for (const std::string_view name : kOf2_4) {
    if (request.contains(name)) prepared.payload[std::string(name)] = request.at(std::string(name));
  }
  if (reason) prepared.payload["reason"] = *reason;
  add_common(request, prepared, prepared.payload);
  prepared.payload["article"] = "12.1";
  prepared.command = std::move(command);
  return prepared;
}

/// Whether the payload of a 2-11 could be accepted: now, or on its day when that lies ahead. Article: 14.2
Result<Done> fits_2_11(const lmdb::ReadTxn& txn, const Json& payload, const Command& about, Day today) {
  const Result<Outlook> seen = outlook(txn, about, today);
  if (!seen.ok()) return seen.errors();
  const Situation on_its_day{seen->history, seen->day, Seq{0}};
  Result<Service> service = rules::standing(on_its_day, about);
  if (!service.ok()) return service.errors();
  Result<Day> possible = rules::effective_day(on_its_day, about);
  Errors errors = possible.ok() ? Errors{} : possible.errors();
  Result<Done> sound = rules::check_form_2_11(payload, *service);
  if (!sound.ok()) append(errors, sound.errors());
  if (!errors.empty()) return errors;
  return rules::in_order(on_its_day, about.effective.value_or(today),
                         rules::patched(rules::current(on_its_day), payload.at("changes")));
}

/// The step of a 2-11 in the case that waits for it; none where no case does. Article: 14.4
Result<Done> find_waiting_case(const lmdb::ReadTxn& txn, const Filer& filer, const Asked& asked, Prepared& prepared) {
  if (asked.asks_for_new) {
    prepared.payload["case"] = nullptr;
    return Done{};
  }
  const ReadStep read = [&](const Form& form) { return step_of(Json::object(), form, filer); };
  Result<Choice> choice = choose(txn, asked, read, filer.settings);
  if (!choice.ok() && !asked.named && choice.errors().front().pointer == "/case") {
    prepared.notices = choice.errors();  // several wait: the operator lifts by citing the filing
    return Done{};
  }
  if (!choice.ok()) return choice.errors();
  if (!choice->into) return Done{};
  prepared.into = choice->into;
  prepared.payload["case"] = choice->into->value();
  const Result<bool> ended = has_ended(txn, choice->into);
  if (!ended.ok()) return ended.errors();
  if (*ended) {
    prepared.notices.push_back(received_without_step(prepared));
    return Done{};
  }
  Result<StepWish> wish = read(choice->form);
  if (!wish.ok()) return wish.errors();
  auto admitted = cases::admit(txn, {choice->form.procedure, asked.service, choice->into}, *wish, filer.settings);
  if (!admitted.ok()) return admitted.errors();
  prepared.step = std::move(*wish);
  return Done{};
}

Result<Prepared> prepare_2_11(const lmdb::ReadTxn& txn, const Json& request, const Filer& filer, Head head,
                              Errors errors) {
  append(errors, rules::check_members(request));
  const bool readable =
      errors.empty() || (request.value("changes", Json()).is_object() && request.value("service", Json()).is_string());
  if (!readable) return errors;
  Prepared prepared = std::move(head.prepared);
  prepared.form = head.asked.ways.front();
  const Day today = filer.now.jst_day();
  prepared.payload = rules::payload_of(request, today);
  add_common(request, prepared, prepared.payload);
  Command command;
  command.service = prepared.service;
  command.article = Article{"14.2"};
  const Json& stated = prepared.payload.at("effective");
  command.effective = stated.is_string() ? Day::parse(stated.get_ref<const std::string&>()) : std::nullopt;
  command.doing = ChangeItems{prepared.payload.at("changes")};
  Result<Done> fits = fits_2_11(txn, prepared.payload, command, today);
  if (!fits.ok()) append(errors, fits.errors());
  if (!errors.empty()) return errors;
  Result<Done> joined = find_waiting_case(txn, filer, head.asked, prepared);
  if (!joined.ok()) return joined.errors();
  prepared.command = std::move(command);
  return prepared;
}

}  // namespace

namespace {

/// Whether some form has a member of that name.
bool is_member_of_a_form(std::string_view name) {
  constexpr std::array<std::string_view, 4> kOthers{"changes", "effective", "material_change", "links"};
  if (is_one_of(kOfEveryForm, name) || is_one_of(kOf2_4, name) || is_one_of(kOthers, name)) return true;
  return std::any_of(forms().begin(), forms().end(), [&](const Form& form) {
    const auto& fields = form.step->fields;
    return std::any_of(fields.begin(), fields.end(), [&](const FieldRule& field) { return field.name == name; });
  });
}

/// The members that no form has, of a request that names none.
void append_unknown_members(const Json& request, Errors& errors) {
  for (const auto& [name, value] : request.items()) {
    if (!is_member_of_a_form(name)) errors.push_back(unknown_member(name));
  }
}

}  // namespace

Result<Prepared> prepare(const lmdb::ReadTxn& txn, const Json& given, const Filer& filer) {
  if (!given.is_object()) return wrong_member("", "JSONオブジェクトで書いてください", "give a JSON object");
  const Json request = without_nulls(given);
  Errors errors;
  Head head = read_head(txn, request, filer, errors);
  if (head.asked.ways.empty()) {
    append_unknown_members(request, errors);
    return errors;
  }
  const Form& way = head.asked.ways.front();
  if (way.name == kForm2_11) return prepare_2_11(txn, request, filer, std::move(head), std::move(errors));
  if (errors.empty() && acts_when_received(way)) return prepare_renewal(txn, request, filer, std::move(head));
  if (errors.empty()) return prepare_step(txn, request, filer, std::move(head));
  if (!acts_when_received(way)) {  // all mistakes at once
    const Result<StepWish> wish = step_of(request, way, filer);
    if (!wish.ok()) append(errors, wish.errors());
  }
  return errors;
}

Json request_of(const Json& payload) {
  Json request = payload;
  request.erase("attachments");
  if (request.value("material_change", Json(false)).is_null()) request.erase("material_change");
  return request;
}

}  // namespace ismap::registry
