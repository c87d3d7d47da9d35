#include "feed/snapshot.h"

#include <algorithm>

#include "registry/journal.h"
#include "registry/tables.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Error;
using registry::Result;
using registry::Seq;
using registry::TreeSize;
using registry::lmdb::ReadTxn;
namespace journal = registry::journal;
namespace tables = registry::tables;

/// Whether the newest key leaf is that of the newest version in memory.
bool knows_keys(const ReadTxn& txn, const Memory& memory) {
  return !memory.key_versions.empty() && tables::latest(txn, registry::kKeysRecord) == memory.key_versions.back().seq;
}

/// The service's entry of the last generation if it is still its latest event, else null.
std::shared_ptr<const ListedService> known(const ListedServices& services, const tables::Latest& latest) {
  const auto at = std::lower_bound(services.begin(), services.end(), latest.id,
                                   [](const auto& s, const std::string& id) { return s->service.id.value() < id; });
  const bool same = at != services.end() && (*at)->service.id.value() == latest.id && (*at)->seq == latest.seq;
  return same ? *at : nullptr;
}

Result<ListedServices> read_services(const ReadTxn& txn, const ListedServices& before) {
  ListedServices services;
  for (const tables::Latest& latest : tables::latest_services(txn)) {
    auto service = known(before, latest);
    if (service == nullptr) {
      auto leaf = journal::leaf(txn, latest.seq);
      auto listed =
          leaf ? listed_service(std::move(*leaf)) : Result<ListedService>(journal::corrupt("a leaf is missing"));
      if (!listed) return listed.errors();
      service = std::make_shared<const ListedService>(std::move(*listed));
    }
    services.push_back(std::move(service));
  }
  return services;
}

Result<std::string> read_entry(const ReadTxn& txn, Seq seq, const FeedNames& names) {
  const auto leaf = journal::leaf(txn, seq);
  if (!leaf) return journal::corrupt("a leaf is missing");
  const auto event = registry::stored_leaf(leaf->value());
  if (!event) return event.errors();
  return atom_entry(*event, *leaf, names);
}

}  // namespace

Seq first_in_feed(TreeSize size) {
  const std::uint64_t n = size.value();
  const std::uint64_t after_archive = n - n % kArchiveEvents;
  const std::uint64_t newest = n > kNewestEvents ? n - kNewestEvents : 0;
  return Seq{std::min(after_archive, newest)};
}

Result<Ground> read_ground(const ReadTxn& txn, const Guard& guard, Memory& memory) {
  Ground ground;
  ground.size = journal::size(txn);
  if (ground.size.value() == 0) {
    return Error{Code::unavailable, "", "", "台帳がまだありません。ismap-liu init を実行してください",
                 "there is no log yet: run ismap-liu init"};
  }
  if (guard.size <= ground.size) ground.root_at_guard = journal::tree(txn, guard.size).root();
  ground.origin = journal::origin(txn);
  if (!knows_keys(txn, memory)) {
    auto versions = read_key_versions(txn);
    if (!versions) return versions.errors();
    memory.key_versions = std::move(*versions);
  }
  ground.key_set = memory.key_versions.back().set;
  ground.key_ages = ages_of(memory.key_versions);
  for (const KeyVersion& version : memory.key_versions) ground.key_documents.push_back(version.octets);
  return ground;
}

Result<Snapshot> read_snapshot(const ReadTxn& txn, const FeedNames& names, const Memory& memory) {
  Snapshot snapshot;
  snapshot.size = journal::size(txn);
  const registry::Tree tree = journal::tree(txn, snapshot.size);
  const auto updated = journal::last_recorded_at(txn);
  if (tree.size() != snapshot.size || !updated) return journal::corrupt("leaf hashes or the last leaf");
  snapshot.root = tree.root();
  snapshot.updated = *updated;
  auto services = read_services(txn, memory.services);
  if (!services) return services.errors();
  snapshot.services = std::move(*services);
  for (std::uint64_t n = first_in_feed(snapshot.size).value(); n < snapshot.size.value(); ++n) {
    const auto kept = memory.entries.find(n);
    if (kept != memory.entries.end()) {
      snapshot.entries.insert(*kept);
      continue;
    }
    auto entry = read_entry(txn, Seq{n}, names);
    if (!entry) return entry.errors();
    snapshot.entries.emplace(n, std::make_shared<const std::string>(std::move(*entry)));
  }
  return snapshot;
}

}  // namespace ismap::feed
