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

/// Whether what was kept is too old to be remembered at `now`.
bool is_past_keeping(const Json& kept, Instant now) {
  const auto at = Instant::parse(kept.at("at").get<std::string>());
  return at && at->plus_seconds(std::int64_t{kKeptDays} * 86'400) < now;
}

}  // namespace

Result<std::optional<Json>> find(const lmdb::ReadTxn& txn, const RequestKey& request, Instant now) {
  const auto stored = txn.get(tables::kReplays, stored_under(request));
  if (!stored) return std::optional<Json>();
  Result<Json> kept = parse_json(*stored);
  if (!kept.ok()) return kept.errors();
  if (is_past_keeping(*kept, now)) return std::optional<Json>();
  if (kept->at("fingerprint") != hex(request.fingerprint)) {
    return Error{Code::invalid, "", "",
                 "このIdempotency-Keyは別の内容のリクエストに使われています。新しい鍵を使ってください",
                 "this Idempotency-Key was used for another request: use a new key"};
  }
  return std::optional<Json>(kept->at("answer"));
}

Result<std::size_t> forget_old(lmdb::Env& env, Instant now) {
  using Keys = std::vector<std::string>;
  const auto old_keys = [now](const lmdb::ReadTxn& txn) {
    Keys old;
    txn.scan(tables::kReplays, "", [&](std::string_view key, std::string_view stored) {
      const Json kept = Json::parse(stored, nullptr, false);
      if (kept.is_object() && kept.contains("at") && is_past_keeping(kept, now)) old.emplace_back(key);
      return true;
    });
    return old;
  };
  const Result<Keys> old = env.read([&](const lmdb::ReadTxn& txn) -> Result<Keys> { return old_keys(txn); });
  if (!old.ok()) return old.errors();
  if (old->empty()) return std::size_t{0};
  return env.write([&](lmdb::WriteTxn& txn) -> Result<std::size_t> {
    const Keys keys = old_keys(txn);  // one may have been used anew meanwhile
    for (const std::string& key : keys) txn.erase(tables::kReplays, key);
    return keys.size();
  });
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
