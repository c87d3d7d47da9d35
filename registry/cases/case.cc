#include "registry/cases/case.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "registry/cases/superseding.h"
#include "registry/digest.h"
#include "registry/ledger.h"
#include "registry/tables.h"

namespace ismap::registry {

namespace {

constexpr std::array<std::pair<Procedure, std::string_view>, 10> kProcedures{
    {{Procedure::incident, "incident"},
     {Procedure::notification, "notification"},
     {Procedure::monitoring, "monitoring"},
     {Procedure::re_audit, "re-audit"},
     {Procedure::renewal, "renewal"},
     {Procedure::re_application, "re-application"},
     {Procedure::withdrawal, "withdrawal"},
     {Procedure::removal, "removal"},
     {Procedure::agencies, "agencies"},
     {Procedure::objection, "objection"}}};

constexpr std::string_view kCompleted = "completed";
constexpr std::string_view kByRemoval = "by-removal";

std::string_view name_of(CaseEnd end) { return end == CaseEnd::completed ? kCompleted : kByRemoval; }

std::optional<CaseEnd> end_of(const Json& name) {
  if (name.is_null()) return std::nullopt;
  return name == kCompleted ? CaseEnd::completed : CaseEnd::by_removal;
}

Day stored_day(const Json& stored) { return Day::parse(stored.get_ref<const std::string&>()).value(); }
Instant instant_of(const Json& stored) { return Instant::parse(stored.get_ref<const std::string&>()).value(); }

/// What a step is beside what its entry says anyway (article, actor, time of record, number).
Json core_of(const Step& step) {
  return Json{{"by", name_of(step.by)}, {"event", step.event ? Json(step.event->value()) : Json(nullptr)},
              {"facts", step.facts},    {"filing", step.filing ? Json(*step.filing) : Json(nullptr)},
              {"name", step.name},      {"number", step.number},
              {"on", step.on.iso()}};
}

Step step_of(const Json& core, const Json& article, const Json& actor, const Json& at, std::uint64_t entry) {
  Step step;
  step.number = core.at("number").get<std::uint64_t>();
  step.name = core.at("name").get<std::string>();
  step.article = Article{article.get<std::string>()};
  step.by = role_of(core.at("by").get<std::string>()).value();
  step.actor = actor_of(actor);
  step.on = stored_day(core.at("on"));
  step.recorded_at = instant_of(at);
  step.facts = core.at("facts");
  if (!core.at("event").is_null()) step.event = Seq{core.at("event").get<std::uint64_t>()};
  if (!core.at("filing").is_null()) step.filing = core.at("filing").get<std::string>();
  step.entry = entry;
  return step;
}

Json ids_json(const std::vector<CaseId>& ids) {
  Json out = Json::array();
  for (const CaseId& id : ids) out.push_back(id.value());
  return out;
}

/// The case after one more entry of the ledger; `before` is nothing for the first.
Case folded(std::optional<Case> before, const Json& entry) {
  Case out;
  const std::uint64_t number = entry.at("number").get<std::uint64_t>();
  Step step = step_of(entry.at("step"), entry.at("article"), entry.at("actor"), entry.at("at"), number);
  if (before) {
    out = std::move(*before);
  } else {
    out.id = CaseId{entry.at("case").get<std::string>()};
    out.procedure = procedure_of(entry.at("procedure").get<std::string>()).value();
    out.service = ServiceId{entry.at("service").get<std::string>()};
    out.opened_on = step.on;
    out.opened_at = step.recorded_at;
  }
  for (const Json& link : entry.at("links")) {
    const CaseId id{link.get<std::string>()};
    if (std::find(out.links.begin(), out.links.end(), id) == out.links.end()) out.links.push_back(id);
  }
  if (entry.at("reopens") == true) out.ended.reset();
  if (const auto end = end_of(entry.at("ends"))) out.ended = end;
  out.steps.push_back(std::move(step));
  return out;
}

Json entry_of(const Case& to, const cases::NewStep& added) {
  return Json{{"act", "step"},
              {"actor", to_json(added.step.actor)},
              {"article", added.step.article.value()},
              {"at", added.step.recorded_at.iso()},
              {"case", to.id.value()},
              {"ends", added.ends ? Json(name_of(*added.ends)) : Json(nullptr)},
              {"events", Json::array()},
              {"links", ids_json(added.links)},
              {"procedure", name_of(to.procedure)},
              {"reopens", added.reopens},
              {"service", to.service.value()},
              {"step", core_of(added.step)}};
}

std::string key_of_service(const Case& of) { return of.service.value() + '\0' + of.id.value(); }

void put(lmdb::WriteTxn& txn, const Case& of) {
  txn.put(tables::kCases, of.id.value(), canonical(to_json(of)));
  txn.put(tables::kCasesOf, key_of_service(of), "");
  if (of.ended) {
    txn.erase(tables::kOpenCases, of.id.value());
  } else {
    txn.put(tables::kOpenCases, of.id.value(), "");
  }
}

/// Every case as the ledger's entries make it.
Result<std::map<std::string, Case>> fold_ledger(const lmdb::ReadTxn& txn) {
  std::map<std::string, Case> all;
  Errors errors;
  txn.scan(tables::kLedger, "", [&](std::string_view key, std::string_view stored) {
    const Json entry = Json::parse(stored, nullptr, false);
    if (!entry.is_object() || !entry.contains("case")) return true;
    try {
      const auto id = entry.at("case").get<std::string>();
      const auto known = all.find(id);
      Case after = folded(known == all.end() ? std::nullopt : std::optional<Case>(std::move(known->second)), entry);
      all.insert_or_assign(id, std::move(after));
    } catch (const std::exception&) {  // a member is missing or of another kind
      errors.push_back({Code::corrupt, "", "", fmt::format("事案台帳の {} 件目を読めません", lmdb::number_of(key)),
                        fmt::format("ledger entry {} is no step of a case", lmdb::number_of(key))});
    }
    return errors.empty();
  });
  if (!errors.empty()) return errors;
  return all;
}

/// Whether the committee says by this step when the incident occurred. Article: 13.7, 18.2(6)
bool is_of_the_committee(const Step& step) {
  return step.name == "occurrence-confirmed" || (step.name == "suspended" && step.article.value() == "13.7");
}

/// Openings that a step closes.
std::set<std::uint64_t> closed_by(const Step& step) {
  std::set<std::uint64_t> closed;
  if (step.name == "lifted" || step.name == "ended") closed.insert(step.facts.value("opening", std::uint64_t{0}));
  for (const Json& gone : step.facts.value("gone", Json::array())) closed.insert(gone.get<std::uint64_t>());
  return closed;
}

/// Intervals that a step opens, or opens again by a correction.
std::vector<OpenInterval> opened_by(const Step& step) {
  std::vector<OpenInterval> opened;
  if (step.event && (step.name == "suspended" || step.name == "started")) opened.push_back({*step.event, step.article});
  for (const Json& again : step.facts.value("open_again", Json::array())) {
    opened.push_back({Seq{again.at("opening").get<std::uint64_t>()}, Article{again.at("article").get<std::string>()}});
  }
  return opened;
}

bool holds_intervals(Procedure procedure) {
  return procedure == Procedure::incident || procedure == Procedure::notification || procedure == Procedure::re_audit;
}

}  // namespace

std::string_view name_of(Procedure procedure) {
  for (const auto& [p, name] : kProcedures) {
    if (p == procedure) return name;
  }
  return {};
}

std::optional<Procedure> procedure_of(std::string_view name) {
  for (const auto& [procedure, text] : kProcedures) {
    if (text == name) return procedure;
  }
  return std::nullopt;
}

std::optional<Day> stated_day(const Step& step, std::string_view name) {
  const Json day = name.empty() ? Json() : step.facts.value(std::string(name), Json());
  return day.is_string() ? Day::parse(day.get_ref<const std::string&>()) : std::nullopt;
}

Incident incident_of(const Case& of) {
  Incident incident;
  bool settled = false;  // the committee stated a firm day
  const Case standing = as_it_stands(of);
  for (const Step& step : standing.steps) {
    if (!incident.known_on) incident.known_on = stated_day(step, "known_on");
    const auto day = stated_day(step, "incident_on");
    if (!day) continue;
    const bool estimated = step.facts.value("incident_estimated", false);
    const bool firm_before = incident.incident_on && !incident.estimated;
    if ((firm_before && estimated) || (settled && !is_of_the_committee(step))) continue;
    incident.incident_on = day;
    incident.estimated = estimated;
    settled = settled || (is_of_the_committee(step) && !estimated);
  }
  return incident;
}

std::vector<OpenInterval> open_intervals(const Case& of) {
  std::vector<OpenInterval> open;
  if (!holds_intervals(of.procedure)) return open;
  for (const Step& step : of.steps) {
    const std::set<std::uint64_t> closed = closed_by(step);
    open.erase(std::remove_if(open.begin(), open.end(),
                              [&](const OpenInterval& i) { return closed.count(i.opening.value()) != 0; }),
               open.end());
    for (OpenInterval& interval : opened_by(step)) open.push_back(std::move(interval));
  }
  return open;
}

const Step* last_step(const Case& of, std::string_view name, std::string_view article) {
  const Step* found = nullptr;
  for (const Step& step : of.steps) {
    if (step.name == name && (article.empty() || step.article.value() == article)) found = &step;
  }
  return found;
}

Json to_json(const Case& of) {
  Json steps = Json::array();
  for (const Step& step : of.steps) {
    Json stored = core_of(step);
    stored["actor"] = to_json(step.actor);
    stored["article"] = step.article.value();
    stored["at"] = step.recorded_at.iso();
    stored["entry"] = step.entry;
    steps.push_back(std::move(stored));
  }
  return Json{{"ended", of.ended ? Json(name_of(*of.ended)) : Json(nullptr)},
              {"id", of.id.value()},
              {"links", ids_json(of.links)},
              {"opened_at", of.opened_at.iso()},
              {"opened_on", of.opened_on.iso()},
              {"procedure", name_of(of.procedure)},
              {"service", of.service.value()},
              {"steps", std::move(steps)}};
}

Result<Case> parse_case(const CaseId& id, std::string_view stored) {
  const Json json = Json::parse(stored, nullptr, false);
  try {
    Case out;
    out.id = CaseId{json.at("id").get<std::string>()};
    out.procedure = procedure_of(json.at("procedure").get<std::string>()).value();
    out.service = ServiceId{json.at("service").get<std::string>()};
    out.opened_on = stored_day(json.at("opened_on"));
    out.opened_at = instant_of(json.at("opened_at"));
    out.ended = end_of(json.at("ended"));
    for (const Json& link : json.at("links")) out.links.emplace_back(link.get<std::string>());
    for (const Json& s : json.at("steps")) {
      out.steps.push_back(step_of(s, s.at("article"), s.at("actor"), s.at("at"), s.at("entry").get<std::uint64_t>()));
    }
    return out;
  } catch (const std::exception&) {  // a member is missing or of another kind: what was stored is not what we store
    return Error{Code::corrupt, "", "", "事案 " + id.value() + " を読めません",
                 "case " + id.value() + " cannot be read"};
  }
}

namespace cases {

CaseId next_id(const lmdb::ReadTxn& txn) {
  const auto last = txn.last(tables::kCases);
  const std::uint64_t number = last ? std::stoull(std::string(last->first.substr(1))) + 1 : 1;
  return CaseId{fmt::format("C{:09}", number)};
}

Result<Case> get(const lmdb::ReadTxn& txn, const CaseId& id) {
  const auto stored = id.value().empty() ? std::nullopt : txn.get(tables::kCases, id.value());
  if (!stored) {
    return Error{Code::not_found, "", "", "事案 " + id.value() + " はありません", "there is no case " + id.value()};
  }
  return parse_case(id, *stored);
}

Result<std::vector<Case>> of_service(const lmdb::ReadTxn& txn, const ServiceId& service) {
  const std::string prefix = service.value() + '\0';
  std::vector<Case> found;
  Errors errors;
  txn.scan(tables::kCasesOf, prefix, [&](std::string_view key, std::string_view) {
    if (!key.starts_with(prefix)) return false;
    Result<Case> one = get(txn, CaseId{std::string(key.substr(prefix.size()))});
    if (one.ok()) found.push_back(std::move(*one));
    if (!one.ok()) append(errors, one.errors());
    return errors.empty();
  });
  if (!errors.empty()) return errors;
  return found;
}

Result<Done> each(const lmdb::ReadTxn& txn, bool open_only, const std::function<bool(const Case&)>& visit) {
  Errors errors;
  txn.scan(open_only ? tables::kOpenCases : tables::kCases, "", [&](std::string_view key, std::string_view) {
    const Result<Case> one = get(txn, CaseId{std::string(key)});
    if (!one.ok()) append(errors, one.errors());
    return one.ok() && visit(*one);
  });
  if (!errors.empty()) return errors;
  return Done{};
}

Case open(lmdb::WriteTxn& txn, Procedure procedure, const ServiceId& service, NewStep first) {
  Case opened;
  opened.id = next_id(txn);
  opened.procedure = procedure;
  opened.service = service;
  opened.opened_on = first.step.on;
  opened.opened_at = first.step.recorded_at;
  add(txn, opened, std::move(first));
  return opened;
}

void add(lmdb::WriteTxn& txn, Case& to, NewStep step) {
  step.step.number = to.steps.empty() ? 1 : to.steps.back().number + 1;
  Json entry = entry_of(to, step);
  entry["number"] = ledger::append(txn, entry, step.payload);
  to = folded(std::move(to), entry);
  put(txn, to);
}

Result<Done> rebuild(lmdb::WriteTxn& txn) {
  for (const lmdb::Table table : {tables::kCases, tables::kCasesOf, tables::kOpenCases}) txn.clear(table);
  const Result<std::map<std::string, Case>> all = fold_ledger(txn);
  if (!all.ok()) return all.errors();
  for (const auto& [id, one] : *all) put(txn, one);
  return Done{};
}

std::vector<std::string> differences_from_ledger(const lmdb::ReadTxn& txn) {
  const Result<std::map<std::string, Case>> all = fold_ledger(txn);
  if (!all.ok()) return {all.errors().front().en};
  std::vector<std::string> found;
  std::size_t open = 0;
  for (const auto& [id, one] : *all) {
    const auto stored = txn.get(tables::kCases, id);
    if (!stored || *stored != canonical(to_json(one))) found.push_back("cases: " + id + " is not what the ledger says");
    if (!txn.get(tables::kCasesOf, key_of_service(one))) found.push_back("cases-of: " + id + " is missing");
    if (!one.ended && !txn.get(tables::kOpenCases, id)) found.push_back("open-cases: " + id + " is missing");
    open += one.ended ? 0U : 1U;
  }
  if (txn.count(tables::kCases) != all->size()) found.emplace_back("cases: not those that the ledger has");
  if (txn.count(tables::kCasesOf) != all->size()) found.emplace_back("cases-of: not one entry a case");
  if (txn.count(tables::kOpenCases) != open) found.emplace_back("open-cases: not one entry an open case");
  return found;
}

}  // namespace cases

}  // namespace ismap::registry
