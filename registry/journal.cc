#include "registry/journal.h"

#include "registry/tables.h"

namespace ismap::registry::journal {

namespace {

Error corrupt(const std::string& what) {
  return {Code::corrupt, "", "", "台帳が壊れています（" + what + "）。ismap-liu fsck を実行してください",
          "the journal contradicts itself (" + what + "): run ismap-liu fsck"};
}

std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.value().data()), digest.value().size()};
}

/// What must hold before an event may be appended.
Result<Done> check_place(const lmdb::ReadTxn& txn, const Event& event) {
  if (event.seq.value() != size(txn).value()) return corrupt("seq is not the end");
  if (event.prev != tables::latest(txn, record_id(event))) return corrupt("prev is not the record's last event");
  const auto last = last_recorded_at(txn);
  if (last && event.recorded_at < *last) return corrupt("recorded_at goes back");
  return Done{};
}

}  // namespace

TreeSize size(const lmdb::ReadTxn& txn) {
  const auto last = txn.last(tables::kJournal);
  return last ? TreeSize{lmdb::number_of(last->first) + 1} : TreeSize{0};
}

std::optional<LeafBytes> leaf(const lmdb::ReadTxn& txn, Seq seq) {
  const auto found = txn.get(tables::kJournal, lmdb::key_of(seq.value()));
  if (!found) return std::nullopt;
  return LeafBytes{std::string(*found)};
}

Result<Event> event(const lmdb::ReadTxn& txn, Seq seq) {
  const auto found = txn.get(tables::kJournal, lmdb::key_of(seq.value()));
  if (!found) {
    return Error{Code::not_found, "", "", "その番号の事象はありません", "there is no event with this number"};
  }
  return parse_leaf(*found);
}

std::vector<Digest> leaf_hashes(const lmdb::ReadTxn& txn, Seq from, TreeSize to) {
  std::vector<Digest> hashes;
  txn.scan(tables::kHashes, lmdb::key_of(from.value()), [&](std::string_view key, std::string_view value) {
    if (lmdb::number_of(key) >= to.value()) return false;
    std::array<std::uint8_t, 32> bytes{};
    std::copy_n(reinterpret_cast<const std::uint8_t*>(value.data()), std::min(value.size(), bytes.size()),
                bytes.begin());
    hashes.emplace_back(bytes);
    return true;
  });
  return hashes;
}

std::optional<Instant> last_recorded_at(const lmdb::ReadTxn& txn) {
  const auto last = txn.last(tables::kJournal);
  if (!last) return std::nullopt;
  const auto event = parse_leaf(last->second);
  if (!event.ok()) return std::nullopt;
  return event->recorded_at;
}

std::string origin(const lmdb::ReadTxn& txn) {
  const auto first = event(txn, Seq{0});
  return first.ok() ? first->origin : std::string{};
}

Result<std::vector<Event>> history(const lmdb::ReadTxn& txn, std::string_view record_id, TreeSize size) {
  std::vector<Event> events;
  for (const Seq seq : tables::history(txn, record_id)) {
    if (seq.value() >= size.value()) break;
    Result<Event> one = event(txn, seq);
    if (!one.ok()) return one.errors();
    events.push_back(std::move(*one));
  }
  return events;
}

Result<Done> append(lmdb::WriteTxn& txn, const Event& event) {
  Result<Done> place = check_place(txn, event);
  if (!place.ok()) return place;
  Result<LeafBytes> bytes = to_leaf(event);
  if (!bytes.ok()) return bytes.errors();
  Json before;
  if (event.prev) {
    Result<Event> previous = journal::event(txn, *event.prev);
    if (!previous.ok()) return previous.errors();
    before = std::move(previous->record);
  }
  const std::string key = lmdb::key_of(event.seq.value());
  txn.append(tables::kJournal, key, bytes->value());
  txn.append(tables::kHashes, key, bytes_of(leaf_hash(bytes->value())));
  return tables::fold(txn, event, before);
}

}  // namespace ismap::registry::journal
