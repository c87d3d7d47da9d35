#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "registry/cases/case.h"
#include "registry/cases/deadline.h"
#include "registry/cases/taking.h"
#include "registry/lmdb/env.h"
#include "registry/registrar.h"
#include "registry/replays.h"
#include "registry/result.h"

namespace ismap::registry {

/// What a request to the desk answers; a replay of the same request answers the same again.
struct CaseAnswer {
  Json answer;     ///< the case as view() shows it
  Errors notices;  ///< worth a look and no refusal
  bool replayed = false;
};

/// Which cases are asked for. What is not set does not filter.
struct CaseFilter {
  std::vector<ServiceId> services = {};  ///< any of these; empty: all
  std::optional<Procedure> procedure = {};
  std::optional<bool> open = {};
  std::optional<CaseId> after = {};  ///< the page after this one
  std::size_t limit = 100;
};

/// Which deadlines are asked for.
struct DeadlineFilter {
  std::vector<ServiceId> services = {};  ///< any of these; empty: all
  std::optional<Role> who = {};          ///< who must act
  bool overdue_only = false;
  bool with_answered = false;  ///< met ones of open cases too
};

/// The way of a case: opened with a first step, then step by step. Every step is checked against the table of its
/// procedure (registry/cases/procedure.h), by role, and recorded in the case ledger in one transaction.
/// Thread: any.
class CaseDesk {
 public:
  CaseDesk(lmdb::Env& env, Registrar& registrar, CaseSettings settings = {})
      : env_(env), registrar_(registrar), settings_(std::move(settings)) {}

  /// POST /v1/cases: {"procedure", "service", "step", "article", ["on": DAY, default today,] "reason": {"ja"},
  /// ["basis",] ["links": [case ids],] and the step's own fields; where a notice goes out also ["channel": {"ja"}]}.
  /// Errors: invalid (every wrong, missing or unknown member at once, with its pointer), forbidden at /role, not_found,
  /// conflict (a removed service; a step that the law does not allow yet, with the article).
  Result<CaseAnswer> open(const Json& request, const Actor& actor, Instant now,
                          const std::optional<RequestKey>& key = std::nullopt);

  /// POST /v1/cases/{id}/steps: {"step", "article", ["on",] "reason", ["basis",] ["links",] fields…}. Errors: as open;
  /// conflict for a case that has ended.
  Result<CaseAnswer> step(const CaseId& id, const Json& request, const Actor& actor, Instant now,
                          const std::optional<RequestKey>& key = std::nullopt);

  /// A case with its steps, texts, notices sent and deadlines on `today`. Errors: not_found, corrupt.
  [[nodiscard]] Result<Json> get(const CaseId& id, Day today) const;
  /// {"items": [cases without their texts], "next": id or null}. Errors: corrupt.
  [[nodiscard]] Result<Json> list(const CaseFilter& filter, Day today) const;
  /// Deadlines of open cases and of registrations, sorted by due day. Errors: corrupt.
  [[nodiscard]] Result<std::vector<Deadline>> deadlines(const DeadlineFilter& filter, Day today) const;

  /// Destroys the texts of a step for good, also in the answers kept for repeated requests, and records that: who, on
  /// what ground ("公文書管理法 8"), why. Errors: forbidden unless the operator; not_found; conflict when they are gone
  /// already; invalid at /ground, /reason.
  Result<Done> destroy_texts(const CaseId& id, std::uint64_t step, const Actor& actor, const std::string& ground,
                             const std::string& reason, Instant now);

 private:
  using Write = std::function<Result<Case>(lmdb::WriteTxn& txn, Instant at, Errors& notices)>;
  /// One transaction: the answer of an earlier request with this key, or what `write_case` makes.
  Result<CaseAnswer> write(Instant now, const std::optional<RequestKey>& key, const Write& write_case);

  Result<Case> take_step(lmdb::WriteTxn& txn, const cases::Target& target, StepWish& wish, Errors& notices) const;

  lmdb::Env& env_;
  Registrar& registrar_;
  CaseSettings settings_;
};

/// A case as its parties see it: {"id", "procedure", "service", "state": "open|closed", "ended": null|"completed"|
/// "by-removal", "opened_on", "opened_at", "links", "incident": null|{"known_on", "incident_on", "estimated"},
/// "steps": [{"number", "step", "article", "form", "by", "actor", "on", "recorded_at", "event", "filing", "notice":
/// null|{"form", "to": [roles], "on", "channel"}, "told", "texts_destroyed", its facts and texts…}], "deadlines": […],
/// "next": [roles that must act]}. A registrant is told of its own steps, of notices to it and of acts that the list
/// shows ("told": true); the other steps are for the offices alone.
Json view(const lmdb::ReadTxn& txn, const Case& of, Day today, const CaseSettings& settings);

}  // namespace ismap::registry
