#include "registry/looked_at.h"

#include <algorithm>

#include "registry/journal.h"
#include "registry/tables.h"

namespace ismap::registry {

std::optional<Digest> shown(const lmdb::ReadTxn& txn, const ServiceId& service) {
  const auto seq = tables::latest(txn, service.value());
  if (!seq) return std::nullopt;
  return journal::leaf_hashes(txn, *seq, TreeSize{seq->value() + 1}).front();
}

Result<Done> still_shows(const lmdb::ReadTxn& txn, const ServiceId& service, const LookedAt& looked_at) {
  if (!looked_at) return Done{};
  const auto now = shown(txn, service);
  if (now && std::find(looked_at->begin(), looked_at->end(), *now) != looked_at->end()) return Done{};
  return Error{Code::stale, "", "", "リストのこのサービスの内容は、If-Matchで示された版から変わっています",
               "the list has moved on from what If-Match names of this service"};
}

}  // namespace ismap::registry
