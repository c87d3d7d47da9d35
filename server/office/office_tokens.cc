#include <openssl/rand.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "feed/jwt.h"
#include "server/office/office.h"

/// The office's tokens.
namespace ismap::server {

using registry::Actor;
using registry::Done;
using registry::Result;
using registry::Token;
using registry::TokenId;
using registry::lmdb::ReadTxn;
using registry::lmdb::WriteTxn;

namespace {

/// 256 random bits as base64url.
std::string new_secret() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("no random numbers");
  return feed::base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

/// With the use in memory, which is never older than the one that is written down.
Token with_use(Token token, const TokenUses& uses) {
  if (auto use = uses.last(token.id)) token.last_use = std::move(use);
  return token;
}

}  // namespace

Result<Office::Issued> Office::issue_token(const registry::tokens::Request& request, const Actor& by) {
  const std::string secret = new_secret();
  Result<Token> token =
      folder_.env().write([&](WriteTxn& txn) { return registry::tokens::issue(txn, request, secret, by, now_()); });
  if (!token.ok()) return token.errors();
  return Issued{std::move(*token), secret};
}

Result<Office::Replaced> Office::rotate_token(const TokenId& id, std::chrono::hours overlap, const Actor& by) {
  const std::string secret = new_secret();
  auto rotated = folder_.env().write(
      [&](WriteTxn& txn) { return registry::tokens::rotate(txn, id, overlap, secret, by, now_()); });
  if (!rotated.ok()) return rotated.errors();
  return Replaced{std::move(rotated->old), std::move(rotated->next), secret};
}

Result<Token> Office::revoke_token(const TokenId& id, const Actor& by) {
  return folder_.env().write([&](WriteTxn& txn) { return registry::tokens::revoke(txn, id, by, now_()); });
}

Result<std::vector<Token>> Office::tokens() const {
  auto all =
      folder_.env().read([](const ReadTxn& txn) -> Result<std::vector<Token>> { return registry::tokens::all(txn); });
  if (!all.ok()) return all;
  for (Token& token : *all) token = with_use(std::move(token), uses_);
  return all;
}

Result<Token> Office::token(const TokenId& id) const {
  Result<Token> token = folder_.env().read([&](const ReadTxn& txn) { return registry::tokens::get(txn, id); });
  if (!token.ok()) return token;
  return with_use(std::move(*token), uses_);
}

Result<std::optional<Token>> Office::holder_of(std::string_view secret) const {
  return folder_.env().read(
      [&](const ReadTxn& txn) -> Result<std::optional<Token>> { return registry::tokens::find(txn, secret, now_()); });
}

Result<Done> Office::write_uses(Uses which) {
  const registry::Instant now = now_();
  const std::vector<TokenUses::Use> uses = which == Uses::all ? uses_.unwritten() : uses_.due(now);
  if (uses.empty()) return Done{};
  Result<Done> done = folder_.env().write([&](WriteTxn& txn) -> Result<Done> {
    for (const TokenUses::Use& use : uses) registry::tokens::note_use(txn, use.first, use.second);
    return Done{};
  });
  if (done.ok()) uses_.written(uses, now);
  return done;
}

}  // namespace ismap::server
