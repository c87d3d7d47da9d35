#include "registry/ledger.h"

#include <map>
#include <optional>
#include <set>
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

std::uint64_t append(lmdb::WriteTxn& txn, Json entry, const Json& payload) {
  const auto last = txn.last(tables::kLedger);
  const std::uint64_t number = last ? lmdb::number_of(last->first) + 1 : 0;
  entry["number"] = number;
  entry["previous"] = last ? Json(hex(sha256(last->second))) : Json(nullptr);
  entry["payload"] = nullptr;
  if (!payload.is_null()) {
    const std::string octets = canonical(payload);
    entry["payload"] = hex(sha256(octets));
    txn.put(tables::kPayloads, lmdb::key_of(number), octets);
  }
  txn.append(tables::kLedger, lmdb::key_of(number), canonical(entry));
  for (const std::string& key : index_keys(entry)) txn.put(tables::kEntryOf, key, lmdb::key_of(number));
  return number;
}

Json entry_of(const lmdb::ReadTxn& txn, Seq event) {
  const auto number = txn.get(tables::kEntryOf, lmdb::key_of(event.value()));
  if (!number) return nullptr;
  const auto stored = txn.get(tables::kLedger, *number);
  Json entry = stored ? parsed(*stored) : Json();
  if (!entry.is_object() || entry.contains("details")) return entry;  // of schema 3: all in one
  entry.erase("payload");
  Json details = entry.value("facts", Json::object());
  const Json payload = payload_of(txn, lmdb::number_of(*number));
  if (payload.is_object()) {
    details.update(payload.value("texts", Json::object()));
    entry.update(payload);
  }
  entry["details"] = std::move(details);
  return entry;
}

std::optional<std::uint64_t> number_of(const lmdb::ReadTxn& txn, Seq event) {
  const auto number = txn.get(tables::kEntryOf, lmdb::key_of(event.value()));
  return number ? std::optional(lmdb::number_of(*number)) : std::nullopt;
}

bool was_destroyed(const lmdb::ReadTxn& txn, std::uint64_t number) {
  const auto stored = txn.get(tables::kLedger, lmdb::key_of(number));
  if (!stored || txn.get(tables::kPayloads, lmdb::key_of(number))) return false;
  const Json entry = parsed(*stored);
  return entry.is_object() && entry.value("payload", Json()).is_string();
}

Json payload_of(const lmdb::ReadTxn& txn, std::uint64_t number) {
  const auto stored = txn.get(tables::kPayloads, lmdb::key_of(number));
  return stored ? parsed(*stored) : Json();
}

Result<Done> destroy(lmdb::WriteTxn& txn, std::uint64_t number, const Destruction& why) {
  const std::string key = lmdb::key_of(number);
  const std::string n = std::to_string(number);
  if (!txn.get(tables::kLedger, key)) {
    return Error{Code::not_found, "", "", "事案台帳に " + n + " 件目はありません", "there is no ledger entry " + n};
  }
  if (!txn.get(tables::kPayloads, key)) {
    return Error{Code::conflict, "", "", "事案台帳の " + n + " 件目に廃棄できる内容はありません",
                 "ledger entry " + n + " has no payload that could be destroyed"};
  }
  txn.erase(tables::kPayloads, key);
  append(txn, Json{{"act", "destroy"},
                   {"actor", to_json(why.actor)},
                   {"article", nullptr},
                   {"at", why.at.iso()},
                   {"destroys", number},
                   {"ground", why.ground},
                   {"reason", why.reason}});
  return Done{};
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

namespace {

Error broken(std::uint64_t number) {
  const std::string n = std::to_string(number);
  return {Code::corrupt, "", "", "事案台帳の " + n + " 件目が壊れています", "ledger entry " + n + " breaks the chain"};
}

Error payload_error(std::uint64_t number, const std::string& ja, const std::string& en) {
  const std::string n = std::to_string(number);
  return {Code::corrupt, "", "", "事案台帳の " + n + " 件目の内容が" + ja, "the payload of ledger entry " + n + en};
}

/// What the chain says of payloads.
struct Promised {
  std::map<std::uint64_t, std::string> hashes;  ///< by entry, in hex
  std::set<std::uint64_t> destroyed;
};

Errors check_payloads(const lmdb::ReadTxn& txn, const Promised& promised) {
  Errors errors;
  for (const auto& [number, hash] : promised.hashes) {
    const auto stored = txn.get(tables::kPayloads, lmdb::key_of(number));
    const bool destroyed = promised.destroyed.count(number) != 0;
    if (!stored && !destroyed) {
      errors.push_back(payload_error(number, "廃棄の記録なしになくなっています",
                                     " is missing, and no entry says that it was destroyed"));
    } else if (stored && (destroyed || hex(sha256(*stored)) != hash)) {
      errors.push_back(payload_error(number, "記録と異なります", " is not the one that the chain names"));
    }
  }
  txn.scan(tables::kPayloads, "", [&](std::string_view key, std::string_view) {
    const std::uint64_t number = lmdb::number_of(key);
    if (promised.hashes.count(number) == 0) {
      errors.push_back(payload_error(number, "台帳にありません", " belongs to no entry"));
    }
    return true;
  });
  return errors;
}

}  // namespace

Result<Done> check(const lmdb::ReadTxn& txn) {
  std::uint64_t expected = 0;
  Json previous = nullptr;
  Errors errors;
  Promised promised;
  txn.scan(tables::kLedger, "", [&](std::string_view key, std::string_view value) {
    const Result<Json> entry = parse_json(value);
    const bool sound = entry.ok() && lmdb::number_of(key) == expected && entry->value("number", Json()) == expected &&
                       entry->value("previous", Json()) == previous && canonical(*entry) == value;
    if (!sound) {
      errors.push_back(broken(expected));
      return false;
    }
    const Json payload = entry->value("payload", Json());
    if (payload.is_string()) promised.hashes[expected] = payload.get<std::string>();
    const Json destroys = entry->value("destroys", Json());
    if (destroys.is_number_unsigned()) promised.destroyed.insert(destroys.get<std::uint64_t>());
    previous = hex(sha256(value));
    ++expected;
    return true;
  });
  if (errors.empty()) errors = check_payloads(txn, promised);
  if (!errors.empty()) return errors;
  return Done{};
}

}  // namespace ismap::registry::ledger
