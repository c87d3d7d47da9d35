#pragma once

#include <optional>
#include <string>
#include <vector>

#include "registry/command.h"
#include "registry/lmdb/env.h"
#include "registry/proposals.h"
#include "registry/registrar.h"
#include "registry/replays.h"
#include "registry/result.h"
#include "registry/settings.h"

namespace ismap::registry {

/// The setting that covers an act; nothing when four-eyes has nothing to do with it. A dismissal under 18.2(3) removes,
/// whatever its name.
std::optional<FourEyes> four_eyes_of(Act act, const std::optional<Article>& article);

/// The setting that covers what an act does to the record, whatever it is called: it removes, or lets the registration
/// end sooner (12.1); or it suspends, or suspends from an earlier day. Nothing when it does none of these.
std::optional<FourEyes> four_eyes_of(const Json& before, const Json& after);

/// A proposal that was made, now or, with the same Idempotency-Key, before.
struct Proposed {
  Proposal proposal;
  bool replayed = false;
  Errors notices;  ///< of the act: worth a look and no refusal
};

/// Who confirms, and why ("": not said).
struct Confirmation {
  Actor who;
  std::string reason;
};

/// Four-eyes: what covers an act keeps it as a proposal, and the confirmation by a second person does it.
/// Thread: any.
class ProposalDesk {
 public:
  ProposalDesk(lmdb::Env& env, Registrar& registrar) : env_(env), registrar_(registrar) {}

  /// Keeps a covered act as a proposal, when the rules would allow it now; nothing when it is not covered, or when it
  /// was done with this key before. `request` is what the confirmation will read again. Nothing reaches the journal.
  /// Errors: those of decide(); conflict (an open one of the same act); invalid (the key was used otherwise).
  Result<std::optional<Proposed>> hold_back(const Command& command, const Json& request, Instant now,
                                            const std::optional<RequestKey>& key);
  /// Keeps a change of keys as a proposal; nothing when keys are not covered. `draft`: with request, before and after,
  /// and who proposes. Errors: conflict.
  Result<std::optional<Proposed>> hold_back_keys(Proposal draft, Instant now);
  /// Changes the settings. Those that cover any act are changed by two persons: then the proposal.
  /// Errors: forbidden unless the operator at the machine; conflict.
  Result<std::optional<Proposed>> change_settings(const Settings& to, const Actor& who, const std::string& reason,
                                                  Instant now);

  /// What the confirmation with this key answered before. Errors: invalid (the key was used for another request).
  [[nodiscard]] Result<std::optional<Acted>> answered(const std::optional<RequestKey>& key, Instant now) const;
  /// The open proposal, for its confirmation by `who`. Errors: not_found, conflict, forbidden.
  [[nodiscard]] Result<Proposal> for_confirmation(const ProposalId& id, const Actor& who, Instant now) const;

  /// Decides and records the proposed act, as read again from its request with the confirming actor; the entry of the
  /// ledger names both persons. Errors: those of for_confirmation and of decide().
  Result<Acted> confirm(const ProposalId& id, Command command, const Confirmation& by, Instant now,
                        const std::optional<RequestKey>& key);
  /// The same of settings. Errors: those of for_confirmation; conflict.
  Result<Settings> confirm_settings(const ProposalId& id, const Confirmation& by, Instant now);
  /// Ends an open proposal without the act. Errors: not_found, conflict, forbidden.
  Result<Proposal> reject(const ProposalId& id, const Actor& who, const std::string& reason, Instant now);

  /// Errors: not_found, corrupt.
  [[nodiscard]] Result<Proposal> get(const ProposalId& id) const;
  /// Oldest first. Errors: corrupt.
  [[nodiscard]] Result<std::vector<Proposal>> all() const;
  [[nodiscard]] Result<Settings> settings() const;

 private:
  /// What an act would change, and what is worth a look of it.
  struct Preview {
    Json before;
    Json after;
    std::optional<FourEyes> does;  ///< what of four-eyes its effect is
    Errors notices;
  };
  /// What covers the act: by its name, or by its effect where a correction or renewal could have one.
  Result<std::optional<FourEyes>> covering(const Command& command, Instant now);
  /// Does it all in a transaction that is then given up. Errors: those of decide().
  Result<Preview> preview(const Command& command, Instant now);

  lmdb::Env& env_;
  Registrar& registrar_;
};

}  // namespace ismap::registry
