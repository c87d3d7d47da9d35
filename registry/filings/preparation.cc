#include "registry/filings/preparation.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "registry/decide.h"
#include "registry/filings/form_2_11.h"
#include "registry/filings/form_2_4.h"
#include "registry/filings/form_choice.h"
#include "registry/journal.h"
#include "registry/rules/common.h"
#include "registry/text.h"

namespace ismap::registry {

namespace {

using rules::refusal;

/// Members that every form has.
constexpr std::array<std::string_view, 6> kOfEveryForm{"form",    "service",     "case",
                                                       "article", "supplements", "supersedes"};
/// Members of a step that a filing does not have: it is made when it is received, and rests on itself.
constexpr std::array<std::string_view, 4> kOfStepsAlone{"step", "on", "basis", "attachments"};
constexpr std::array<std::string_view, 4> kOf2_4{"reason", "auditor_told", "audit_from", "audit_to"};

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Error wrong_member(std::string pointer, std::string ja, std::string en) {
  return refusal(Code::invalid, std::move(pointer), "", std::move(ja), std::move(en));
}

Error unknown_member(const std::string& name) {
  return wrong_member("/" + pointer_token(name), "知らない項目です: " + name, "unknown member: " + name);
}

/// The earlier filing that this one is about, when it may be. Errors: invalid, conflict.
Result<Filing> earlier_filing(const lmdb::ReadTxn& txn, const Json& request, const char* member, const Filer& filer) {
  const std::string pointer = "/" + std::string(member);
  const Json& id = request.at(member);
  Result<Filing> earlier = filings::get(txn, FilingId{id.is_string() ? id.get<std::string>() : ""});
  const bool same = earlier.ok() && earlier->organisation == filer.actor.organisation &&
                    earlier->form == request.value("form", Json()) &&
                    earlier->service.value() == request.value("service", Json());
  if (!same || !earlier->received_at) {
    return wrong_member(pointer, "同じサービスと様式の、提出済みの届出の番号を書いてください",
                        "name a filing of this form and service that was submitted");
  }
  const bool decided = earlier->state == FilingState::accepted || earlier->state == FilingState::superseded;
  if (std::string_view(member) == "supersedes" && decided) {
    return refusal(Code::conflict, pointer, earlier->article.value(),
                   "届出 " + earlier->id.value() + " は " + std::string(name_of(earlier->state)) +
                       " です。差し替えられません。補足（supplements）として届け出てください",
                   "filing " + earlier->id.value() + " is " + std::string(name_of(earlier->state)) +
                       " and cannot be replaced: supplement it");
  }
  return earlier;
}

/// What the members of every form say.
struct Head {
  Asked asked;
  Prepared prepared;
};

/// Reads supplements and supersedes; the case of the earlier filing is that of this one.
void read_earlier(const lmdb::ReadTxn& txn, const Json& request, const Filer& filer, Head& head, Errors& errors) {
  if (request.contains("supplements") && request.contains("supersedes")) {
    errors.push_back(wrong_member("/supersedes", "supplements と supersedes の一方だけを書いてください",
                                  "give supplements or supersedes, not both"));
    return;
  }
  for (const char* member : {"supplements", "supersedes"}) {
    if (!request.contains(member)) continue;
    const Result<Filing> earlier = earlier_filing(txn, request, member, filer);
    if (!earlier.ok()) {
      append(errors, earlier.errors());
      continue;
    }
    (std::string_view(member) == "supplements" ? head.prepared.supplements : head.prepared.supersedes) = earlier->id;
    head.prepared.first_received_at = earlier->first_received_at;
    if (earlier->case_id && !request.contains("case")) head.asked.named = CaseId{*earlier->case_id};
  }
}

void read_case(const Json& request, Asked& asked, Errors& errors) {
  if (!request.contains("case")) return;
  const Json& named = request.at("case");
  asked.asks_for_new = named.is_null();
  if (named.is_string()) asked.named = CaseId{named.get<std::string>()};
  if (!named.is_null() && !named.is_string()) {
    errors.push_back(wrong_member("/case", "事案番号を書いてください。新しい事案なら null です",
                                  "give the number of a case, or null for a new one"));
  }
}

void read_ways(const Json& request, Asked& asked, Errors& errors) {
  const Json name = request.value("form", Json());
  asked.ways = forms_named(name.is_string() ? name.get_ref<const std::string&>() : "");
  if (asked.ways.empty()) {
    errors.push_back(wrong_member("/form", "様式（form）は次のいずれかです: " + names_of(forms()),
                                  "the form is one of: " + names_of(forms())));
    return;
  }
  if (!request.contains("article")) return;
  const std::vector<Form> all = asked.ways;
  std::erase_if(asked.ways, [&](const Form& form) { return request.at("article") != form.step->article; });
  if (!asked.ways.empty()) return;
  asked.ways = all;
  errors.push_back(refusal(Code::invalid, "/article", std::string(all.front().step->article),
                           "この様式の根拠条項は " + articles_of(all) + " です",
                           "this form is filed under " + articles_of(all)));
}

Head read_head(const lmdb::ReadTxn& txn, const Json& request, const Filer& filer, Errors& errors) {
  Head head;
  read_ways(request, head.asked, errors);
  const Json service = request.value("service", Json());
  if (service.is_string()) head.asked.service = ServiceId{service.get<std::string>()};
  if (!service.is_string()) {
    errors.push_back(wrong_member("/service", "登録番号（service）を書いてください", "name the service"));
  }
  read_case(request, head.asked, errors);
  read_earlier(txn, request, filer, head, errors);
  head.prepared.service = head.asked.service;
  return head;
}

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
  auto admitted = cases::admit(txn, {prepared.form.procedure, prepared.service, prepared.into}, *wish, filer.settings);
  if (!admitted.ok()) {
    Errors errors = admitted.errors();
    for (Error& error : errors) {
      if (error.pointer == "/step") error.pointer = "/form";
    }
    return errors;
  }
  append(prepared.notices, admitted->notices);
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
  if (asked.asks_for_new) return Done{};
  const ReadStep read = [&](const Form& form) { return step_of(Json::object(), form, filer); };
  Result<Choice> choice = choose(txn, asked, read, filer.settings);
  if (!choice.ok() && !asked.named && choice.errors().front().pointer == "/case") {
    prepared.notices = choice.errors();  // several wait: the operator lifts by citing the filing
    return Done{};
  }
  if (!choice.ok()) return choice.errors();
  if (!choice->into) return Done{};
  Result<StepWish> wish = read(choice->form);
  if (!wish.ok()) return wish.errors();
  auto admitted = cases::admit(txn, {choice->form.procedure, asked.service, choice->into}, *wish, filer.settings);
  if (!admitted.ok()) return admitted.errors();
  prepared.into = choice->into;
  prepared.step = std::move(*wish);
  prepared.payload["case"] = choice->into->value();
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

Result<Prepared> prepare(const lmdb::ReadTxn& txn, const Json& request, const Filer& filer) {
  if (!request.is_object()) return wrong_member("", "JSONオブジェクトで書いてください", "give a JSON object");
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
