#include "registry/tokens.h"

#include "registry/digest.h"
#include "registry/ledger.h"
#include "registry/tables.h"

namespace ismap::registry {

namespace {

constexpr std::size_t kIdDigits = 16;
constexpr int kMaxDays = 400;

Error invalid_request(std::string pointer, std::string ja, std::string en) {
  return {Code::invalid, std::move(pointer), "", std::move(ja), std::move(en)};
}

Result<Done> check(const tokens::Request& request) {
  Errors errors;
  if (request.holder.organisation.empty()) {
    errors.push_back(invalid_request("/organisation", "組織名を指定してください", "name the organisation"));
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

Token token_of(const Json& stored) {
  Token token;
  token.id = TokenId{stored.at("id").get<std::string>()};
  token.holder.role = role_of(stored.at("role").get<std::string>()).value();
  token.holder.organisation = stored.at("organisation").get<std::string>();
  for (const Json& id : stored.at("services")) token.services.emplace_back(id.get<std::string>());
  token.issued_at = Instant::parse(stored.at("issued_at").get<std::string>()).value();
  token.expires_at = Instant::parse(stored.at("expires_at").get<std::string>()).value();
  if (!stored.at("revoked_at").is_null()) {
    token.revoked_at = Instant::parse(stored.at("revoked_at").get<std::string>()).value();
  }
  return token;
}

void note(lmdb::WriteTxn& txn, std::string_view act, const Token& token, const Actor& by, Instant at) {
  ledger::append(
      txn,
      Json{{"act", act}, {"actor", to_json(by)}, {"article", nullptr}, {"at", at.iso()}, {"token", to_json(token)}});
}

}  // namespace

Json to_json(const Token& token) {
  Json services = Json::array();
  for (const ServiceId& id : token.services) services.push_back(id.value());
  return Json{{"expires_at", token.expires_at.iso()},
              {"id", token.id.value()},
              {"issued_at", token.issued_at.iso()},
              {"organisation", token.holder.organisation},
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
  token.services = request.services;
  token.issued_at = now;
  token.expires_at = now.plus_seconds(std::int64_t{request.days} * 86'400);
  txn.put(tables::kTokens, hash, canonical(to_json(token)));
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
  return found;
}

Result<Token> revoke(lmdb::WriteTxn& txn, const TokenId& id, const Actor& by, Instant now) {
  std::string key;
  txn.scan(tables::kTokens, id.value(), [&](std::string_view hash, std::string_view) {
    if (hash.substr(0, kIdDigits) == id.value()) key = std::string(hash);
    return false;
  });
  const auto stored = key.empty() ? std::nullopt : txn.get(tables::kTokens, key);
  if (!stored) {
    return Error{Code::not_found, "", "", "トークン " + id.value() + " はありません",
                 "there is no token " + id.value()};
  }
  Token token = token_of(parse_json(*stored).value());
  if (!token.revoked_at) token.revoked_at = now;
  txn.put(tables::kTokens, key, canonical(to_json(token)));
  note(txn, "token-revoke", token, by, now);
  return token;
}

std::optional<Token> find(const lmdb::ReadTxn& txn, std::string_view secret, Instant now) {
  const auto stored = txn.get(tables::kTokens, hex(sha256(secret)));
  if (!stored) return std::nullopt;
  Token token = token_of(parse_json(*stored).value());
  if (token.revoked_at || now >= token.expires_at) return std::nullopt;
  return token;
}

}  // namespace tokens

}  // namespace ismap::registry
