#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/command.h"
#include "registry/decide.h"
#include "registry/lmdb/env.h"

/// What happens inside a write transaction of the registrar.
namespace ismap::registry {

/// One transaction being written: gives drafts their number, time, origin and edition, and appends them.
/// All events of it share one `recorded_at`, which never lies before the journal's last.
class Writing {
 public:
  /// Errors: conflict when there is no log yet.
  static Result<Writing> begin(lmdb::WriteTxn& txn, Instant now);

  /// Decides `command` on the service's present state and appends what follows.
  Result<Done> perform(const Command& command);
  /// Appends the removals that are due on `day` (12.1), with their ledger entry.
  Result<Done> remove_expired(Day day);
  /// Adds the entry of the case ledger that says who did what under which article; nothing if nothing was appended.
  /// `command` may be null (an import is many).
  void sign_off(const Actor& actor, std::string_view act, const Command* command);

  /// The last event of a service so far, with those of this transaction; nothing when it was never registered.
  [[nodiscard]] Result<std::optional<Event>> last_event(std::string_view id) const;
  [[nodiscard]] const std::vector<Seq>& appended() const { return appended_; }
  /// What is worth a look of what was performed so far.
  [[nodiscard]] const Errors& notices() const { return notices_; }
  [[nodiscard]] Day today() const { return today_; }

 private:
  Writing(lmdb::WriteTxn& txn, std::string origin, Instant recorded_at, Day today)
      : txn_(&txn), origin_(std::move(origin)), recorded_at_(recorded_at), today_(today) {}
  /// What decide() looks at for this command.
  [[nodiscard]] Result<std::vector<Event>> history_for(const Command& command) const;
  /// Adds what the command's article asks the register to remember (18.2(6), 5.1(4)). Errors: corrupt.
  Result<Done> remember(Situation& situation, const Command& command) const;
  [[nodiscard]] std::vector<IncidentBehind> incidents_of(const Command& command, const Json& record) const;
  Result<Done> append(const Draft& draft);

  lmdb::WriteTxn* txn_;
  std::string origin_;
  Instant recorded_at_;
  Day today_;
  std::vector<Seq> appended_;
  Errors notices_;
};

}  // namespace ismap::registry
