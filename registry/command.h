#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "registry/acts.h"
#include "registry/canonical_json.h"
#include "registry/looked_at.h"
#include "registry/service.h"
#include "registry/strong.h"
#include "registry/time.h"

namespace ismap::registry {

/// 11.1: enter a decided service. No intervals, state registered.
struct RegisterService {
  Service record;
};
/// 11.2: a renewal was decided; `items` is a merge patch with at least the new expiry and audit period.
struct Renew {
  Json items;
};
/// 12.1: a renewal application was received. It may say at once what 12.3 asks and which audit period is next; what it
/// does not say is asked for in the case of the renewal.
struct FileRenewal {
  std::optional<bool> auditor_told;  ///< 12.3: every change of the statement was told to the auditor
  std::optional<AuditPeriod> audit_period;
};
/// 9.6, 18.2(3) or withdrawn: a renewal application ends without a renewal.
struct CloseRenewal {
  RenewalResult result = RenewalResult::withdrawn;
};
/// 14.1, 14.2: listed items change; `changes` is a merge patch of the items (null sets null).
struct ChangeItems {
  Json changes;
};
/// 11.5(13): the number of agencies that use the service.
struct UpdateUsage {
  std::uint32_t agencies_using = 0;
};
/// What an act says of the incident that it rests on. It goes to the case ledger, never into a leaf.
struct IncidentStated {
  std::optional<Day> occurred_on;
  bool estimated = false;       ///< `occurred_on` is an estimate: enough for 13.7, not for 18.2(6)
  std::optional<Day> known_on;  ///< 発生を認知した日: decides whether the rules of 2024-01-04 apply (S2023-11-10.1)
  friend bool operator==(const IncidentStated&, const IncidentStated&) = default;
};
/// 13.5, 13.7, 14.3. `conditions` are those of 13.8 for lifting a 13.7; an import has none of the members.
struct Suspend {
  IncidentStated incident;
  std::optional<Text> conditions;
};
/// 13.6, 13.10, 14.4. `opening` names the suspension when more than one could be meant.
struct Reinstate {
  std::optional<Seq> opening;
};
/// 16.1, 16.5: the part to be audited and the day in the notice (16.2, 16.6); an import has neither.
struct StartReAudit {
  std::optional<Text> part;
  std::optional<Day> due_on;
};
enum class ReAuditResult { confirmed, not_confirmed };
/// 16.3, 16.4, 16.7. `opening` names the re-audit when more than one could be meant.
struct EndReAudit {
  std::optional<Seq> opening;
  std::optional<ReAuditResult> result;
};
/// 18.2(1)–(7). Only 18.2(6) looks at the members: which 13.7, and the firm day of its incident.
struct Remove {
  std::optional<Seq> opening;
  IncidentStated incident;
};
/// Mends what an event `seq` of this service said wrongly; `changes` is a merge patch of the record.
struct Correct {
  Seq seq;
  Json changes;
};

using Doing = std::variant<RegisterService, Renew, FileRenewal, CloseRenewal, ChangeItems, UpdateUsage, Suspend,
                           Reinstate, StartReAudit, EndReAudit, Remove, Correct>;

/// One wish to change the list, parsed. What it may do is for decide() to say.
struct Command {
  ServiceId service;
  Actor actor;
  std::optional<Article> article;
  std::optional<Day> effective;  ///< default: today (JST); for `correct` the day of the corrected event
  Doing doing;
  std::optional<Digest> receipt;  ///< of the filing that caused it
  LookedAt looked_at = {};        ///< what the caller says that the list showed; nothing: it says nothing
  bool at_hand_over = false;      ///< part of an import: past days are allowed, hard conditions are not asked
  std::string reason;             ///< for the ledger
  Json basis;                     ///< for the ledger
};

/// The act that a command is.
Act act_of(const Doing& doing);

/// What of a command is for the case ledger alone and cannot hold personal data: days of the incident, due day, result.
Json case_facts(const Doing& doing);
/// What of it may: conditions, the part to be audited. Null when nothing is.
Json case_texts(const Doing& doing);
/// The incident that the details of an earlier act state; empty when they state none.
IncidentStated incident_in(const Json& details);

}  // namespace ismap::registry
