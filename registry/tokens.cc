#include "registry/tokens.h"

#include <algorithm>

#include "registry/digest.h"
#include "registry/ledger.h"
#include "registry/tables.h"
#include "registry/text.h"

namespace ismap::registry {

namespace {

constexpr std::size_t kIdDigits = 16;
constexpr int kMaxDays = 400;
constexpr std::size_t kLongestPerson = 200;

Error invalid_request(std::string pointer, std::string ja, std::string en) {
  return {Code::invalid, std::move(pointer), "", std::move(ja), std::move(en)};
}

Result<Done> check(const tokens::Request& request) {
  Errors errors;
  if (request.holder.organisation.empty()) {
    errors.push_back(invalid_request("/organisation", "組織名を指定してください", "name the organisation"));
  }
  const std::string& person = request.person;
  if (person.size() > kLongestPerson || check_text(person) || person.find('\n') != std::string::npos) {
    errors.push_back(invalid_request("/person", "担当者は200バイト以内の一行で、制御文字なしで書いてください",
                                     "the person is named on one line of up to 200 bytes, without control characters"));
  }
  const bool registrant = request.holder.role == Role::registrant;
  if (registrant && request.services.empty()) {
    errors.push_back(invalid_request("/services", "登録者のトークンには登録番号が必要です",
                                     "a registrant's token names its services"));
  }
  if (!registrant && !request.services.empty()) {
    errors.push_back(invalid_request("/services", "登録番号は登録者のトークンだけに付けます",
                                     "only a registrant's token names services"));
  }
  if (request.holder.role == Role::system) {
    errors.push_back(invalid_request("/role", "system のトークンはありません", "there is no token for the system"));
  }
  if (request.days < 1 || request.days > kMaxDays) {
    errors.push_back(invalid_request("/days", "有効日数は1から400までです", "days are 1 to 400"));
  }
  if (!errors.empty()) return errors;
  return Done{};
}

std::optional<TokenId> token_named(const Json& stored, const char* member) {
  const Json id = stored.value(member, Json());
  return id.is_string() ? std::optional(TokenId{id.get<std::string>()}) : std::nullopt;
}

Token token_of(const Json& stored) {
  Token token;
  token.id = TokenId{stored.at("id").get<std::string>()};
  token.holder.role = role_of(stored.at("role").get<std::string>()).value();
  token.holder.organisation = stored.at("organisation").get<std::string>();
  token.person = stored.value("person", "");
  for (const Json& id : stored.at("services")) token.services.emplace_back(id.get<std::string>());
  token.issued_at = Instant::parse(stored.at("issued_at").get<std::string>()).value();
  token.expires_at = Instant::parse(stored.at("expires_at").get<std::string>()).value();
  if (!stored.at("revoked_at").is_null()) {
    token.revoked_at = Instant::parse(stored.at("revoked_at").get<std::string>()).value();
  }
  token.replaces = token_named(stored, "replaces");
  token.replaced_by = token_named(stored, "replaced_by");
  return token;
}

std::optional<TokenUse> use_of(const lmdb::ReadTxn& txn, const TokenId& id) {
  const auto stored = txn.get(tables::kTokenUse, id.value());
  if (!stored) return std::nullopt;
  const Json use = parse_json(*stored).value();
  return TokenUse{Instant::parse(use.at("at").get<std::string>()).value(), use.at("from").get<std::string>()};
}

/// A token where it is stored.
struct StoredToken {
  std::string key;  ///< the SHA-256 of its secret, in hex
  Token token;
};

Result<StoredToken> stored_token(const lmdb::ReadTxn& txn, const TokenId& id) {
  std::optional<StoredToken> found;
  txn.scan(tables::kTokens, id.value(), [&](std::string_view hash, std::string_view stored) {
    if (hash.substr(0, kIdDigits) == id.value()) {
      found = StoredToken{std::string(hash), token_of(parse_json(stored).value())};
    }
    return false;
  });
  if (found) return *std::move(found);
  return Error{Code::not_found, "", "", "トークン " + id.value() + " はありません", "there is no token " + id.value()};
}

void store_token(lmdb::WriteTxn& txn, std::string_view hash, const Token& token) {
  txn.put(tables::kTokens, hash, canonical(to_json(token)));
}

/// The entry in the ledger. A person is named in its payload alone: the chain can never be shortened.
void note(lmdb::WriteTxn& txn, std::string_view act, const Token& token, const Actor& by, Instant at) {
  Json public_part = to_json(token);
  public_part.erase("person");
  const Json payload = token.person.empty() ? Json() : Json{{"person", token.person}};
  ledger::append(
      txn, Json{{"act", act}, {"actor", to_json(by)}, {"article", nullptr}, {"at", at.iso()}, {"token", public_part}},
      payload);
}

bool still_holds(const Token& token, Instant now) { return !token.revoked_at && now < token.expires_at; }

/// What keeps a token from being replaced.
Result<Done> check_rotation(const Token& token, std::chrono::hours overlap, Instant now) {
  const std::string& id = token.id.value();
  if (overlap < std::chrono::hours{0} || overlap > tokens::kLongestOverlap) {
    return invalid_request("/overlap_hours", "重なりの時間（overlap_hours）は0から168までです",
                           "overlap_hours are 0 to 168");
  }
  if (token.replaced_by) {
    const std::string& next = token.replaced_by->value();
    return Error{Code::conflict, "", "", "トークン " + id + " は既にトークン " + next + " に替えられました",
                 "token " + id + " was replaced by token " + next + " already"};
  }
  if (!still_holds(token, now)) {
    return Error{Code::conflict, "", "", "トークン " + id + " は既に無効です。新しいトークンの発行を求めてください",
                 "token " + id + " holds no more: have a new one issued"};
  }
  return Done{};
}

}  // namespace

Json to_json(const Token& token) {
  Json services = Json::array();
  for (const ServiceId& id : token.services) services.push_back(id.value());
  return Json{{"expires_at", token.expires_at.iso()},
              {"id", token.id.value()},
              {"issued_at", token.issued_at.iso()},
              {"organisation", token.holder.organisation},
              {"person", token.person},
              {"replaced_by", token.replaced_by ? Json(token.replaced_by->value()) : Json(nullptr)},
              {"replaces", token.replaces ? Json(token.replaces->value()) : Json(nullptr)},
              {"revoked_at", token.revoked_at ? Json(token.revoked_at->iso()) : Json(nullptr)},
              {"role", name_of(token.holder.role)},
              {"services", std::move(services)}};
}

namespace tokens {

Result<Token> issue(lmdb::WriteTxn& txn, const Request& request, std::string_view secret, const Actor& by,
                    Instant now) {
  Result<Done> sound = check(request);
  if (!sound.ok()) return sound.errors();
  const std::string hash = hex(sha256(secret));
  Token token;
  token.id = TokenId{hash.substr(0, kIdDigits)};
  token.holder = request.holder;
  token.person = request.person;
  token.services = request.services;
  token.issued_at = now;
  token.expires_at = now.plus_seconds(std::int64_t{request.days} * 86'400);
  store_token(txn, hash, token);
  note(txn, "token-issue", token, by, now);
  return token;
}

std::vector<Token> all(const lmdb::ReadTxn& txn) {
  std::vector<Token> found;
  txn.scan(tables::kTokens, "", [&](std::string_view, std::string_view stored) {
    const Result<Json> json = parse_json(stored);
    if (json.ok()) found.push_back(token_of(*json));
    return true;
  });
  for (Token& token : found) token.last_use = use_of(txn, token.id);
  return found;
}

Result<Token> get(const lmdb::ReadTxn& txn, const TokenId& id) {
  Result<StoredToken> stored = stored_token(txn, id);
  if (!stored.ok()) return stored.errors();
  stored->token.last_use = use_of(txn, id);
  return std::move(stored->token);
}

Result<Rotated> rotate(lmdb::WriteTxn& txn, const TokenId& id, std::chrono::hours overlap, std::string_view secret,
                       const Actor& by, Instant now) {
  Result<StoredToken> stored = stored_token(txn, id);
  if (!stored.ok()) return stored.errors();
  Token& old = stored->token;
  const Result<Done> allowed = check_rotation(old, overlap, now);
  if (!allowed.ok()) return allowed.errors();
  const std::string hash = hex(sha256(secret));
  Token next = old;
  next.id = TokenId{hash.substr(0, kIdDigits)};
  next.issued_at = now;
  next.expires_at =
      Instant{now.unix_milliseconds() + old.expires_at.unix_milliseconds() - old.issued_at.unix_milliseconds()};
  next.replaces = old.id;
  old.replaced_by = next.id;
  old.expires_at = std::min(old.expires_at, now.plus_seconds(std::chrono::seconds{overlap}.count()));
  store_token(txn, stored->key, old);
  store_token(txn, hash, next);
  note(txn, "token-rotate", next, by, now);
  return Rotated{std::move(old), std::move(next)};
}

Result<Token> revoke(lmdb::WriteTxn& txn, const TokenId& id, const Actor& by, Instant now) {
  Result<StoredToken> stored = stored_token(txn, id);
  if (!stored.ok()) return stored.errors();
  Token& token = stored->token;
  if (!token.revoked_at) token.revoked_at = now;
  store_token(txn, stored->key, token);
  note(txn, "token-revoke", token, by, now);
  return std::move(token);
}

std::optional<Token> find(const lmdb::ReadTxn& txn, std::string_view secret, Instant now) {
  const auto stored = txn.get(tables::kTokens, hex(sha256(secret)));
  if (!stored) return std::nullopt;
  Token token = token_of(parse_json(*stored).value());
  if (!still_holds(token, now)) return std::nullopt;
  return token;
}

void note_use(lmdb::WriteTxn& txn, const TokenId& id, const TokenUse& use) {
  txn.put(tables::kTokenUse, id.value(), canonical(Json{{"at", use.at.iso()}, {"from", use.from}}));
}

}  // namespace tokens

}  // namespace ismap::registry
