#pragma once

#include <optional>
#include <vector>

#include "registry/cases/taking.h"
#include "registry/command.h"
#include "registry/filings/filing.h"
#include "registry/filings/form.h"

/// A filing as it is asked for: read, looked up in the table of forms, and checked against the register.
namespace ismap::registry {

/// What would be filed, and what it would mean.
struct Prepared {
  Form form;
  ServiceId service;
  Json payload;                    ///< what the receipt covers
  std::optional<CaseId> into;      ///< the case that it goes into; nothing: a new one, or none
  std::optional<StepWish> step;    ///< the step of a case that it is; nothing for 2-4 and for a 2-11 nobody waits for
  std::optional<Command> command;  ///< the act that it is at once (12.1) or becomes when accepted (14.2); not its actor
  std::optional<FilingId> supplements;
  std::optional<FilingId> supersedes;
  std::optional<Instant> first_received_at;  ///< of the filing that it supplements or supersedes
  Errors notices;                            ///< worth a look and no refusals
};

/// Who asks, when, and by which settings.
struct Filer {
  Actor actor;
  Instant now;
  CaseSettings settings;
};

/// Reads {"form", "service", ["case",] ["article",] ["reason",] ["supplements" | "supersedes",] and the form's own
/// members}. 2-11: "changes", "effective", "material_change"; 2-4: "auditor_told", "audit_from", "audit_to"; the
/// others: the fields of their step. Without "case" the one open case that waits for the form is taken, and else a new
/// one is opened where the form opens one; `null` asks for a new one. A report of an incident without "case" is of a
/// new one. Errors: invalid (every wrong, missing or unknown member at once); not_found; conflict, each with its
/// article. Article: 12.1, 13.2, 13.3, 13.4, 13.9, 14.1, 14.2, 15.2, 16.2, 16.6, 18.1
Result<Prepared> prepare(const lmdb::ReadTxn& txn, const Json& given, const Filer& filer);

/// The request that a payload answers: what amending and submitting prepare again.
Json request_of(const Json& payload);

}  // namespace ismap::registry
