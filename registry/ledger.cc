#include "registry/ledger.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/digest.h"
#include "registry/tables.h"

namespace ismap::registry::ledger {

namespace {

/// Keys of tables::kEntryOf that an entry asks for.
std::vector<std::string> index_keys(const Json& entry) {
  std::vector<std::string> keys;
  for (const Json& seq : entry.value("events", Json::array())) keys.push_back(lmdb::key_of(seq.get<std::uint64_t>()));
  return keys;
}

Json parsed(std::string_view stored) { return Json::parse(stored, nullptr, false); }

}  // namespace

std::uint64_t size(const lmdb::ReadTxn& txn) {
  const auto last = txn.last(tables::kLedger);
  return last ? lmdb::number_of(last->first) + 1 : 0;
}

void append(lmdb::WriteTxn& txn, Json entry) {
  const auto last = txn.last(tables::kLedger);
  const std::uint64_t number = last ? lmdb::number_of(last->first) + 1 : 0;
  entry["number"] = number;
  entry["previous"] = last ? Json(hex(sha256(last->second))) : Json(nullptr);
  txn.append(tables::kLedger, lmdb::key_of(number), canonical(entry));
  for (const std::string& key : index_keys(entry)) txn.put(tables::kEntryOf, key, lmdb::key_of(number));
}

Json entry_of(const lmdb::ReadTxn& txn, Seq event) {
  const auto number = txn.get(tables::kEntryOf, lmdb::key_of(event.value()));
  if (!number) return nullptr;
  const auto stored = txn.get(tables::kLedger, *number);
  return stored ? parsed(*stored) : Json();
}

void index_again(lmdb::WriteTxn& txn) {
  txn.clear(tables::kEntryOf);
  std::vector<std::pair<std::string, std::string>> index;
  txn.scan(tables::kLedger, "", [&](std::string_view number, std::string_view stored) {
    const Json entry = parsed(stored);
    if (!entry.is_object()) return true;  // check() names a broken one
    for (std::string& key : index_keys(entry)) index.emplace_back(std::move(key), std::string(number));
    return true;
  });
  for (const auto& [key, number] : index) txn.put(tables::kEntryOf, key, number);
}

bool index_is_sound(const lmdb::ReadTxn& txn) {
  std::size_t wanted = 0;
  bool sound = true;
  txn.scan(tables::kLedger, "", [&](std::string_view number, std::string_view stored) {
    const Json entry = parsed(stored);
    if (!entry.is_object()) return true;
    for (const std::string& key : index_keys(entry)) {
      ++wanted;
      sound = sound && txn.get(tables::kEntryOf, key) == std::optional<std::string_view>(number);
    }
    return true;
  });
  return sound && txn.count(tables::kEntryOf) == wanted;
}

Result<Done> check(const lmdb::ReadTxn& txn) {
  std::uint64_t expected = 0;
  Json previous = nullptr;
  Errors errors;
  txn.scan(tables::kLedger, "", [&](std::string_view key, std::string_view value) {
    const Result<Json> entry = parse_json(value);
    const bool sound = entry.ok() && lmdb::number_of(key) == expected && entry->value("number", Json()) == expected &&
                       entry->value("previous", Json()) == previous && canonical(*entry) == value;
    if (!sound) {
      const std::string n = std::to_string(expected);
      errors.push_back({Code::corrupt, "", "", "事案台帳の " + n + " 件目が壊れています",
                        "ledger entry " + n + " breaks the chain"});
      return false;
    }
    previous = hex(sha256(value));
    ++expected;
    return true;
  });
  if (!errors.empty()) return errors;
  return Done{};
}

}  // namespace ismap::registry::ledger
