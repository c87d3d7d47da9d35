#include "registry/replays.h"

#include <string_view>
#include <utility>
#include <vector>

#include "registry/digest.h"
#include "registry/tables.h"

namespace ismap::registry::replays {

namespace {

std::string stored_under(const RequestKey& request) {
  return hex(sha256(request.organisation + '\0' + request.route + '\0' + request.key));
}

}  // namespace

Result<std::optional<Json>> find(const lmdb::ReadTxn& txn, const RequestKey& request) {
  const auto stored = txn.get(tables::kReplays, stored_under(request));
  if (!stored) return std::optional<Json>();
  Result<Json> kept = parse_json(*stored);
  if (!kept.ok()) return kept.errors();
  if (kept->at("fingerprint") != hex(request.fingerprint)) {
    return Error{Code::invalid, "", "",
                 "このIdempotency-Keyは別の内容のリクエストに使われています。新しい鍵を使ってください",
                 "this Idempotency-Key was used for another request: use a new key"};
  }
  return std::optional<Json>(kept->at("answer"));
}

void keep(lmdb::WriteTxn& txn, const RequestKey& request, const Json& answer, Instant now) {
  txn.put(tables::kReplays, stored_under(request),
          canonical(Json{{"answer", answer}, {"at", now.iso()}, {"fingerprint", hex(request.fingerprint)}}));
}

void replace(lmdb::WriteTxn& txn, const std::function<std::optional<Json>(const Json& answer)>& anew) {
  std::vector<std::pair<std::string, std::string>> changed;
  txn.scan(tables::kReplays, "", [&](std::string_view key, std::string_view stored) {
    Json kept = Json::parse(stored);
    auto answer = anew(kept.at("answer"));
    if (!answer) return true;
    kept["answer"] = *std::move(answer);
    changed.emplace_back(key, canonical(kept));
    return true;
  });
  for (const auto& [key, octets] : changed) txn.put(tables::kReplays, key, octets);
}

}  // namespace ismap::registry::replays
