#pragma once

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

/// What a registrant files (届出): draft (or withdrawn before it was submitted), received with a signed receipt, then
/// accepted or returned. Never public.
namespace ismap::registry {

using FilingId = Strong<std::string, struct FilingIdTag>;

enum class FilingState { draft, withdrawn, received, accepted, returned };

std::string_view name_of(FilingState state);

/// What the operator said to a filing. A notification cannot be refused, only returned for a defect of form.
struct FilingDecision {
  bool accepted = false;
  std::optional<Article> article;
  std::string reason;
  Actor by;
  Instant at;
  std::optional<Seq> seq;  ///< of the public event, when accepted
};

/// One filing. `payload` is what was filed and what the receipt's digest covers; it never changes once received.
struct Filing {
  FilingId id;
  std::string form;  ///< "2-11"
  ServiceId service;
  std::string organisation;
  Json payload;  ///< {"changes", "effective", "form", "material_change", "reason", "service"}
  FilingState state = FilingState::draft;
  Instant created_at;
  std::optional<Instant> received_at;
  std::string receipt;  ///< compact JWT; empty while a draft
  std::optional<FilingDecision> decision;
};

/// SHA-256 of the payload's RFC 8785 form.
Digest payload_digest(const Filing& filing);

/// The filing as it is stored, and back. Errors: corrupt.
Json to_json(const Filing& filing);
Result<Filing> parse_filing(std::string_view stored);

namespace filings {

/// The id that the next draft gets: F000000001, F000000002 …
FilingId next_id(const lmdb::ReadTxn& txn);
/// Errors: not_found, corrupt.
Result<Filing> get(const lmdb::ReadTxn& txn, const FilingId& id);
/// Stores the filing and keeps the table of open drafts.
void put(lmdb::WriteTxn& txn, const Filing& filing);
/// The open draft that an organisation has of this filing's service and form; one at a time.
std::optional<FilingId> open_draft(const lmdb::ReadTxn& txn, const Filing& filing);
/// Filings of which `keep` is true, oldest first. Errors: corrupt.
Result<std::vector<Filing>> all(const lmdb::ReadTxn& txn, const std::function<bool(const Filing&)>& keep);

}  // namespace filings

}  // namespace ismap::registry
