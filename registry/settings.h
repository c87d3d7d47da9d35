#pragma once

#include <set>
#include <string>
#include <string_view>

#include "registry/acts.h"
#include "registry/canonical_json.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "registry/time.h"

/// What is set for the whole register, in its database. Each change is an entry of the ledger.
namespace ismap::registry {

/// Acts that two persons must do where four-eyes (二者確認) covers them.
enum class FourEyes { suspend, remove, key };

/// "suspend", "remove", "key"
std::string_view name_of(FourEyes act);

struct Settings {
  std::set<FourEyes> four_eyes;  ///< empty: one person does every act
  friend bool operator==(const Settings&, const Settings&) = default;
};

/// {"four_eyes": ["suspend", …]}
Json to_json(const Settings& settings);
/// The same back. Errors: invalid at /four_eyes, or at the member that it does not know.
Result<Settings> read_settings(const Json& stated);

namespace settings {

/// Those that hold now.
Settings get(const lmdb::ReadTxn& txn);

/// Who changes them to what, and why.
struct Change {
  Settings to;
  Actor actor;
  std::string reason;
  Json proposal;             ///< for the ledger: the proposal that it confirms; null: none
  std::string confirmation;  ///< for the ledger: why it was confirmed; "": not said
};

/// Changes them, with the entry of the ledger. Errors: conflict when they are so already.
Result<Done> put(lmdb::WriteTxn& txn, const Change& change, Instant now);

}  // namespace settings

}  // namespace ismap::registry
