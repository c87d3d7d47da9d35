#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/acts.h"
#include "registry/canonical_json.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

/// Bearer tokens (RFC 6750): who speaks, for which services, until when. Only the hash of a token is stored.
namespace ismap::registry {

using TokenId = Strong<std::string, struct TokenIdTag>;

struct Token {
  TokenId id;  ///< first 16 hex digits of the token's SHA-256; names it without giving it away
  Actor holder;
  std::vector<ServiceId> services;  ///< a registrant's own; empty for those who act for the scheme
  Instant issued_at;
  Instant expires_at;
  std::optional<Instant> revoked_at;
};

namespace tokens {

/// What a token was issued for. Units: days of life, 1 to 400.
struct Request {
  Actor holder;
  std::vector<ServiceId> services;
  int days = 90;
};

/// Stores the hash of `secret` and who it speaks for; the ledger says that it was issued, by whom.
/// Errors: invalid (no organisation, a registrant without services, services for another role, days).
Result<Token> issue(lmdb::WriteTxn& txn, const Request& request, std::string_view secret, const Actor& by, Instant now);
/// Every token, in order of its id.
std::vector<Token> all(const lmdb::ReadTxn& txn);
/// Ends a token now; the ledger says by whom. Errors: not_found.
Result<Token> revoke(lmdb::WriteTxn& txn, const TokenId& id, const Actor& by, Instant now);
/// The token with this secret that holds at `now`; nothing when unknown, expired or revoked.
std::optional<Token> find(const lmdb::ReadTxn& txn, std::string_view secret, Instant now);

}  // namespace tokens

Json to_json(const Token& token);

}  // namespace ismap::registry
