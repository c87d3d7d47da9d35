#include "registry/journal.h"

#include "registry/digest.h"
#include "registry/tables.h"

namespace ismap::registry::journal {

namespace {

/// Key of a node: the level in the top byte.
std::string node_key(unsigned level, std::uint64_t index) {
  return lmdb::key_of((static_cast<std::uint64_t>(level) << 56U) | index);
}

/// Hashes `first` … `end`−1 of a level of tiles.
std::vector<Digest> row(const lmdb::ReadTxn& txn, unsigned level, std::uint64_t first, std::uint64_t end) {
  std::vector<Digest> hashes;
  const std::string end_key = node_key(level, end);
  txn.scan(level == 0 ? tables::kHashes : tables::kNodes, node_key(level, first),
           [&](std::string_view key, std::string_view value) {
             if (key >= std::string_view(end_key)) return false;
             hashes.push_back(digest_of_bytes(value));
             return true;
           });
  return hashes;
}

/// What must hold before an event may be appended.
Result<Done> check_place(const lmdb::ReadTxn& txn, const Event& event) {
  if (event.seq.value() != size(txn).value()) return corrupt("seq is not the end");
  if (event.prev != tables::latest(txn, record_id(event))) return corrupt("prev is not the record's last event");
  const auto last = last_recorded_at(txn);
  if (last && event.recorded_at < *last) return corrupt("recorded_at goes back");
  return Done{};
}

/// Puts a leaf at the end and folds its event into the tables.
Result<Done> add(lmdb::WriteTxn& txn, const Event& event, std::string_view octets) {
  Result<Done> place = check_place(txn, event);
  if (!place.ok()) return place;
  Json before;
  if (event.prev) {
    Result<Event> previous = journal::event(txn, *event.prev);
    if (!previous.ok()) return previous.errors();
    before = std::move(previous->record);
  }
  txn.append(tables::kJournal, lmdb::key_of(event.seq.value()), octets);
  add_hash(txn, event.seq, leaf_hash(octets));
  return tables::fold(txn, event, before);
}

Result<std::vector<Event>> events_at(const lmdb::ReadTxn& txn, const std::vector<Seq>& seqs, TreeSize size) {
  std::vector<Event> events;
  for (const Seq seq : seqs) {
    if (seq.value() >= size.value()) break;
    Result<Event> one = journal::event(txn, seq);
    if (!one.ok()) return one.errors();
    events.push_back(std::move(*one));
  }
  return events;
}

}  // namespace

Error corrupt(const std::string& what) {
  return {Code::corrupt, "", "", "台帳が壊れています（" + what + "）。ismap-liu fsck を実行してください",
          "the journal contradicts itself (" + what + "): run ismap-liu fsck"};
}

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
  return stored_leaf(*found);
}

std::vector<Digest> leaf_hashes(const lmdb::ReadTxn& txn, Seq from, TreeSize to) {
  return row(txn, 0, from.value(), to.value());
}

std::vector<Digest> tile(const lmdb::ReadTxn& txn, unsigned level, std::uint64_t index, std::uint64_t width) {
  return row(txn, level, index * kTileWidth, index * kTileWidth + width);
}

Tree tree(const lmdb::ReadTxn& txn, TreeSize size) {
  std::vector<std::vector<Digest>> rows;
  for (std::uint64_t end = size.value(); end > 0; end /= kTileWidth) {
    rows.push_back(row(txn, static_cast<unsigned>(rows.size()), end - end % kTileWidth, end));
  }
  return Tree::of_rows(rows);
}

std::optional<Instant> last_recorded_at(const lmdb::ReadTxn& txn) {
  const auto last = txn.last(tables::kJournal);
  if (!last) return std::nullopt;
  const auto event = stored_leaf(last->second);
  if (!event.ok()) return std::nullopt;
  return event->recorded_at;
}

std::string origin(const lmdb::ReadTxn& txn) {
  const auto first = event(txn, Seq{0});
  return first.ok() ? first->origin : std::string{};
}

Result<std::vector<Event>> history(const lmdb::ReadTxn& txn, std::string_view record_id, TreeSize size) {
  return events_at(txn, tables::history(txn, record_id), size);
}

Result<std::vector<Event>> history_around(const lmdb::ReadTxn& txn, std::string_view record_id, Day day) {
  return events_at(txn, tables::history_around(txn, record_id, day), size(txn));
}

void add_hash(lmdb::WriteTxn& txn, Seq seq, const Digest& leaf_hash) {
  txn.append(tables::kHashes, lmdb::key_of(seq.value()), bytes_of(leaf_hash));
  std::uint64_t end = seq.value() + 1;
  for (unsigned level = 0; end % kTileWidth == 0; ++level) {
    const Digest above = root_of(row(txn, level, end - kTileWidth, end));
    end /= kTileWidth;
    txn.put(tables::kNodes, node_key(level + 1, end - 1), bytes_of(above));
  }
}

Result<Done> append(lmdb::WriteTxn& txn, const Event& event) {
  Result<LeafBytes> bytes = to_leaf(event);
  if (!bytes.ok()) return bytes.errors();
  return add(txn, event, bytes->value());
}

Result<Done> append_leaf(lmdb::WriteTxn& txn, std::string_view octets) {
  Result<Event> event = parse_leaf(octets);
  if (!event.ok()) return event.errors();
  return add(txn, *event, octets);
}

}  // namespace ismap::registry::journal
