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
/// accepted, returned, or superseded by a later one. Never public.
namespace ismap::registry {

using FilingId = Strong<std::string, struct FilingIdTag>;

/// `superseded`: a later filing of the same party took its place before it was decided.
enum class FilingState { draft, withdrawn, received, superseded, accepted, returned };

std::string_view name_of(FilingState state);

/// What the operator said to a filing. A notification cannot be refused, only returned for a defect of form.
struct FilingDecision {
  bool accepted = false;
  std::optional<Article> article;
  std::string reason;
  Actor by;
  Instant at;
  std::optional<Seq> seq;  ///< of the public event, when the acceptance made one
};

/// What the operator asked about a filing: a step of its case. Article: 9.4, 13.4
struct FilingInquiry {
  Article article;
  Instant at;
  std::string case_id;
  std::uint64_t step = 0;
};

/// One filing. `payload` is what was filed and what the receipt's digest covers; it never changes once received.
struct Filing {
  FilingId id;
  std::string form;  ///< "2-11"
  Article article;   ///< "14.2": under which it is filed
  ServiceId service;
  std::string organisation;
  /// {"form", "service", the form's own members, "case", "attachments" …}; null when its texts were destroyed
  Json payload;
  FilingState state = FilingState::draft;
  Instant created_at;
  std::optional<Instant> received_at;
  std::optional<Instant> first_received_at;  ///< of the first one that it supplements or supersedes, else its own
  std::string receipt;                       ///< compact JWT; empty while a draft
  std::optional<FilingDecision> decision;
  std::optional<Seq> base;             ///< the service's last event when the filer last looked at what it changes
  std::optional<Seq> seq;              ///< of the public event that its receipt was (12.1)
  std::optional<std::string> case_id;  ///< the case that it names or opened
  std::uint64_t step = 0;              ///< its step there; 0: none
  std::optional<FilingId> supplements;
  std::optional<FilingId> supersedes;
  std::optional<FilingId> superseded_by;
  std::vector<FilingInquiry> inquiries;
  std::string digest;  ///< SHA-256 of the payload as received, in hex; "" while a draft
};

/// SHA-256 of the payload's RFC 8785 form, in hex; of a received filing as it was received.
std::string payload_digest(const Filing& filing);

/// The filing as it is stored, and back. Errors: corrupt.
Json to_json(const Filing& filing);
Result<Filing> parse_filing(std::string_view stored);

/// The filing as its parties see it: as stored, with the payload's digest and the event's number.
Json view_of(const Filing& filing);

namespace filings {

/// The id that the next draft gets: F000000001, F000000002 …
FilingId next_id(const lmdb::ReadTxn& txn);
/// Errors: not_found, corrupt.
Result<Filing> get(const lmdb::ReadTxn& txn, const FilingId& id);
/// Stores the filing and keeps the table of open drafts.
void put(lmdb::WriteTxn& txn, const Filing& filing);
/// Stores what became of a filing that was as `before`, a draft that may now be of another case, or none any more.
void replace(lmdb::WriteTxn& txn, const Filing& before, const Filing& after);
/// The open draft that an organisation has of this filing's service, form and case; one at a time. Reports of incidents
/// that name no case do not wait for each other (stands_for_itself).
std::optional<FilingId> open_draft(const lmdb::ReadTxn& txn, const Filing& filing);
/// Destroys what was filed for good, and keeps its digest: nothing for a filing that has no payload any more.
void destroy_payload(lmdb::WriteTxn& txn, const FilingId& id);
/// Filings of which `keep` is true, oldest first. Errors: corrupt.
Result<std::vector<Filing>> all(const lmdb::ReadTxn& txn, const std::function<bool(const Filing&)>& keep);

}  // namespace filings

}  // namespace ismap::registry
