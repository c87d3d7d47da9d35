#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "registry/filings/effect.h"
#include "registry/filings/filing.h"
#include "registry/filings/preparation.h"
#include "registry/lmdb/env.h"
#include "registry/registrar.h"
#include "registry/result.h"

namespace ismap::registry {

/// A draft, and what is worth a look of it.
struct Drafted {
  Filing filing;
  Errors notices;
};

/// What a request would file, and what the list would show of it.
struct Preview {
  Prepared prepared;
  Effect effect;
};

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

/// The way of a filing: draft, submission with its receipt, decision. What it means happens in the transaction of its
/// submission (a step of a case; the application for renewal) or of its acceptance (the list changes by 14.2). Every
/// step is in the case ledger.
/// Thread: any.
class FilingDesk {
 public:
  FilingDesk(lmdb::Env& env, Registrar& registrar, CaseSettings settings = {})
      : env_(env), registrar_(registrar), settings_(std::move(settings)) {}

  /// Reads and checks a request, and keeps nothing. Errors: as prepare().
  [[nodiscard]] Result<Preview> preview(const Json& request, const Actor& who, Instant now) const;

  /// Reads and checks a request; keeps it as a draft of `who`. With a key the same request again gets the draft of the
  /// first time, as it is now. Errors: as prepare(); conflict when there is an open draft of this service, form and
  /// case, with its address; invalid when the key was used for another request.
  Result<Drafted> draft(const Json& request, const Actor& who, Instant now,
                        const std::optional<RequestKey>& key = std::nullopt);

  /// Applies a merge patch (RFC 7396) to a draft, which is checked as a new one is. `etag`: of the draft that the
  /// caller looked at (etag_of). Errors: as draft; stale; conflict when it is no draft any more; invalid at /form,
  /// /service, which stay.
  Result<Drafted> amend(const FilingId& id, const Json& patch, const std::string& etag, const Actor& who, Instant now);

  /// Withdraws a draft, and takes its attachments off; one that was withdrawn before stays so. Errors: not_found;
  /// conflict when it was submitted.
  Result<Filing> withdraw(const FilingId& id, const Actor& who, Instant now);

  /// Signs the receipt of a filing that is about to be received; outside any transaction.
  using SignReceipt = std::function<std::string(const Filing& received)>;

  /// Receives a draft: the receipt is signed first and stored in the same transaction as the filing, the step of the
  /// case that it is, and the event of an application for renewal. The time that counts is `now`, when the whole
  /// request was read. What it supersedes is superseded then. Errors: not_found; conflict (already received under
  /// another key; changed meanwhile); invalid (the key was used for another request; or the changes no longer fit);
  /// stale; unlooked, when what it changes has changed since the draft.
  Result<Submission> submit(const FilingId& id, const Actor& who, const RequestKey& key, const SignReceipt& sign,
                            Instant now, const LookedAt& looked_at = {});

  /// Accepts a filing or returns it for a defect of form. A 2-11 changes the list, with the digest of its receipt; an
  /// application for renewal is accepted by 9.1, a report or answer under its own article.
  /// Errors: forbidden unless the operator; not_found; conflict (not received, decided before, removed, or its day lies
  /// in the future: 409 with the day); invalid at /article, /reason; stale; unlooked. With a key the same request again
  /// answers the same and decides nothing twice. Article: 9.1, 14.2
  Result<Filing> decide(const FilingId& id, const Ruling& ruling, const Actor& who, Instant now,
                        const std::optional<RequestKey>& key = std::nullopt, const LookedAt& looked_at = {});

  /// Asks about a filing that was received: a step of its case, {"article", "reason", ["matters", "due_on",
  /// "channel"]}. Errors: forbidden unless the operator; conflict where no article lets it ask; those of the step.
  /// Article: 9.4, 13.4
  Result<Filing> inquire(const FilingId& id, const Json& request, const Actor& who, Instant now,
                         const std::optional<RequestKey>& key = std::nullopt);

  /// What the list shows of a filing: would, when it was accepted now, or did. Errors: not_found; those of decide().
  [[nodiscard]] Result<Effect> effect(const FilingId& id, Instant now) const;

 private:
  lmdb::Env& env_;
  Registrar& registrar_;
  CaseSettings settings_;
};

/// Names what a filing is now: the SHA-256 of its view, in hex.
std::string etag_of(const Filing& filing);

}  // namespace ismap::registry
