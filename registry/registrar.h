#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/command.h"
#include "registry/decide.h"
#include "registry/import/read.h"
#include "registry/lmdb/env.h"
#include "registry/pending.h"
#include "registry/proposals.h"
#include "registry/replays.h"
#include "registry/result.h"

namespace ismap::registry {

/// What a transaction put into the journal.
struct Acted {
  std::vector<Seq> seqs;
  bool replayed = false;  ///< the request was done before; `seqs` and `notices` are those of then
  Errors notices;         ///< worth a look and no refusal
};

/// The answer that is kept for a repeated request, and back.
Json to_answer(const Acted& acted);
Acted acted_before(const Json& answer);

/// The proposal that a change of keys confirms, and why it was confirmed ("": not said).
struct Confirming {
  ProposalId proposal;
  std::string reason;
};

/// A change that an import makes, or would make.
struct PlannedChange {
  std::size_t row = 0;
  std::string id;
  std::string event;  ///< name of the event: "registered", "changed" …
  Json before;        ///< merge patch of old values; null for a new service
  Json after;         ///< merge patch of new values; null for a new service
};

/// What an import did, or with dry_run would do. With errors nothing was done.
struct ImportReport {
  std::size_t imported = 0;
  std::size_t changed = 0;
  std::size_t unchanged = 0;
  std::size_t lapsed = 0;  ///< registered and, being past the expiry, removed at once (12.1)
  std::vector<RowError> errors;
  std::vector<RowError> notices;
  std::vector<PlannedChange> changes;
};

/// The one writer of the register: load, decide, append, fold, in one transaction. No clock, no signing, no network.
/// Before every act the removals that are due by 12.1 are appended; they stand even when the act is refused.
/// Thread: any; LMDB lets one writer in at a time.
class Registrar {
 public:
  explicit Registrar(lmdb::Env& env, std::string id_pattern = std::string(kDefaultIdPattern))
      : env_(env), id_pattern_(std::move(id_pattern)) {}

  /// Starts a log: the key leaf of version 1 and the octets it commits to; the ledger says by whom.
  /// Errors: conflict when there is a journal.
  Result<Acted> open_log(const std::string& origin, std::string_view key_set_octets, Instant now,
                         const Actor& by = Actor{});

  /// Records the next version of the key set: its octets and the key leaf that commits to them, in one transaction.
  /// What the octets say and who signed them is for the caller to have checked. Where it confirms a proposal, that
  /// ends. Errors: conflict when `ver` is not the version after the newest; those of proposals::for_confirmation;
  /// unavailable.
  Result<Acted> change_keys(std::string_view key_set_octets, KeySetVersion ver, const Actor& actor, Instant now,
                            const std::optional<Confirming>& confirming = std::nullopt);

  /// Decides and records one command; with a key the answer is kept for a repeated request.
  /// Errors: those of decide(); unavailable when nothing could be stored.
  Result<Acted> act(const Command& command, Instant now, const std::optional<RequestKey>& key = std::nullopt);

  /// Removes every registration that is past its expiry without a renewal application (12.1). Cheap when none is. It
  /// waits for requests that were read before: see pending().
  Result<Acted> remove_expired(Instant now);
  /// Whether remove_expired would remove any.
  [[nodiscard]] Result<bool> removal_due(Instant now) const;

  /// The requests under way; who answers them takes a ticket, and settles it when its transaction has ended.
  Pending& pending() { return pending_; }

  /// Imports an operator's list, all or nothing. Errors are in the report; a Result error means that storing failed.
  Result<ImportReport> import(std::string_view file, const Actor& actor, Instant now, bool dry_run);

 private:
  lmdb::Env& env_;
  std::string id_pattern_;
  Pending pending_;
};

}  // namespace ismap::registry
