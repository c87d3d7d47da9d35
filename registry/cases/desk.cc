#include "registry/cases/desk.h"

#include <algorithm>
#include <utility>

#include "registry/attachments/attachments.h"
#include "registry/cases/taking.h"
#include "registry/filings/filing.h"
#include "registry/journal.h"
#include "registry/ledger.h"
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
  Json actor{{"organisation", step.actor.organisation}, {"role", name_of(step.actor.role)}};
  if (step.actor.local_user) actor["local_user"] = *step.actor.local_user;
  Json out{{"actor", std::move(actor)},
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
  if (rule != nullptr && !rule->notice.to.empty()) {
    Json to = Json::array();
    for (const Role role : rule->notice.to) to.push_back(name_of(role));
    out["notice"] = Json{{"channel", nullptr},
                         {"form", rule->notice.form.empty() ? Json(nullptr) : Json(std::string(rule->notice.form))},
                         {"on", step.on.iso()},
                         {"to", std::move(to)}};
  }
  out["told"] = cases::is_told_to_registrant(of.procedure, step);
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

/// Destroys what a filing holds besides its step: payload and attachments. Says whether it held anything; an entry of
/// its own says so, where the step has none (`recorded`). Errors: corrupt.
Result<bool> destroy_filed(lmdb::WriteTxn& txn, const FilingId& id, const ledger::Destruction& why, bool recorded) {
  const Result<Filing> filing = filings::get(txn, id);
  if (!filing.ok()) return filing.errors();
  if (filing->payload.is_null()) return false;
  filings::destroy_payload(txn, id);
  Result<Done> files = attachments::destroy(txn, id, why);
  if (!files.ok()) return files.errors();
  if (!recorded) {
    ledger::append(txn, Json{{"act", "destroy"},
                             {"actor", to_json(why.actor)},
                             {"article", nullptr},
                             {"at", why.at.iso()},
                             {"filing", id.value()},
                             {"ground", why.ground},
                             {"reason", why.reason}});
  }
  return true;
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
      Result<std::optional<Json>> earlier = replays::find(txn, *key, now);
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

Result<Case> CaseDesk::take_step(lmdb::WriteTxn& txn, const cases::Target& target, StepWish& wish,
                                 Errors& notices) const {
  Result<cases::Admitted> admitted = cases::admit(txn, target, wish, settings_);
  if (!admitted.ok()) return admitted.errors();
  notices = std::move(admitted->notices);
  return cases::take(txn, std::move(admitted->so_far), wish);
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
    return take_step(txn, {*procedure, ServiceId{service.get<std::string>()}}, *wish, notices);
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
    return take_step(txn, {found->procedure, found->service, id}, *wish, notices);
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
      const Result<Service> service = cases::last_record(txn, id);
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
    const Step& made = found->steps.at(step - 1);
    const ledger::Destruction why{actor, ground, reason, now};
    Result<Done> destroyed = ledger::destroy(txn, entry_with_texts(txn, made), why);
    const bool filed = made.by == Role::registrant && made.filing;
    if (filed) {
      Result<bool> of_filing = destroy_filed(txn, FilingId{*made.filing}, why, destroyed.ok());
      if (!of_filing.ok()) return of_filing.errors();
      if (*of_filing) destroyed = Done{};
    }
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
