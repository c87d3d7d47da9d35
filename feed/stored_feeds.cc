#include "feed/stored_feeds.h"

#include <algorithm>
#include <optional>
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

std::string sign(const FeedIdentity& identity, const Entries& entries, const Keys& keys, const FeedNames& names) {
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
  return sign(archive_identity(names, n), *entries, keys, names);
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
  return sign(service_identity(names, service.service), *entries, keys, names);
}

}  // namespace

std::uint64_t archives_of(registry::TreeSize size) { return size.value() / kArchiveEvents; }

Result<Done> store_archives(Env& env, registry::TreeSize size, const Keys& keys, const FeedNames& names) {
  const auto stored = env.read([](const ReadTxn& txn) -> Result<std::uint64_t> {
    const auto last = txn.last(tables::kArchives);
    return last ? registry::lmdb::number_of(last->first) + 1 : 0;
  });
  if (!stored) return stored.errors();
  if (*stored >= archives_of(size)) return Done{};
  return env.write([&](WriteTxn& txn) -> Result<Done> {
    for (std::uint64_t n = *stored; n < archives_of(size); ++n) {
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
  std::uint64_t good = UINT64_MAX;
  for (const RevokedKey& key : set.revoked) good = std::min(good, key.last_good_size.value());
  return env.write([&](WriteTxn& txn) -> Result<Done> {
    std::vector<std::string> feeds;
    txn.scan(tables::kServiceFeeds, "", [&](std::string_view id, std::string_view value) {
      if (registry::lmdb::number_of(value.substr(0, kSeqBytes)) >= good) feeds.emplace_back(id);
      return true;
    });
    for (const std::string& id : feeds) txn.erase(tables::kServiceFeeds, id);
    std::vector<std::string> archives;
    txn.scan(tables::kArchives, registry::lmdb::key_of(good / kArchiveEvents),
             [&](std::string_view n, std::string_view) {
               archives.emplace_back(n);
               return true;
             });
    for (const std::string& n : archives) txn.erase(tables::kArchives, n);
    return Done{};
  });
}

}  // namespace ismap::feed
