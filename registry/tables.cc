#include "registry/tables.h"

#include "registry/journal.h"
#include "registry/rebuild.h"
#include "registry/service.h"

namespace ismap::registry::tables {

namespace {

constexpr std::string_view kSchemaKey = "schema";

/// Day number as a big-endian key that sorts days before 1970 first.
std::string day_key(Day day) {
  return lmdb::key_of(static_cast<std::uint64_t>(static_cast<std::int64_t>(day.number()) + (std::int64_t{1} << 32)));
}

std::string history_key(std::string_view record_id, Seq seq) {
  std::string key(record_id);
  key += '\0';
  key += lmdb::key_of(seq.value());
  return key;
}

Error newer(std::uint64_t version) {
  return {Code::conflict, "", "",
          "データフォルダーの形式（版" + std::to_string(version) +
              "）をこのプログラムは扱えません。新しい版のプログラムを使ってください",
          "the data folder has schema " + std::to_string(version) + ", this program knows " +
              std::to_string(kSchemaVersion) + ": use a newer program"};
}

Error not_initialised() {
  return {Code::corrupt, "", "", "データフォルダーが初期化されていません", "the data folder is not initialised"};
}

/// Brings an older layout up to this one: what was added follows from the journal.
Result<Done> migrate(lmdb::Env& env) {
  return env.write([](lmdb::WriteTxn& txn) -> Result<Done> {
    Result<Done> rebuilt = rebuild_tables(txn);
    if (rebuilt.ok()) txn.put(kMeta, kSchemaKey, lmdb::key_of(kSchemaVersion));
    return rebuilt;
  });
}

Result<Done> check_schema(lmdb::Env& env, const lmdb::EnvOptions& options) {
  const auto stored = env.read([](const lmdb::ReadTxn& txn) -> Result<std::uint64_t> {
    const auto version = txn.get(kMeta, kSchemaKey);
    return version ? lmdb::number_of(*version) : 0;
  });
  if (!stored.ok()) return stored.errors();
  if (*stored == kSchemaVersion) return Done{};
  if (*stored > kSchemaVersion) return newer(*stored);
  if (*stored == 0 && !options.create) return not_initialised();
  if (options.read_only) {
    return Error{Code::conflict, "", "", "データフォルダーの形式が古い版です。serve などで一度開くと更新されます",
                 "the data folder has an older schema: open it once with serve, it is brought up to date"};
  }
  return migrate(env);
}

}  // namespace

const std::vector<std::string>& names() {
  static const std::vector<std::string> all{"meta",       "journal",    "hashes",   "latest",    "history",
                                            "expiry",     "keysets",    "ledger",   "filings",   "replays",
                                            "tokens",     "drafts",     "nodes",    "archives",  "service-feeds",
                                            "entries",    "remembered", "payloads", "cases",     "cases-of",
                                            "open-cases", "token-use",  "settings", "proposals", "attachments"};
  return all;
}

Result<std::unique_ptr<lmdb::Env>> open(const std::filesystem::path& data_folder, const lmdb::EnvOptions& options) {
  auto env = lmdb::Env::open(data_folder / "lmdb", names(), options);
  if (!env.ok()) return env;
  Result<Done> schema = check_schema(**env, options);
  if (!schema.ok()) return schema.errors();
  return env;
}

std::optional<Seq> latest(const lmdb::ReadTxn& txn, std::string_view record_id) {
  const auto found = txn.get(kLatest, record_id);
  if (!found) return std::nullopt;
  return Seq{lmdb::number_of(*found)};
}

std::vector<Latest> latest_services(const lmdb::ReadTxn& txn) {
  std::vector<Latest> all;
  txn.scan(kLatest, "", [&](std::string_view id, std::string_view seq) {
    if (id != kKeysRecord) all.push_back(Latest{std::string(id), Seq{lmdb::number_of(seq)}});
    return true;
  });
  return all;
}

std::vector<Seq> history(const lmdb::ReadTxn& txn, std::string_view record_id) {
  const std::string prefix = std::string(record_id) + '\0';
  std::vector<Seq> seqs;
  txn.scan(kHistory, prefix, [&](std::string_view key, std::string_view) {
    if (!key.starts_with(prefix)) return false;
    seqs.push_back(Seq{lmdb::number_of(key.substr(prefix.size()))});
    return true;
  });
  return seqs;
}

std::vector<Seq> history_around(const lmdb::ReadTxn& txn, std::string_view record_id, Day day) {
  const std::string prefix = std::string(record_id) + '\0';
  const std::string end = day_key(day);
  std::vector<Seq> seqs;
  std::optional<Seq> before;  // not taken yet
  txn.scan(kHistory, prefix, [&](std::string_view key, std::string_view effective) {
    if (!key.starts_with(prefix)) return false;
    const Seq seq{lmdb::number_of(key.substr(prefix.size()))};
    if (effective <= std::string_view(end)) {
      before = seq;
      return true;
    }
    if (before) seqs.push_back(*before);
    before.reset();
    seqs.push_back(seq);
    return true;
  });
  if (before) seqs.push_back(*before);
  return seqs;
}

std::vector<std::string> expired_before(const lmdb::ReadTxn& txn, Day today) {
  const std::string end = day_key(today);
  std::vector<std::string> ids;
  txn.scan(kExpiry, "", [&](std::string_view key, std::string_view) {
    if (key.substr(0, 8) >= std::string_view(end)) return false;
    ids.emplace_back(key.substr(8));
    return true;
  });
  return ids;
}

std::optional<std::string> key_set(const lmdb::ReadTxn& txn, KeySetVersion version) {
  const auto found = txn.get(kKeySets, lmdb::key_of(version.value()));
  if (!found) return std::nullopt;
  return std::string(*found);
}

std::optional<std::string> expiry_key(const Json& record) {
  if (record.at("state") != "registered") return std::nullopt;
  const std::string& expiry = record.at("expires_on").get_ref<const std::string&>();
  for (const Json& renewal : record.at("renewals")) {
    const Json& decided = renewal.at("decided");
    if (decided.is_null()) return std::nullopt;
    // Applied for in time and refused after the expiry: the committee removes, 18.2(1), not the register.
    const bool in_time = renewal.at("filed_on").get_ref<const std::string&>() <= expiry;
    if (in_time && decided.at("on").get_ref<const std::string&>() > expiry) return std::nullopt;
  }
  const auto last_day = Day::parse(expiry);
  if (!last_day) return std::nullopt;
  return day_key(*last_day) + record.at("id").get<std::string>();
}

std::set<std::string> remembered_keys(const std::vector<Event>& history) {
  std::set<std::string> keys;
  std::set<std::string> since;  // of events after the last removal
  for (const Event& event : history) {
    const Json& record = event.record;
    since.insert(record.at("provider").at("corporate_number").get<std::string>() + '\0' + record_id(event));
    if (!record.at("removal").is_null()) keys.merge(since);
  }
  return keys;
}

std::vector<ServiceId> ever_removed(const lmdb::ReadTxn& txn, const CorporateNumber& provider) {
  const std::string prefix = provider.value() + '\0';
  std::vector<ServiceId> ids;
  txn.scan(kRemembered, prefix, [&](std::string_view key, std::string_view) {
    if (!key.starts_with(prefix)) return false;
    ids.emplace_back(std::string(key.substr(prefix.size())));
    return true;
  });
  return ids;
}

Result<Done> fold(lmdb::WriteTxn& txn, const Event& event, const Json& before) {
  const std::string id = record_id(event);
  txn.put(kHistory, history_key(id, event.seq), day_key(event.effective));
  txn.put(kLatest, id, lmdb::key_of(event.seq.value()));
  if (event.kind == EventKind::key) return Done{};
  const auto old_key = before.is_null() ? std::nullopt : expiry_key(before);
  if (old_key) txn.erase(kExpiry, *old_key);
  if (const auto new_key = expiry_key(event.record)) txn.put(kExpiry, *new_key, "");
  if (event.record.at("removal").is_null()) return Done{};
  const Result<std::vector<Event>> so_far = journal::history(txn, id, TreeSize{event.seq.value() + 1});
  if (!so_far.ok()) return so_far.errors();
  for (const std::string& key : remembered_keys(*so_far)) txn.put(kRemembered, key, "");
  return Done{};
}

}  // namespace ismap::registry::tables
