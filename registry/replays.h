#pragma once

#include <functional>
#include <optional>
#include <string>

#include "registry/canonical_json.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

/// Answers kept under their Idempotency-Key, in the transaction of what they answer, so that a repeated request is
/// answered and not done again. Source: draft-ietf-httpapi-idempotency-key-header.
namespace ismap::registry {

/// A request that carries an Idempotency-Key. Keys of different organisations and routes have nothing in common.
struct RequestKey {
  std::string organisation;
  std::string route;  ///< method and pattern: "POST /v1/filings/{id}/submission"
  std::string key;
  Digest fingerprint;  ///< of what is asked: the captured path and the body
};

namespace replays {

/// How long a key is remembered; after that it is as if it had never been used. Units: days.
inline constexpr int kKeptDays = 90;

/// The answer of an earlier request with this key, at most kKeptDays ago. Errors: invalid when that one asked something
/// else.
Result<std::optional<Json>> find(const lmdb::ReadTxn& txn, const RequestKey& request, Instant now);
/// Forgets the keys that are not remembered any more; returns how many.
Result<std::size_t> forget_old(lmdb::Env& env, Instant now);
/// Keeps the answer. REQUIRES: find gave nothing in this transaction.
void keep(lmdb::WriteTxn& txn, const RequestKey& request, const Json& answer, Instant now);

/// Puts another answer in the place of each kept one for which `anew` gives one: what was destroyed in the register is
/// not told again by a repeated request.
void replace(lmdb::WriteTxn& txn, const std::function<std::optional<Json>(const Json& answer)>& anew);

}  // namespace replays

}  // namespace ismap::registry
