#include "registry/ledger.h"

#include <string>

#include "registry/digest.h"
#include "registry/tables.h"

namespace ismap::registry::ledger {

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
