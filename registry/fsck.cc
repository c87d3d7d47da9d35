#include "registry/fsck.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "registry/as_of.h"
#include "registry/attachments/attachments.h"
#include "registry/cases/case.h"
#include "registry/digest.h"
#include "registry/event.h"
#include "registry/journal.h"
#include "registry/ledger.h"
#include "registry/rules/common.h"
#include "registry/service.h"
#include "registry/tables.h"

namespace ismap::registry {

namespace {

/// One pass over a snapshot.
class Replay {
 public:
  explicit Replay(const lmdb::ReadTxn& txn) : txn_(txn) {}

  FsckReport run() {
    txn_.scan(tables::kJournal, "", [&](std::string_view key, std::string_view value) {
      leaf(key, value);
      return report_.findings.size() < kMaxFindings;
    });
    for (const auto& [id, seqs] : histories_) record(id, seqs.back());
    compare_counts();
    compare_nodes();
    compare_expiry();
    compare_remembered();
    const Result<Done> chain = ledger::check(txn_);
    for (const Error& broken : chain.ok() ? Errors{} : chain.errors()) find(broken.en);
    if (!ledger::index_is_sound(txn_)) find("entries: not what the ledger says");
    for (std::string& difference : cases::differences_from_ledger(txn_)) find(std::move(difference));
    for (std::string& difference : attachments::differences_in_table(txn_)) find(std::move(difference));
    report_.ledger_entries = ledger::size(txn_);
    report_.services = histories_.size() - histories_.count(std::string(kKeysRecord));
    return std::move(report_);
  }

 private:
  void find(std::string finding) {
    if (report_.findings.size() < kMaxFindings) report_.findings.push_back(std::move(finding));
  }

  void leaf(std::string_view key, std::string_view octets) {
    const std::uint64_t number = report_.leaves++;
    if (lmdb::number_of(key) != number)
      find(fmt::format("journal: key {} where {} belongs", lmdb::number_of(key), number));
    const auto hash = txn_.get(tables::kHashes, key);
    if (!hash || *hash != bytes_of(leaf_hash(octets)))
      find(fmt::format("leaf {}: the stored hash is not its hash", number));
    Result<Event> event = parse_leaf(octets);
    if (!event.ok()) return find(fmt::format("leaf {}: {}", number, event.errors().front().en));
    place(*event, number);
    if (event->kind == EventKind::key) key_set(*event);
    histories_[record_id(*event)].push_back(event->seq);
  }

  void place(const Event& event, std::uint64_t number) {
    if (event.seq.value() != number) find(fmt::format("leaf {}: seq is {}", number, event.seq.value()));
    if (event.recorded_at < last_recorded_at_) find(fmt::format("leaf {}: recorded_at goes back", number));
    last_recorded_at_ = event.recorded_at;
    if (number == 0) {
      origin_ = event.origin;
      if (event.kind != EventKind::key) find("leaf 0: the first leaf is not a key leaf");
    }
    if (event.origin != origin_) find(fmt::format("leaf {}: another log's origin", number));
    if (event.rules != rules::rules_edition(event.effective).value_or("")) {
      find(fmt::format("leaf {}: not the rules' edition of {}", number, event.effective.iso()));
    }
    const auto known = histories_.find(record_id(event));
    const auto prev = known == histories_.end() ? std::nullopt : std::optional<Seq>(known->second.back());
    if (event.prev != prev) find(fmt::format("leaf {}: prev is not the record's previous event", number));
    if (!txn_.get(tables::kHistory, record_id(event) + '\0' + lmdb::key_of(number))) {
      find(fmt::format("history: event {} is missing", number));
    }
  }

  void key_set(const Event& event) {
    const Json& record = event.record;
    const std::uint64_t ver = record.value("ver", std::uint64_t{0});
    const auto octets = tables::key_set(txn_, KeySetVersion{ver});
    if (!octets || hex(sha256(*octets)) != record.value("sha256", "")) {
      find(fmt::format("leaf {}: key set {} is missing or not the one that the leaf names", event.seq.value(), ver));
    }
  }

  void record(const std::string& id, Seq newest) {
    if (tables::latest(txn_, id) != newest)
      find(fmt::format("latest: {} does not point to event {}", id, newest.value()));
    if (id == kKeysRecord) return;
    const Result<std::vector<Event>> history = journal::history(txn_, id, TreeSize{report_.leaves});
    if (!history.ok() || history->empty()) return find(fmt::format("history: the events of {} cannot be read", id));
    sound(*history);
  }

  void sound(const std::vector<Event>& events) {
    const Event& last = events.back();
    const Result<Service> service = parse_service(last.record);
    if (!service.ok()) {
      const Error& e = service.errors().front();
      find(fmt::format("leaf {}: the record is not sound at {}: {}", last.seq.value(), e.pointer, e.en));
    }
    Day end = last.effective;
    for (const Event& event : events) end = std::max(end, event.effective);
    if (state_as_of(events, end, last.recorded_at) != last.record) {
      find(fmt::format("leaf {}: the record is not the fold of its history", last.seq.value()));
    }
    if (const auto key = tables::expiry_key(last.record)) expiry_.insert(*key);
    remembered_.merge(tables::remembered_keys(events));
  }

  void compare_counts() {
    if (txn_.count(tables::kHashes) != report_.leaves) find("hashes: not one a leaf");
    if (txn_.count(tables::kHistory) != report_.leaves) find("history: not one entry a leaf");
    if (txn_.count(tables::kLatest) != histories_.size()) find("latest: not one entry a record");
  }

  /// Every full tile has its hash on the level above.
  void compare_nodes() {
    std::size_t wanted = 0;
    for (std::uint64_t tiles = report_.leaves / kTileWidth; tiles > 0; tiles /= kTileWidth) wanted += tiles;
    if (txn_.count(tables::kNodes) != wanted) find("nodes: not one a full tile");
    txn_.scan(tables::kNodes, "", [&](std::string_view key, std::string_view value) {
      const std::uint64_t place = lmdb::number_of(key);
      const auto level = static_cast<unsigned>(place >> 56U);
      const std::uint64_t index = place & ((std::uint64_t{1} << 56U) - 1);
      const Digest root = root_of(journal::tile(txn_, level - 1, index, kTileWidth));
      if (value != bytes_of(root)) find(fmt::format("nodes: level {}, {} is not its tile's hash", level, index));
      return report_.findings.size() < kMaxFindings;
    });
  }

  [[nodiscard]] std::set<std::string> keys_of(lmdb::Table table) const {
    std::set<std::string> stored;
    txn_.scan(table, "", [&](std::string_view key, std::string_view) {
      stored.emplace(key);
      return true;
    });
    return stored;
  }

  void compare_expiry() {
    if (keys_of(tables::kExpiry) != expiry_) find("expiry: not what the records say");
  }

  void compare_remembered() {
    if (keys_of(tables::kRemembered) != remembered_) find("remembered: not what the records say");
  }

  const lmdb::ReadTxn& txn_;
  FsckReport report_;
  std::map<std::string, std::vector<Seq>> histories_;  ///< by record id, as the leaves say
  std::set<std::string> expiry_;
  std::set<std::string> remembered_;
  std::string origin_;
  Instant last_recorded_at_{};
};

}  // namespace

Result<FsckReport> fsck(const lmdb::Env& env) {
  return env.read([](const lmdb::ReadTxn& txn) -> Result<FsckReport> { return Replay(txn).run(); });
}

Result<FsckReport> fsck(const lmdb::Env& env, const std::filesystem::path& attachments) {
  Result<FsckReport> report = fsck(env);
  if (!report.ok()) return report;
  for (std::string& difference : attachments::differences_in_files(env, attachments)) {
    if (report->findings.size() < kMaxFindings) report->findings.push_back(std::move(difference));
  }
  return report;
}

}  // namespace ismap::registry
