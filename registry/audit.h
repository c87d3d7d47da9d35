#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/acts.h"
#include "registry/canonical_json.h"
#include "registry/cases/case.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

/// The audit trail (監査証跡): the case ledger, asked who did what, when and from where. Never public.
namespace ismap::registry {

/// What of the ledger is asked for; an empty member asks for everything.
struct AuditFilter {
  std::optional<Instant> since;   ///< recorded at this instant or later
  std::optional<Instant> before;  ///< recorded before this instant
  std::string act;                ///< "suspend", "step", "token-issue" …
  std::optional<Role> role;       ///< of who acted
  std::string organisation;       ///< of who acted
  std::string token;              ///< id of the token that spoke, that proposed, or that the entry is about
  std::optional<ServiceId> service;
  std::optional<CaseId> case_id;
  std::string filing;  ///< its id
  std::optional<Seq> event;
  std::uint64_t from = 0;           ///< first number
  std::optional<std::uint64_t> to;  ///< last number
  bool newest_first = true;
  std::size_t limit = 100;
  std::optional<std::uint64_t> after;  ///< number of the last entry of the page before, in the order asked for
  bool texts = false;                  ///< with payloads: reasons, bases, texts
};

/// Entries, each as it is chained and with `entry_sha256`, the hash of its stored octets; with texts also `texts` (null
/// when it has none) and `texts_destroyed`. `next`: what to ask after, when there may be more.
struct AuditPage {
  std::vector<Json> items;
  std::optional<std::uint64_t> next;
};

/// The newest entry: an auditor who writes it down can tell later whether anything up to it was changed.
struct AuditHead {
  std::uint64_t number = 0;
  std::string sha256;  ///< of its stored octets, in hex
};

/// Octets of entries as they are stored, one a line.
struct AuditLines {
  std::string text;
  std::optional<std::uint64_t> next;  ///< number of the entry after them, when there is one in the range
};

namespace audit {

/// Looks at each entry of the range at most once. An entry is about a service when it names it, or one of its events,
/// filings, cases or tokens; the destruction of texts is about what they were about.
AuditPage query(const lmdb::ReadTxn& txn, const AuditFilter& filter);

/// Nothing while the ledger has no entry.
std::optional<AuditHead> head(const lmdb::ReadTxn& txn);

/// The entries from `from` to `to` (or the newest), at most `limit`. Whose SHA-256 is the `previous` of the line after.
AuditLines lines(const lmdb::ReadTxn& txn, std::uint64_t from, std::optional<std::uint64_t> to, std::size_t limit);

/// Enters in the ledger an act that changes nothing of what the register records: a backup, a rehearsal's beginning.
void note(lmdb::WriteTxn& txn, std::string_view act, const Actor& who, Instant at, const Json& payload = nullptr);

/// Enters in the ledger who read the texts of which entries, and by what question (its parameters).
void note_reading(lmdb::WriteTxn& txn, const AuditPage& page, const Actor& who, const Json& question, Instant at);

}  // namespace audit

}  // namespace ismap::registry
