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
  Errors notices;  ///< worth a look and no refusal; for the one who acts
};

/// What the case ledger says of the incident behind a suspension under 13.7.
struct IncidentBehind {
  Seq opening;
  IncidentStated incident;
};

/// A removed service that the review of 5.1(4) is told of.
struct EarlierRemoval {
  enum class How {
    removed,    ///< under 18.2(5)
    corrected,  ///< under 18.2(5), as it was first recorded; the removal stands under another article
    considered  ///< on another ground, while the committee considered 18.2(5)
  };
  ServiceId service;
  How how = How::removed;
  friend bool operator==(const EarlierRemoval&, const EarlierRemoval&) = default;
};

/// What decide() may look at: the service's own events, the day, the number that the next event will get, and, where
/// an article asks for it, what the register remembers besides.
struct Situation {
  /// The service's events, oldest first; empty: not registered. Of an act that is no correction only what
  /// tables::history_around says.
  const std::vector<Event>& history;
  Day today;  ///< JST
  Seq next;
  /// For 18.2(6): what was recorded with the service's suspensions.
  std::vector<IncidentBehind> incidents = {};
  /// For 5.1(4): removals of services of the same provider, without limit of time.
  std::vector<EarlierRemoval> earlier_removals = {};
};

/// Decides a command by the registration rules. Pure: same situation and command, same answer.
/// Errors: forbidden (role), not_found, conflict (state, order of days), invalid (items), each with its article.
Result<std::vector<Draft>> decide(const Situation& situation, const Command& command);

/// The removal that 12.1 makes by itself when a registration has passed its expiry without a renewal application:
/// effective the next day. REQUIRES: the service is in the table of expired ones.
Draft lapse(const Situation& situation);

}  // namespace ismap::registry
