#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/acts.h"
#include "registry/canonical_json.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

/// Cases (事案): the procedures of chapters 12 to 19 that the list does not show, step by step. A step is an entry of
/// the case ledger; a case is the fold of its entries and can be made anew from them. Never public.
namespace ismap::registry {

/// C000000001, C000000002 …
using CaseId = Strong<std::string, struct CaseIdTag>;

/// What a case is about.
enum class Procedure {
  incident,        ///< chapter 13, one incident
  notification,    ///< chapter 14, one event or change
  monitoring,      ///< chapter 15
  re_audit,        ///< chapter 16, one part
  renewal,         ///< chapter 12, one application
  re_application,  ///< 17.1
  withdrawal,      ///< 18.1
  removal,         ///< 18.2, 18.3
  agencies,        ///< 7.6(5): to tell the agencies that use the service of one suspension or removal
  objection,       ///< 19.1, 19.2
};

/// "incident", "notification", "monitoring", "re-audit", "renewal", "re-application", "withdrawal", "removal",
/// "agencies", "objection"
std::string_view name_of(Procedure procedure);
std::optional<Procedure> procedure_of(std::string_view name);

/// One step that was made. Texts (reason, basis, statements) are not here: they are the payload of its ledger entry.
struct Step {
  std::uint64_t number = 1;
  std::string name;                   ///< "preliminary-report"
  Article article;                    ///< "13.2"
  Role by;                            ///< who made it; who recorded it is `actor`
  Actor actor;                        ///< who recorded it
  Day on;                             ///< the day on which it was made
  Instant recorded_at;                ///< when the register knew
  Json facts = Json::object();        ///< days, numbers and yes or no: nothing that could hold personal data
  std::optional<Seq> event;           ///< of the public act that is this step
  std::optional<std::string> filing;  ///< id of the filing that is this step
  std::uint64_t entry = 0;            ///< number of its ledger entry
};

/// How a case ended.
enum class CaseEnd { completed, by_removal };

struct Case {
  CaseId id;
  Procedure procedure = Procedure::incident;
  ServiceId service;
  Day opened_on;
  Instant opened_at;
  std::optional<CaseEnd> ended;  ///< nothing: open
  std::vector<Step> steps;
  std::vector<CaseId> links;  ///< other cases that this one goes with, as its steps named them
};

/// The day that a fact of the step states; nothing when it has no such fact, or `name` is empty.
std::optional<Day> stated_day(const Step& step, std::string_view name);

/// What an incident case says of its incident: what was stated first of the awareness, last of the occurrence. An
/// estimate does not unsettle a firm day, and once the committee stated one (13.7, 18.2(6)) only the committee moves
/// it.
struct Incident {
  std::optional<Day> known_on;
  std::optional<Day> incident_on;
  bool estimated = false;
};
Incident incident_of(const Case& of);

/// Openings (seq) of the suspensions and re-audits that this case holds and that are not closed, with their article.
struct OpenInterval {
  Seq opening;
  Article article;
};
std::vector<OpenInterval> open_intervals(const Case& of);

/// The last step of that name (and article, if one is given), or null.
const Step* last_step(const Case& of, std::string_view name, std::string_view article = {});

/// The case as it is stored, and back. Errors: corrupt.
Json to_json(const Case& of);
Result<Case> parse_case(const CaseId& id, std::string_view stored);

namespace cases {

/// The id that the next case gets.
CaseId next_id(const lmdb::ReadTxn& txn);
/// Errors: not_found, corrupt.
Result<Case> get(const lmdb::ReadTxn& txn, const CaseId& id);
/// The cases of a service, oldest first. Errors: corrupt.
Result<std::vector<Case>> of_service(const lmdb::ReadTxn& txn, const ServiceId& service);
/// Visits every case, oldest first, or the open ones alone, until `visit` returns false. Errors: corrupt.
Result<Done> each(const lmdb::ReadTxn& txn, bool open_only, const std::function<bool(const Case&)>& visit);

/// One step on its way into the ledger.
struct NewStep {
  Step step;                    ///< without number, entry
  Json payload;                 ///< what may hold personal data; null when there is none
  std::vector<CaseId> links;    ///< to add to the case
  std::optional<CaseEnd> ends;  ///< the case ends with it
  bool reopens = false;         ///< the case is open again: what ended it was corrected
};

/// Opens a case with its first step. Returns it as it is stored.
Case open(lmdb::WriteTxn& txn, Procedure procedure, const ServiceId& service, NewStep first);
/// Adds a step: one ledger entry, and the case as it is after it.
void add(lmdb::WriteTxn& txn, Case& to, NewStep step);

/// Makes the tables of cases anew from the ledger. Errors: corrupt.
Result<Done> rebuild(lmdb::WriteTxn& txn);
/// What the tables of cases say that the ledger does not, one line each.
std::vector<std::string> differences_from_ledger(const lmdb::ReadTxn& txn);

}  // namespace cases

}  // namespace ismap::registry
