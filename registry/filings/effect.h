#pragma once

#include <optional>
#include <vector>

#include "registry/command.h"
#include "registry/filings/filing.h"
#include "registry/record_diff.h"

/// What the public will see of a filing, or saw.
namespace ismap::registry {

/// The exact difference that an act makes on the list; empty for a filing that the list does not show.
struct Effect {
  std::vector<FieldDiff> diff;
  std::optional<Day> effective;  ///< from when it holds; nothing without an act
  std::optional<Digest> on;      ///< leaf hash of the service's state that it was compared with
};

/// What the list would show of a command, today or on its day. Errors: those of decide().
Result<Effect> effect_of(const lmdb::ReadTxn& txn, const Command& command, Day today);

/// What an event changed. Errors: corrupt.
Result<Effect> effect_of(const lmdb::ReadTxn& txn, Seq event);

/// Of the items that the filing changes those that changed themselves since its filer looked. Errors: corrupt.
/// Article: 14.2
Result<std::vector<FieldDiff>> moved_since(const lmdb::ReadTxn& txn, const Filing& filing);

/// What the service's record differs in from what the leaf with one of these hashes showed; everything when it was none
/// of the service's. Errors: corrupt.
Result<std::vector<FieldDiff>> moved_since(const lmdb::ReadTxn& txn, const ServiceId& service,
                                           const LookedAt& looked_at);

/// {"diff": […], "effective", "etag"}
Json to_json(const Effect& effect);

}  // namespace ismap::registry
