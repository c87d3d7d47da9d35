#pragma once

#include <cstdint>
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

/// Proposals: acts that wait for a second person (four-eyes, 二者確認). Never public, and no registrant's business.
namespace ismap::registry {

/// P000000001, P000000002 …
using ProposalId = Strong<std::string, struct ProposalIdTag>;

enum class ProposalState { open, confirmed, rejected, expired };

/// "open", "confirmed", "rejected", "expired"
std::string_view name_of(ProposalState state);
std::optional<ProposalState> proposal_state_of(std::string_view name);

/// For how long a proposal waits.
inline constexpr std::int64_t kProposalSeconds = std::int64_t{7} * 86'400;

/// One proposal. Its texts are gone when it has ended: those of an act that was done are in the act's own entry.
struct Proposal {
  /// How it ended: confirmed or rejected, by whom.
  struct End {
    bool confirmed = false;
    Actor by;
    Instant at;
    std::vector<Seq> seqs;  ///< of the events that a confirmed act made
  };

  ProposalId id;
  std::string act;  ///< "suspend", "remove", "close-renewal"; "key", "settings"
  std::optional<ServiceId> service;
  std::optional<Article> article;
  Actor proposed_by;
  Instant proposed_at;
  Instant expires_at;
  Json before;      ///< merge patch of what would be otherwise: the old values
  Json after;       ///< and the new ones
  Json request;     ///< what was asked, for the confirmation to do; null when the proposal has ended
  Digest sha256{};  ///< of `request` in its RFC 8785 form
  std::optional<End> ended;
};

/// What has come of it by `now`: an open one expires without a word.
ProposalState state_of(const Proposal& proposal, Instant now);

/// The proposal as it is stored, and back. Errors: corrupt.
Json to_json(const Proposal& proposal);
Result<Proposal> parse_proposal(std::string_view stored);

/// The proposal as the offices see it: actors by role and organisation alone.
Json view_of(const Proposal& proposal, Instant now);

namespace proposals {

/// Errors: not_found, corrupt.
Result<Proposal> get(const lmdb::ReadTxn& txn, const ProposalId& id);
/// All of them, oldest first. Errors: corrupt.
Result<std::vector<Proposal>> all(const lmdb::ReadTxn& txn);

/// Keeps a new proposal, gives it its id and its time, and enters it in the ledger; what expired before loses its
/// texts. Errors: conflict when another of the same act, service and article is open; corrupt.
Result<Proposal> add(lmdb::WriteTxn& txn, Proposal proposal, Instant now);

/// The open proposal, if `who` may confirm it: of a role that may do the act, at the machine where that is asked, and
/// another person than who proposed it. Errors: not_found; conflict when it has ended; forbidden.
Result<Proposal> for_confirmation(const lmdb::ReadTxn& txn, const ProposalId& id, const Actor& who, Instant now);
/// The open proposal, if `who` may reject it: as above, and who proposed it may too. Errors: as above.
Result<Proposal> for_rejection(const lmdb::ReadTxn& txn, const ProposalId& id, const Actor& who, Instant now);

/// Ends it; its texts go.
void close(lmdb::WriteTxn& txn, Proposal proposal, const Proposal::End& end);

/// Ends it as rejected, with the entry of the ledger.
Proposal reject(lmdb::WriteTxn& txn, const Proposal& proposal, const Actor& who, const std::string& reason,
                Instant now);

/// What the ledger's entry of a confirmed act says of its proposal: {"id", "proposed_at", "proposed_by"}.
Json cited(const Proposal& proposal);

/// Whether two actors are, as far as the register can tell, one person: the same user of the machine; the same token,
/// one that was made from it by rotation, or one of the same person. One at the machine and one with a token cannot be
/// told apart: they count as one.
bool may_be_one_person(const lmdb::ReadTxn& txn, const Actor& one, const Actor& other);

}  // namespace proposals

}  // namespace ismap::registry
