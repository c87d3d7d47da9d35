#pragma once

#include <optional>
#include <vector>

#include "registry/command.h"
#include "registry/event.h"
#include "registry/result.h"

namespace ismap::registry {

/// An event that was decided and not yet numbered: what the registrar completes and appends.
struct Draft {
  EventKind kind = EventKind::changed;
  std::optional<Article> article;
  Day effective;
  Json record;
  std::optional<Seq> corrects;
  Json changes;
  std::optional<Digest> receipt;
};

/// What decide() may look at: the service's own events, the day, and the number that the next event will get.
struct Situation {
  /// The service's events, oldest first; empty: not registered. Of an act that is no correction only what
  /// tables::history_around says.
  const std::vector<Event>& history;
  Day today;  ///< JST
  Seq next;
};

/// Decides a command by the registration rules. Pure: same situation and command, same answer.
/// Errors: forbidden (role), not_found, conflict (state, order of days), invalid (items), each with its article.
Result<std::vector<Draft>> decide(const Situation& situation, const Command& command);

/// The removal that 12.1 makes by itself when a registration has passed its expiry without a renewal application:
/// effective the next day. REQUIRES: the service is in the table of expired ones.
Draft lapse(const Situation& situation);

}  // namespace ismap::registry
