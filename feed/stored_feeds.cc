#include "feed/stored_feeds.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "registry/journal.h"
#include "registry/tables.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Result;
using registry::Seq;
using registry::lmdb::Env;
using registry::lmdb::ReadTxn;
using registry::lmdb::WriteTxn;
namespace tables = registry::tables;

constexpr std::size_t kSeqBytes = 8;

/// Entries of some events, oldest first, and when the newest was recorded.
struct Entries {
  std::vector<std::string> oldest_first;
  registry::Instant updated;
};

Result<Entries> read_entries(const ReadTxn& txn, const std::vector<Seq>& seqs, const FeedNames& names) {
  Entries entries;
  for (const Seq seq : seqs) {
    const auto leaf = registry::journal::leaf(txn, seq);
    auto event = registry::journal::event(txn, seq);
    if (!event) return event.errors();
    entries.oldest_first.push_back(atom_entry(*event, *leaf, names));
    entries.updated = event->recorded_at;
  }
  return entries;
}

std::string sign_feed(const FeedIdentity& identity, const Entries& entries, const Keys& keys, const FeedNames& names) {
  const std::vector<std::string_view> newest_first(entries.oldest_first.rbegin(), entries.oldest_first.rend());
  const std::string kid = keys.atom.kid();
  return signed_feed(names, {identity, std::nullopt, newest_first, entries.updated},
                     {keys.atom, kid, keys.atom_certificate});
}

Result<std::string> signed_archive(const ReadTxn& txn, std::uint64_t n, const Keys& keys, const FeedNames& names) {
  std::vector<Seq> seqs;
  for (std::uint64_t seq = n * kArchiveEvents; seq < (n + 1) * kArchiveEvents; ++seq) seqs.emplace_back(seq);
  const auto entries = read_entries(txn, seqs, names);
  if (!entries) return entries.errors();
  return sign_feed(archive_identity(names, n), *entries, keys, names);
}

/// What is stored for a service if its last event is still the last.
std::optional<std::string> stored_for(const ReadTxn& txn, const ListedService& service) {
  const auto found = txn.get(tables::kServiceFeeds, service.service.id.value());
  if (!found || registry::lmdb::number_of(found->substr(0, kSeqBytes)) != service.seq.value()) return std::nullopt;
  return std::string(found->substr(kSeqBytes));
}

Result<std::string> signed_service_feed(const ReadTxn& txn, const ListedService& service, const Keys& keys,
                                        const FeedNames& names) {
  std::vector<Seq> seqs;
  for (const Seq seq : tables::history(txn, service.service.id.value())) {
    if (seq <= service.seq) seqs.push_back(seq);
  }
  const auto entries = read_entries(txn, seqs, names);
  if (!entries) return entries.errors();
  return sign_feed(service_identity(names, service.service), *entries, keys, names);
}

/// The key that signed a feed, by the name that it carries.
std::string_view signer_of(std::string_view feed) {
  constexpr std::string_view kBegin = "<KeyName>";
  const std::size_t at = feed.rfind(kBegin);
  if (at == std::string_view::npos) return "";
  const std::string_view rest = feed.substr(at + kBegin.size());
  return rest.substr(0, rest.find('<'));
}

/// Whether verifiers refuse what was signed by that key when the log had so many leaves.
bool is_unbelievable(const KeySet& set, std::string_view kid, std::uint64_t size) {
  return std::any_of(set.revoked.begin(), set.revoked.end(),
                     [&](const RevokedKey& key) { return key.kid == kid && size > key.last_good_size.value(); });
}

/// Keys of the stored feeds that are to be forgotten.
struct Unbelievable {
  std::vector<std::string> services;
  std::vector<std::string> archives;
};

Unbelievable unbelievable(const ReadTxn& txn, const KeySet& set) {
  Unbelievable found;
  txn.scan(tables::kServiceFeeds, "", [&](std::string_view id, std::string_view value) {
    const std::uint64_t size = registry::lmdb::number_of(value.substr(0, kSeqBytes)) + 1;
    if (is_unbelievable(set, signer_of(value.substr(kSeqBytes)), size)) found.services.emplace_back(id);
    return true;
  });
  txn.scan(tables::kArchives, "", [&](std::string_view n, std::string_view octets) {
    const std::uint64_t size = (registry::lmdb::number_of(n) + 1) * kArchiveEvents;
    if (is_unbelievable(set, signer_of(octets), size)) found.archives.emplace_back(n);
    return true;
  });
  return found;
}

/// The archives below `count` that are not stored: new ones at the end, and forgotten ones anywhere.
std::vector<std::uint64_t> missing_archives(const ReadTxn& txn, std::uint64_t count) {
  std::vector<std::uint64_t> missing;
  std::uint64_t next = 0;
  txn.scan(tables::kArchives, "", [&](std::string_view key, std::string_view) {
    const std::uint64_t n = registry::lmdb::number_of(key);
    for (; next < std::min(n, count); ++next) missing.push_back(next);
    next = n + 1;
    return true;
  });
  for (; next < count; ++next) missing.push_back(next);
  return missing;
}

}  // namespace

std::uint64_t archives_of(registry::TreeSize size) { return size.value() / kArchiveEvents; }

Result<Done> store_archives(Env& env, registry::TreeSize size, const Keys& keys, const FeedNames& names) {
  const auto missing = env.read([&](const ReadTxn& txn) -> Result<std::vector<std::uint64_t>> {
    return missing_archives(txn, archives_of(size));
  });
  if (!missing) return missing.errors();
  if (missing->empty()) return Done{};
  return env.write([&](WriteTxn& txn) -> Result<Done> {
    for (const std::uint64_t n : *missing) {
      const auto octets = signed_archive(txn, n, keys, names);
      if (!octets) return octets.errors();
      txn.put(tables::kArchives, registry::lmdb::key_of(n), *octets);
    }
    return Done{};
  });
}

Result<std::string> archive(const ReadTxn& txn, std::uint64_t n) {
  const auto found = txn.get(tables::kArchives, registry::lmdb::key_of(n));
  if (found) return std::string(*found);
  return Error{Code::not_found, "", "", archive_path(n) + " はまだありません", archive_path(n) + " is not there yet"};
}

Result<std::string> service_feed(Env& env, const ListedService& service, const Keys& keys, const FeedNames& names) {
  bool fresh = false;
  auto octets = env.read([&](const ReadTxn& txn) -> Result<std::string> {
    if (auto stored = stored_for(txn, service)) return *std::move(stored);
    fresh = true;
    return signed_service_feed(txn, service, keys, names);
  });
  if (!octets || !fresh) return octets;
  const std::string value = registry::lmdb::key_of(service.seq.value()) + *octets;
  (void)env.write([&](WriteTxn& txn) -> Result<Done> {
    const auto found = txn.get(tables::kServiceFeeds, service.service.id.value());
    const bool newer = found && registry::lmdb::number_of(found->substr(0, kSeqBytes)) >= service.seq.value();
    if (!newer) txn.put(tables::kServiceFeeds, service.service.id.value(), value);
    return Done{};
  });
  return octets;
}

Result<Done> forget_unbelievable_feeds(Env& env, const KeySet& set) {
  if (set.revoked.empty()) return Done{};
  auto found = env.read([&](const ReadTxn& txn) -> Result<Unbelievable> { return unbelievable(txn, set); });
  if (!found) return found.errors();
  if (found->services.empty() && found->archives.empty()) return Done{};
  return env.write([&](WriteTxn& txn) -> Result<Done> {
    // What was signed in the meantime is of a key that is believed.
    for (const std::string& id : found->services) txn.erase(tables::kServiceFeeds, id);
    for (const std::string& n : found->archives) txn.erase(tables::kArchives, n);
    return Done{};
  });
}

}  // namespace ismap::feed
