#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/export.h"
#include "feed/keys.h"
#include "feed/publication.h"
#include "registry/audit.h"
#include "registry/cases/desk.h"
#include "registry/filings/desk.h"
#include "registry/filings/queue.h"
#include "registry/proposal_desk.h"
#include "registry/registrar.h"
#include "registry/result.h"
#include "registry/tokens.h"
#include "server/edge/http.h"
#include "server/office/attachment_desk.h"
#include "server/office/data_folder.h"
#include "server/office/keys_in_use.h"
#include "server/office/token_uses.h"

namespace ismap::server {

/// What came of an act that is in the journal. It stands even when the publication after it failed.
struct Recorded {
  std::vector<registry::Seq> seqs;
  bool replayed = false;                        ///< the same request was answered before
  std::uint64_t list_ver = 0;                   ///< of the generation that shows it; 0 when it is not published yet
  registry::Errors not_published;               ///< why not; empty when it is
  registry::Errors notices = {};                ///< of the act: worth a look and no refusal
  std::optional<registry::Json> proposal = {};  ///< four-eyes holds the act back: nothing is recorded but this
};

/// Where every wish arrives, over HTTP, over the local socket or from the command line: asks whether signing is
/// allowed, lets the registrar decide and record, and publishes before it answers (formats: Publishing).
/// Thread: any.
class Office {
 public:
  Office(DataFolder& folder, std::function<registry::Instant()> now) : folder_(folder), now_(std::move(now)) {}

  /// The reading of a request that is whole now. The day and time of a wish are those of its reading; where none comes
  /// with it, it was read when it reached the office.
  Reading read_now() { return folder_.registrar().pending().take(now_); }

  /// What a user of this machine cites by its channel alone was received on the day of the act. An act that four-eyes
  /// covers is kept as a proposal. Errors: those of read_act, of decide(), and unavailable.
  registry::Result<Recorded> act(const registry::ServiceId& service, const registry::Actor& actor,
                                 const registry::Json& body, const std::optional<registry::RequestKey>& key,
                                 Reading reading = nullptr, const registry::LookedAt& looked_at = {});

  /// A filing's way (server/office/office_filings.cc). Errors: as registry::FilingDesk; in_progress; unavailable.
  registry::Result<registry::Preview> preview(const registry::Json& request, const registry::Actor& who,
                                              Reading reading = nullptr);
  registry::Result<registry::Drafted> draft(const registry::Json& request, const registry::Actor& who,
                                            Reading reading = nullptr,
                                            const std::optional<registry::RequestKey>& key = std::nullopt);
  registry::Result<registry::Drafted> amend(const registry::FilingId& id, const registry::Json& patch,
                                            const std::string& etag, const registry::Actor& who,
                                            Reading reading = nullptr);
  registry::Result<registry::Filing> withdraw(const registry::FilingId& id, const registry::Actor& who);
  /// An application for renewal is published before this answers; that it could not be published undoes nothing.
  registry::Result<registry::Submission> submit(const registry::FilingId& id, const registry::Actor& who,
                                                const registry::RequestKey& key, Reading reading = nullptr,
                                                const registry::LookedAt& looked_at = {});
  /// The decided filing, and what became of its acceptance. Body: {"decision", "article", "reason"}.
  struct Decided {
    registry::Filing filing;
    Recorded recorded;
  };
  registry::Result<Decided> decide(const registry::FilingId& id, const registry::Actor& who, const registry::Json& body,
                                   const std::optional<registry::RequestKey>& key, Reading reading = nullptr,
                                   const registry::LookedAt& looked_at = {});
  registry::Result<registry::Filing> inquire(const registry::FilingId& id, const registry::Actor& who,
                                             const registry::Json& body, const std::optional<registry::RequestKey>& key,
                                             Reading reading = nullptr);
  registry::Result<registry::Filing> filing(const registry::FilingId& id) const;
  registry::Result<std::vector<registry::Filing>> filings(
      const std::function<bool(const registry::Filing&)>& keep) const;
  registry::Result<registry::Effect> effect(const registry::FilingId& id) const;
  registry::Result<std::vector<registry::ProposedLift>> lifts_for(const registry::Filing& filing) const;
  registry::Result<std::vector<registry::Waiting>> queue() const;
  /// What the service's record differs in from what the caller says to have looked at, or from what a filing was made
  /// on.
  registry::Result<std::vector<registry::FieldDiff>> moved_since(const registry::ServiceId& service,
                                                                 const registry::LookedAt& looked_at) const;
  registry::Result<std::vector<registry::FieldDiff>> moved_since(const registry::Filing& filing) const;

  /// Files attached to filings.
  [[nodiscard]] AttachmentDesk attachments() const { return {folder_.env(), folder_.attachments()}; }

  /// Opens a case, or makes a step in one. Nothing of it is published. Errors: as registry::CaseDesk.
  registry::Result<registry::CaseAnswer> open_case(const registry::Json& request, const registry::Actor& who,
                                                   const std::optional<registry::RequestKey>& key,
                                                   Reading reading = nullptr);
  registry::Result<registry::CaseAnswer> step_in_case(const registry::CaseId& id, const registry::Json& request,
                                                      const registry::Actor& who,
                                                      const std::optional<registry::RequestKey>& key,
                                                      Reading reading = nullptr);
  /// On what ground of the law on records, and why.
  struct Destruction {
    std::string ground;
    std::string reason;
  };
  /// Destroys the texts of a step, and records by whom, on what ground and why; gives the case as it is then.
  /// Errors: as registry::CaseDesk::destroy_texts.
  registry::Result<registry::Json> destroy_texts(const registry::CaseId& id, std::uint64_t step,
                                                 const registry::Actor& who, const Destruction& why,
                                                 Reading reading = nullptr);
  registry::Result<registry::Json> one_case(const registry::CaseId& id) const;
  registry::Result<registry::Json> cases(const registry::CaseFilter& filter) const;
  /// As of today.
  registry::Result<std::vector<registry::Deadline>> deadlines(const registry::DeadlineFilter& filter) const;
  /// Forgets the Idempotency-Keys that are not remembered any more (registry::replays::kKeptDays).
  registry::Result<std::size_t> forget_old_keys() { return registry::replays::forget_old(folder_.env(), now_()); }
  [[nodiscard]] registry::Day today() const { return now_().jst_day(); }
  /// "https://HOST", as the key set says.
  [[nodiscard]] const std::string& iss() const { return folder_.iss(); }

  /// An import and what became of its publication. A dry run needs no permission to sign.
  struct Imported {
    registry::ImportReport report;
    registry::Errors not_published;
  };
  registry::Result<Imported> import(std::string_view file, const registry::Actor& actor, bool dry_run);

  /// Writes the published files to a folder, after a publication if there was none yet. Errors: as feed::export_site.
  registry::Result<feed::ExportReport> export_site(const std::filesystem::path& out);

  /// Publishes the next version of the key set. It is for the root keys to allow it, not for the present key set: that
  /// one may have expired, or lost its keys. Where four-eyes covers keys it is kept as a proposal.
  /// Errors: those of feed::parse_draft and feed::check_install, and of the guard.
  registry::Result<Recorded> install_keys(std::string_view draft, const registry::Actor& who);

  /// What a confirmation did: an act or a change of keys as it was recorded, or the settings as they are now.
  struct Confirmed {
    Recorded recorded;
    std::optional<registry::Settings> settings;
  };
  /// Does what was proposed, by a second person, if the list still shows what was looked at; with a key the same
  /// request again answers the same of an act.
  /// Errors: as registry::ProposalDesk; those of the act itself.
  registry::Result<Confirmed> confirm(const registry::ProposalId& id, const registry::Confirmation& by,
                                      const std::optional<registry::RequestKey>& key, Reading reading = nullptr,
                                      const registry::LookedAt& looked_at = {});
  /// Ends a proposal without the act; gives it as it is then. Errors: as registry::ProposalDesk.
  registry::Result<registry::Json> reject(const registry::ProposalId& id, const registry::Actor& who,
                                          const std::string& reason);
  registry::Result<registry::Json> proposal(const registry::ProposalId& id) const;
  /// {"items", "total"}: those of a state, or all.
  registry::Result<registry::Json> proposals(std::optional<registry::ProposalState> state) const;

  /// Enters in the ledger that a copy of the database is made, and where; gives the time.
  registry::Result<registry::Instant> note_backup(const registry::Actor& who, const std::string& out);

  /// Entries of the ledger, and its newest.
  struct Audited {
    registry::AuditPage page;
    std::optional<registry::AuditHead> head;
  };
  /// What the audit trail says. With texts, that they were read is an entry too: by whom, with which `question`.
  registry::Result<Audited> audit(const registry::AuditFilter& filter, const registry::Actor& who,
                                  const registry::Json& question);
  [[nodiscard]] registry::Result<registry::AuditLines> audit_lines(std::uint64_t from, std::optional<std::uint64_t> to,
                                                                   std::size_t limit) const;

  /// {"four_eyes": […]}
  registry::Result<registry::Json> settings() const;
  /// Changes the settings, or gives the proposal to change them. Errors: as registry::ProposalDesk.
  registry::Result<std::optional<registry::Json>> change_settings(const registry::Settings& to,
                                                                  const registry::Actor& who,
                                                                  const std::string& reason);

  /// A new token and the only copy of its secret.
  struct Issued {
    registry::Token token;
    std::string secret;
  };
  registry::Result<Issued> issue_token(const registry::tokens::Request& request, const registry::Actor& by);
  /// A token that was replaced, the one that replaces it, and the only copy of that one's secret.
  struct Replaced {
    registry::Token old;
    registry::Token next;
    std::string secret;
  };
  /// Errors: as registry::tokens::rotate.
  registry::Result<Replaced> rotate_token(const registry::TokenId& id, std::chrono::hours overlap,
                                          const registry::Actor& by);
  registry::Result<registry::Token> revoke_token(const registry::TokenId& id, const registry::Actor& by);
  /// Tokens with their last use, those in memory too. Errors of one: not_found.
  registry::Result<std::vector<registry::Token>> tokens() const;
  registry::Result<registry::Token> token(const registry::TokenId& id) const;
  /// Who holds this secret now; nothing when nobody does. Errors: unavailable.
  [[nodiscard]] registry::Result<std::optional<registry::Token>> holder_of(std::string_view secret) const;
  /// A request was made with this token just now, from this address.
  void note_use(const registry::TokenId& id, const std::string& from) { uses_.note(id, {now_(), from}); }
  /// Writes down the uses that are due for it, or all of them. Errors: unavailable; they are kept for the next time.
  enum class Uses { due, all };
  registry::Result<registry::Done> write_uses(Uses which);

 private:
  [[nodiscard]] registry::CaseDesk desk() const;
  [[nodiscard]] registry::FilingDesk filing_desk() const;
  [[nodiscard]] registry::ProposalDesk proposal_desk() const;
  static Recorded held_back(const registry::Proposed& proposed, registry::Instant now);
  /// Reads an act, and looks whether the filing that it cites is the service's. Errors: those of read_act; invalid.
  [[nodiscard]] registry::Result<registry::Command> command_of(const registry::ServiceId& service,
                                                               const registry::Actor& actor, const registry::Json& body,
                                                               registry::Day today) const;
  registry::Result<Recorded> confirm_act(const registry::Proposal& proposal, const registry::Confirmation& by,
                                         const std::optional<registry::RequestKey>& key, const Reading& reading,
                                         const registry::LookedAt& looked_at);
  registry::Result<Recorded> install(std::string_view draft, const registry::Actor& who,
                                     const std::optional<registry::Confirming>& confirming);
  /// Publishes what covers the journal as it is.
  void publish(Recorded& recorded);

  DataFolder& folder_;
  std::function<registry::Instant()> now_;
  KeysInUse keys_in_use_;
  TokenUses uses_;
};

}  // namespace ismap::server
