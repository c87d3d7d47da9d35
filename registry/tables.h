#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "registry/event.h"
#include "registry/lmdb/env.h"
#include "registry/strong.h"

/// What is derived from the journal and kept beside it for speed. All of it can be rebuilt (fsck --rebuild).
namespace ismap::registry::tables {

inline constexpr lmdb::Table kMeta{0};     ///< schema; what the folder is
inline constexpr lmdb::Table kJournal{1};  ///< seq → leaf
inline constexpr lmdb::Table kHashes{2};   ///< seq → RFC 6962 leaf hash
inline constexpr lmdb::Table kLatest{3};   ///< record id → seq of its last event
inline constexpr lmdb::Table kHistory{4};  ///< record id, NUL, seq → `effective` as a day key
inline constexpr lmdb::Table kExpiry{
    5};  ///< last valid day, id → nothing; registered services without an undecided renewal
inline constexpr lmdb::Table kKeySets{6};        ///< key set version → octets of /v1/keys/N.json
inline constexpr lmdb::Table kLedger{7};         ///< number → entry of the case ledger; never public
inline constexpr lmdb::Table kFilings{8};        ///< filing id → filing; never public
inline constexpr lmdb::Table kReplays{9};        ///< organisation, route, Idempotency-Key → what was answered
inline constexpr lmdb::Table kTokens{10};        ///< SHA-256 of a bearer token → whom it speaks for
inline constexpr lmdb::Table kDrafts{11};        ///< service, NUL, form → id of its open draft
inline constexpr lmdb::Table kArchives{13};      ///< n → octets of /v1/events/archive/n.atom, signed once
inline constexpr lmdb::Table kServiceFeeds{14};  ///< service → seq of its last event, octets of its Atom feed
inline constexpr lmdb::Table kNodes{12};  ///< tile level ≥ 1 in the top byte, index → hash of the full tile below it

inline constexpr lmdb::Table kEntryOf{15};     ///< seq → number of the ledger entry of the act that made it
inline constexpr lmdb::Table kRemembered{16};  ///< corporate number, NUL, id → nothing; of services ever removed
inline constexpr lmdb::Table kPayloads{17};  ///< number of a ledger entry → what of it may be destroyed; never public
inline constexpr lmdb::Table kCases{18};     ///< case id → case, the fold of its ledger entries; never public
inline constexpr lmdb::Table kCasesOf{19};   ///< service, NUL, case id → nothing
inline constexpr lmdb::Table kOpenCases{20};  ///< case id → nothing, while the case has not ended
inline constexpr lmdb::Table kTokenUse{21};   ///< token id → when and from where it was last used; never public
inline constexpr lmdb::Table kSettings{22};   ///< name of a setting → its value
inline constexpr lmdb::Table kProposals{23};  ///< proposal id → what waits for a second person; never public
inline constexpr lmdb::Table kAttachments{
    24};  ///< filing id, NUL, number → attachment, null once removed; never public

/// Names of all tables, in the order of their indices.
const std::vector<std::string>& names();

/// The version of the layout above; a newer one in the folder is refused, an older one migrated.
inline constexpr std::uint64_t kSchemaVersion = 6;

/// Opens the database of a data folder (DIR/lmdb) and checks the schema version.
/// Errors: unavailable; corrupt; conflict when the schema is newer than this program.
Result<std::unique_ptr<lmdb::Env>> open(const std::filesystem::path& data_folder, const lmdb::EnvOptions& options);

/// A record and the seq of its last event.
struct Latest {
  std::string id;
  Seq seq;
  friend bool operator==(const Latest&, const Latest&) = default;
};

/// Seq of the record's last event.
std::optional<Seq> latest(const lmdb::ReadTxn& txn, std::string_view record_id);
/// Every service's last event, in order of id; not the `keys` record.
std::vector<Latest> latest_services(const lmdb::ReadTxn& txn);
/// Seqs of all events of a record, oldest first.
std::vector<Seq> history(const lmdb::ReadTxn& txn, std::string_view record_id);
/// Those that an act effective on `day` has to look at, oldest first: events effective later, each with the one before
/// it, and the last one.
std::vector<Seq> history_around(const lmdb::ReadTxn& txn, std::string_view record_id, Day day);
/// Ids of services whose last valid day lies before `today` (12.1), in order of that day.
std::vector<std::string> expired_before(const lmdb::ReadTxn& txn, Day today);
/// The octets of /v1/keys/N.json.
std::optional<std::string> key_set(const lmdb::ReadTxn& txn, KeySetVersion version);

/// The entry of kExpiry that a record asks for: its last valid day and its id. Nothing when the register will not
/// remove it by itself (12.1): removed already, a renewal undecided, or one applied for in time and ended past the
/// expiry.
std::optional<std::string> expiry_key(const Json& record);

/// The entries of kRemembered that a service asks for, by its events, oldest first: every corporate number that it had
/// until it was last recorded as removed, with its id. None of a service that never was. Article: 5.1(4)
std::set<std::string> remembered_keys(const std::vector<Event>& history);
/// Services that had this corporate number and were removed then or later, in order of id. A correction may have taken
/// the removal back since. Article: 5.1(4)
std::vector<ServiceId> ever_removed(const lmdb::ReadTxn& txn, const CorporateNumber& provider);

/// Folds one event into kLatest, kHistory, kExpiry and kRemembered; `before` is the record of its `prev` event or null.
/// Called by journal::append and by the rebuild alone.
Result<Done> fold(lmdb::WriteTxn& txn, const Event& event, const Json& before);

}  // namespace ismap::registry::tables
