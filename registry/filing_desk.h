#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "registry/filing.h"
#include "registry/lmdb/env.h"
#include "registry/registrar.h"
#include "registry/result.h"

namespace ismap::registry {

/// What a submission answers; a replay of the same request answers the same again.
struct Submission {
  Json answer;  ///< the filing as it was answered the first time
  bool replayed = false;
};

/// What the operator says to a filing.
struct Ruling {
  bool accept = false;
  Article article;
  std::string reason;
};

/// The way of a filing: draft, submission with its receipt, decision. An acceptance changes the list in the same
/// transaction. Every step is in the case ledger.
/// Thread: any.
class FilingDesk {
 public:
  FilingDesk(lmdb::Env& env, Registrar& registrar) : env_(env), registrar_(registrar) {}

  /// Reads and checks a request; keeps it as a draft of `who`. Article: 14.2
  /// Errors: invalid (every wrong item at once), not_found (no such service), conflict (an open draft of this service
  /// and form; a removed service; an item that is settled for a later day).
  Result<Filing> draft(const Json& request, const Actor& who, Instant now);

  /// Withdraws a draft, and takes its attachments off; one that was withdrawn before stays so. Errors: not_found;
  /// conflict when it was submitted.
  Result<Filing> withdraw(const FilingId& id, const Actor& who, Instant now);

  /// Signs the receipt of a filing that is about to be received; outside any transaction.
  using SignReceipt = std::function<std::string(const Filing& received)>;

  /// Receives a draft: the receipt is signed first and stored in the same transaction as the filing. The time that
  /// counts is `now`, when the whole request was read.
  /// Errors: not_found; conflict (already received under another key); invalid (the key was used for another request;
  /// or the list has moved on and the changes no longer fit).
  Result<Submission> submit(const FilingId& id, const Actor& who, const RequestKey& key, const SignReceipt& sign,
                            Instant now);

  /// Accepts a filing (the list changes, with the digest of its receipt) or returns it for a defect of form.
  /// Errors: forbidden unless the operator; not_found; conflict (not received, decided before, removed, or its day lies
  /// in the future: 409 with the day); invalid at /article, /reason. With a key the same request again answers the same
  /// and decides nothing twice.
  Result<Filing> decide(const FilingId& id, const Ruling& ruling, const Actor& who, Instant now,
                        const std::optional<RequestKey>& key = std::nullopt);

 private:
  lmdb::Env& env_;
  Registrar& registrar_;
};

/// The filing as its parties see it: as stored, with the payload's digest and the event's number.
Json view_of(const Filing& filing);

}  // namespace ismap::registry
