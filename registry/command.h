#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "registry/acts.h"
#include "registry/canonical_json.h"
#include "registry/service.h"
#include "registry/strong.h"
#include "registry/time.h"

namespace ismap::registry {

/// 11.1: enter a decided service. No intervals, state registered.
struct RegisterService {
  Service record;
};
/// 11.2: a renewal was decided; `items` is a merge patch with at least the new expiry and audit period.
struct Renew {
  Json items;
};
/// 12.1: a renewal application was received.
struct FileRenewal {};
/// 9.6, 18.2(3) or withdrawn: a renewal application ends without a renewal.
struct CloseRenewal {
  RenewalResult result = RenewalResult::withdrawn;
};
/// 14.1, 14.2: listed items change; `changes` is a merge patch of the items (null sets null).
struct ChangeItems {
  Json changes;
};
/// 11.5(13): the number of agencies that use the service.
struct UpdateUsage {
  std::uint32_t agencies_using = 0;
};
/// 13.5, 13.7, 14.3.
struct Suspend {};
/// 16.1, 16.5.
struct StartReAudit {};
/// Mends what an event `seq` of this service said wrongly; `changes` is a merge patch of the record.
struct Correct {
  Seq seq;
  Json changes;
};

using Doing = std::variant<RegisterService, Renew, FileRenewal, CloseRenewal, ChangeItems, UpdateUsage, Suspend,
                           StartReAudit, Correct>;

/// One wish to change the list, parsed. What it may do is for decide() to say.
struct Command {
  ServiceId service;
  Actor actor;
  std::optional<Article> article;
  std::optional<Day> effective;  ///< default: today (JST); for `correct` the day of the corrected event
  Doing doing;
  std::optional<Digest> receipt;  ///< of the filing that caused it
  bool at_hand_over = false;      ///< part of an import: past days are allowed, hard conditions are not asked
  std::string reason;             ///< for the ledger
  Json basis;                     ///< for the ledger
};

/// The act that a command is.
Act act_of(const Doing& doing);

}  // namespace ismap::registry
