#pragma once

#include <chrono>
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

/// When a token was last used, and from which network address ("": not known).
struct TokenUse {
  Instant at;
  std::string from;
  friend bool operator==(const TokenUse&, const TokenUse&) = default;
};

struct Token {
  TokenId id;  ///< first 16 hex digits of the token's SHA-256; names it without giving it away
  Actor holder;
  std::string person;               ///< who has it in hand; "": not said. Personal data
  std::vector<ServiceId> services;  ///< a registrant's own; empty for those who act for the scheme
  Instant issued_at;
  Instant expires_at;
  std::optional<Instant> revoked_at;
  std::optional<TokenId> replaces;     ///< the token that it was made from by rotation
  std::optional<TokenId> replaced_by;  ///< the token that was made from it
  std::optional<TokenUse> last_use;    ///< as it is written down: only all() and get() fill it in
};

namespace tokens {

/// What a token was issued for. Units: days of life, 1 to 400.
struct Request {
  Actor holder;
  std::string person = {};
  std::vector<ServiceId> services;
  int days = 90;
};

/// Stores the hash of `secret` and who it speaks for; the ledger says that it was issued, by whom. Who has it in hand
/// is in the payload of the entry and not in the chain, so that it can be destroyed.
/// Errors: invalid (no organisation, a person not on one line of up to 200 bytes, a registrant without services,
/// services for another role, days).
Result<Token> issue(lmdb::WriteTxn& txn, const Request& request, std::string_view secret, const Actor& by, Instant now);
/// Every token with its last use, in order of its id.
std::vector<Token> all(const lmdb::ReadTxn& txn);
/// One token with its last use, whether it still holds or not. Errors: not_found.
Result<Token> get(const lmdb::ReadTxn& txn, const TokenId& id);

/// For how long a token goes on beside the one that replaces it.
inline constexpr std::chrono::hours kOverlap{24};
inline constexpr std::chrono::hours kLongestOverlap{7 * 24};

/// A token that was replaced, and the one that replaces it.
struct Rotated {
  Token old;
  Token next;
};
/// Makes a token with another secret for the same holder, person and services, with a life as long as that of the old
/// one. The old one goes on for the overlap, and never longer than it would have. The ledger says by whom.
/// Errors: not_found; invalid (the overlap); conflict when the old one holds no more, or was replaced before (the
/// message names its successor).
Result<Rotated> rotate(lmdb::WriteTxn& txn, const TokenId& id, std::chrono::hours overlap, std::string_view secret,
                       const Actor& by, Instant now);
/// Ends a token now; the ledger says by whom. Errors: not_found.
Result<Token> revoke(lmdb::WriteTxn& txn, const TokenId& id, const Actor& by, Instant now);
/// The token with this secret that holds at `now`; nothing when unknown, expired or revoked.
std::optional<Token> find(const lmdb::ReadTxn& txn, std::string_view secret, Instant now);

/// Writes down when a token was last used. The ledger says nothing of it.
void note_use(lmdb::WriteTxn& txn, const TokenId& id, const TokenUse& use);

}  // namespace tokens

/// A token as it is listed: all of it but its last use. There is no secret in it.
Json to_json(const Token& token);

}  // namespace ismap::registry
