#include "registry/cases/desk.h"

#include <algorithm>
#include <utility>

#include "registry/cases/step_request.h"
#include "registry/filing.h"
#include "registry/journal.h"
#include "registry/ledger.h"
#include "registry/rules/chapter12.h"
#include "registry/rules/common.h"
#include "registry/tables.h"
#include "registry/text.h"

namespace ismap::registry {

namespace {

using rules::refusal;

Json notices_json(const Errors& notices) {
  Json out = Json::array();
  for (const Error& n : notices) {
    out.push_back({{"article", n.article}, {"en", n.en}, {"ja", n.ja}, {"pointer", n.pointer}});
  }
  return out;
}

CaseAnswer replayed(const Json& kept) {
  CaseAnswer again{kept.at("answer"), {}, true};
  for (const Json& n : kept.at("notices")) {
    again.notices.push_back({Code::invalid, n.at("pointer").get<std::string>(), n.at("article").get<std::string>(),
                             n.at("ja").get<std::string>(), n.at("en").get<std::string>()});
  }
  return again;
}

bool is_any_of(const std::vector<ServiceId>& services, const ServiceId& service) {
  return services.empty() || std::find(services.begin(), services.end(), service) != services.end();
}

/// The record of a service that a case may be about: for an objection a removed one too. Article: 19.1
Result<Service> concerned(const lmdb::ReadTxn& txn, const ServiceId& id, Procedure procedure, Day today) {
  Result<std::vector<Event>> history = journal::history_around(txn, id.value(), today);
  if (!history.ok()) return history.errors();
  const bool known = !history->empty() && history->back().kind != EventKind::key;
  if (known && procedure == Procedure::objection) return stored_service(history->back().record);
  Command about;
  about.service = id;
  if (!known) history->clear();
  return rules::standing(Situation{*history, today, Seq{0}}, about);
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

/// Puts the step into its case; a case without steps is opened.
Case enter(lmdb::WriteTxn& txn, Case to, const StepWish& wish) {
  cases::NewStep made{wish.step, wish.payload, wish.links, end_with(to, *wish.rule, wish.step), false};
  if (wish.rule->starts_monitoring) made.links.push_back(start_monitoring(txn, to, wish));
  if (to.steps.empty()) return cases::open(txn, to.procedure, to.service, std::move(made));
  cases::add(txn, to, std::move(made));
  return to;
}

/// What is worth a look when a step was made. Article: 7.14, 12.3
Errors notices_of(const StepWish& wish, const Service& service) {
  if (wish.step.name != "changes-told") return {};
  return rules::look_at_application(wish.step.facts, service);
}

/// The record that the service has or last had.
Result<Service> last_record(const lmdb::ReadTxn& txn, const ServiceId& id) {
  const auto seq = tables::latest(txn, id.value());
  Result<Event> event = journal::event(txn, seq.value_or(Seq{0}));
  if (!event.ok()) return event.errors();
  return stored_service(event->record);
}

/// The services whose own deadlines are asked for; these are all their registrants'.
std::vector<ServiceId> with_own_deadlines(const lmdb::ReadTxn& txn, const DeadlineFilter& filter) {
  std::vector<ServiceId> ids;
  if (filter.who && *filter.who != Role::registrant) return ids;
  for (const tables::Latest& latest : tables::latest_services(txn)) {
    if (is_any_of(filter.services, ServiceId{latest.id})) ids.emplace_back(latest.id);
  }
  return ids;
}

Json summary(const Case& of, Day today, const CaseSettings& settings) {
  Json roles = Json::array();
  for (const Deadline& d : deadlines(of, today, settings)) {
    const Json role(name_of(d.who));
    if (!d.answered_on && std::find(roles.begin(), roles.end(), role) == roles.end()) roles.push_back(role);
  }
  const Step& last = of.steps.back();
  Json out = to_json(of);
  out.erase("steps");
  out["state"] = of.ended ? "closed" : "open";
  out["last_step"] =
      Json{{"article", last.article.value()}, {"number", last.number}, {"on", last.on.iso()}, {"step", last.name}};
  out["next"] = std::move(roles);
  return out;
}

/// The ledger entry that holds the texts of a step: of its public act, where it is one.
std::uint64_t entry_with_texts(const lmdb::ReadTxn& txn, const Step& step) {
  const auto of_act = step.event ? ledger::number_of(txn, *step.event) : std::nullopt;
  return of_act.value_or(step.entry);
}

/// What people wrote of a step: reason, basis and texts.
Json payload_of(const lmdb::ReadTxn& txn, const Step& step) {
  if (!step.event) return ledger::payload_of(txn, step.entry);
  const Json entry = ledger::entry_of(txn, *step.event);
  Json payload = Json::object();
  if (!entry.is_object()) return payload;
  if (entry.contains("reason")) payload["reason"] = Json{{"ja", entry.at("reason")}};
  if (entry.contains("basis")) payload["basis"] = entry.at("basis");
  payload["texts"] = entry.value("texts", Json::object());
  return payload;
}

Json view_of(const lmdb::ReadTxn& txn, const Case& of, const Step& step) {
  const StepRule* rule = find_rule(of.procedure, step.name, step.article.value());
  const Json payload = payload_of(txn, step);
  Json out{{"actor", to_json(step.actor)},
           {"article", step.article.value()},
           {"by", name_of(step.by)},
           {"event", step.event ? Json(step.event->value()) : Json(nullptr)},
           {"filing", step.filing ? Json(*step.filing) : Json(nullptr)},
           {"form", rule == nullptr || rule->form.empty() ? Json(nullptr) : Json(std::string(rule->form))},
           {"notice", nullptr},
           {"number", step.number},
           {"on", step.on.iso()},
           {"recorded_at", step.recorded_at.iso()},
           {"step", step.name}};
  out.update(step.facts);
  bool told = step.by == Role::registrant || step.event.has_value();
  if (rule != nullptr && !rule->notice.to.empty()) {
    Json to = Json::array();
    for (const Role role : rule->notice.to) {
      to.push_back(name_of(role));
      told = told || role == Role::registrant;
    }
    out["notice"] = Json{{"channel", nullptr},
                         {"form", rule->notice.form.empty() ? Json(nullptr) : Json(std::string(rule->notice.form))},
                         {"on", step.on.iso()},
                         {"to", std::move(to)}};
  }
  out["told"] = told;
  if (payload.is_object()) {
    out.update(payload.value("texts", Json::object()));
    if (out.at("notice").is_object() && out.contains("channel")) {
      out["notice"]["channel"] = out.at("channel");
      out.erase("channel");
    }
    for (const char* name : {"reason", "basis"}) out[name] = payload.value(name, Json());
  }
  out["texts_destroyed"] = ledger::was_destroyed(txn, entry_with_texts(txn, step));
  return out;
}

}  // namespace

Json view(const lmdb::ReadTxn& txn, const Case& of, Day today, const CaseSettings& settings) {
  Json out = summary(of, today, settings);
  out.erase("last_step");
  out["steps"] = Json::array();
  for (const Step& step : of.steps) out["steps"].push_back(view_of(txn, of, step));
  out["incident"] = nullptr;
  if (of.procedure == Procedure::incident) {
    const Incident incident = incident_of(of);
    const auto day = [](const std::optional<Day>& d) { return d ? Json(d->iso()) : Json(nullptr); };
    out["incident"] = Json{{"estimated", incident.estimated},
                           {"incident_on", day(incident.incident_on)},
                           {"known_on", day(incident.known_on)}};
  }
  out["deadlines"] = Json::array();
  for (const Deadline& d : deadlines(of, today, settings)) out["deadlines"].push_back(to_json(d));
  return out;
}

Result<CaseAnswer> CaseDesk::write(Instant now, const std::optional<RequestKey>& key, const Write& write_case) {
  Result<Acted> lapsed = registrar_.remove_expired(now);
  if (!lapsed.ok()) return lapsed.errors();
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<CaseAnswer> {
    if (key) {
      Result<std::optional<Json>> earlier = replays::find(txn, *key);
      if (!earlier.ok()) return earlier.errors();
      if (earlier->has_value()) return replayed(**earlier);
    }
    const auto last = journal::last_recorded_at(txn);
    CaseAnswer answer;
    Result<Case> written = write_case(txn, std::max(now, last.value_or(now)), answer.notices);
    if (!written.ok()) return written.errors();
    answer.answer = view(txn, *written, now.jst_day(), settings_);
    if (key) replays::keep(txn, *key, Json{{"answer", answer.answer}, {"notices", notices_json(answer.notices)}}, now);
    return answer;
  });
}

Result<CaseAnswer> CaseDesk::open(const Json& request, const Actor& actor, Instant now,
                                  const std::optional<RequestKey>& key) {
  if (!request.is_object()) {
    return refusal(Code::invalid, "", "", "JSONオブジェクトで書いてください", "give a JSON object");
  }
  const Json name = request.value("procedure", Json());
  const auto procedure = name.is_string() ? procedure_of(name.get_ref<const std::string&>()) : std::nullopt;
  Errors errors;
  if (!procedure) {
    errors.push_back(refusal(Code::invalid, "/procedure", "", "手続の種類（procedure）を書いてください",
                             "name the procedure: incident, notification, monitoring, renewal, withdrawal, removal, "
                             "objection …"));
  }
  const Json service = request.value("service", Json());
  if (!service.is_string()) {
    errors.push_back(refusal(Code::invalid, "/service", "", "登録番号（service）を書いてください", "name the service"));
  }
  if (!procedure) return errors;
  return write(now, key, [&](lmdb::WriteTxn& txn, Instant at, Errors& notices) -> Result<Case> {
    Result<StepWish> wish = read_step(*procedure, request, {"procedure", "service"}, actor, now.jst_day());
    if (!wish.ok()) {
      append(errors, wish.errors());
      return errors;
    }
    if (!errors.empty()) return errors;
    wish->step.recorded_at = at;
    Case none;
    none.procedure = *procedure;
    none.service = ServiceId{service.get<std::string>()};
    Result<Service> about = concerned(txn, none.service, *procedure, now.jst_day());
    if (!about.ok()) return about.errors();
    Result<Done> sound = check_basis(txn, none.service, *wish);
    if (sound.ok()) sound = check_step(none, *wish, settings_);
    if (!sound.ok()) return sound.errors();
    notices = notices_of(*wish, *about);
    return enter(txn, std::move(none), *wish);
  });
}

Result<CaseAnswer> CaseDesk::step(const CaseId& id, const Json& request, const Actor& actor, Instant now,
                                  const std::optional<RequestKey>& key) {
  return write(now, key, [&](lmdb::WriteTxn& txn, Instant at, Errors& notices) -> Result<Case> {
    Result<Case> found = cases::get(txn, id);
    if (!found.ok()) return found;
    Result<StepWish> wish = read_step(found->procedure, request, {}, actor, now.jst_day());
    if (!wish.ok()) return wish.errors();
    wish->step.recorded_at = at;
    if (found->ended) {
      return refusal(Code::conflict, "/step", wish->step.article.value(), "この事案は終わっています",
                     "this case has ended");
    }
    Result<Done> sound = check_basis(txn, found->service, *wish);
    if (sound.ok()) sound = check_step(*found, *wish, settings_);
    if (!sound.ok()) return sound.errors();
    Result<Service> about = last_record(txn, found->service);
    if (!about.ok()) return about.errors();
    notices = notices_of(*wish, *about);
    return enter(txn, std::move(*found), *wish);
  });
}

Result<Json> CaseDesk::get(const CaseId& id, Day today) const {
  return env_.read([&](const lmdb::ReadTxn& txn) -> Result<Json> {
    const Result<Case> found = cases::get(txn, id);
    if (!found.ok()) return found.errors();
    return view(txn, *found, today, settings_);
  });
}

Result<Json> CaseDesk::list(const CaseFilter& filter, Day today) const {
  return env_.read([&](const lmdb::ReadTxn& txn) -> Result<Json> {
    Json items = Json::array();
    Json next = nullptr;
    const auto visit = [&](const Case& one) {
      if (filter.after && one.id <= *filter.after) return true;
      if (!is_any_of(filter.services, one.service)) return true;
      if (filter.procedure && one.procedure != *filter.procedure) return true;
      if (filter.open && *filter.open == one.ended.has_value()) return true;
      if (items.size() == filter.limit) {
        next = items.back().at("id");
        return false;
      }
      items.push_back(summary(one, today, settings_));
      return true;
    };
    Result<Done> done = cases::each(txn, filter.open == true, visit);
    if (!done.ok()) return done.errors();
    return Json{{"items", std::move(items)}, {"next", std::move(next)}};
  });
}

Result<std::vector<Deadline>> CaseDesk::deadlines(const DeadlineFilter& filter, Day today) const {
  return env_.read([&](const lmdb::ReadTxn& txn) -> Result<std::vector<Deadline>> {
    std::vector<Deadline> all;
    const auto take = [&](std::vector<Deadline> some) {
      for (Deadline& d : some) {
        if (filter.who && d.who != *filter.who) continue;
        if (filter.overdue_only && d.state != DeadlineState::overdue) continue;
        if (!filter.with_answered && d.answered_on) continue;
        all.push_back(std::move(d));
      }
    };
    Result<Done> done = cases::each(txn, true, [&](const Case& one) {
      if (is_any_of(filter.services, one.service)) take(registry::deadlines(one, today, settings_));
      return true;
    });
    if (!done.ok()) return done.errors();
    for (const ServiceId& id : with_own_deadlines(txn, filter)) {
      const Result<Service> service = last_record(txn, id);
      if (!service.ok()) return service.errors();
      take(registry::deadlines(*service, today));
    }
    sort_by_due(all);
    return all;
  });
}

Result<Done> CaseDesk::destroy_texts(const CaseId& id, std::uint64_t step, const Actor& actor,
                                     const std::string& ground, const std::string& reason, Instant now) {
  if (actor.role != Role::operator_) {
    return refusal(Code::forbidden, "/role", "", "記録の廃棄を行うのは operator です",
                   "texts are destroyed by the operator");
  }
  Errors errors;
  for (const auto& [pointer, text] : {std::pair{"/ground", &ground}, std::pair{"/reason", &reason}}) {
    if (!is_blank(*text) && !check_text(*text)) continue;
    errors.push_back(refusal(Code::invalid, pointer, "", "廃棄の根拠と理由を書いてください", "give ground and reason"));
  }
  if (!errors.empty()) return errors;
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Done> {
    const Result<Case> found = cases::get(txn, id);
    if (!found.ok()) return found.errors();
    if (step < 1 || step > found->steps.size()) {
      return refusal(Code::not_found, "", "", "その番号の手続はありません", "the case has no such step");
    }
    Result<Done> destroyed =
        ledger::destroy(txn, entry_with_texts(txn, found->steps.at(step - 1)), {actor, ground, reason, now});
    if (!destroyed.ok()) return destroyed;
    // Answers that are kept for repeated requests show the case with its texts.
    const Json shown = view(txn, *found, now.jst_day(), settings_);
    replays::replace(txn, [&](const Json& kept) -> std::optional<Json> {
      const Json answer = kept.is_object() ? kept.value("answer", Json()) : Json();
      if (!answer.is_object() || answer.value("id", Json()) != id.value() || !answer.contains("steps")) return {};
      Json again = kept;
      again["answer"] = shown;
      return again;
    });
    return destroyed;
  });
}

}  // namespace ismap::registry
