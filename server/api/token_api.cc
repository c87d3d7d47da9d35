#include "server/api/token_api.h"

#include "server/api/body.h"
#include "server/office/office.h"
#include "server/office/tasks.h"

namespace ismap::server {

using registry::Code;
using registry::Error;
using registry::Json;
using registry::Result;
using registry::TokenId;

namespace {

constexpr std::int64_t kMillisecondsOfADay = 86'400'000;

Json own_view(const registry::Token& token, registry::Instant now) {
  Json out = to_json(token);
  out.erase("revoked_at");  // it holds, or nobody would be answered
  const std::int64_t left = token.expires_at.unix_milliseconds() - now.unix_milliseconds();
  out["expires_in_days"] = left / kMillisecondsOfADay;
  out["last_used_at"] = token.last_use ? Json(token.last_use->at.iso()) : Json(nullptr);
  return out;
}

}  // namespace

Result<Response> own_token(const Call& call) {
  const std::string& id = call.caller->actor.token;
  if (id.empty()) {
    return Error{Code::not_found, "", "", "この接続にトークンはありません。一覧は ismap-liu token list で見られます",
                 "no token speaks on this connection: ismap-liu token list has them all"};
  }
  const auto token = call.context.office->token(TokenId{id});
  if (!token.ok()) return token.errors();
  return json_answer(200, own_view(*token, call.context.now()));
}

Result<Response> rotate_own_token(const Call& call) {
  const Result<Json> body = read_optional_body(call.request);
  if (!body.ok()) return body.errors();
  const registry::Actor& who = call.caller->actor;
  const Result<Json> rotated = tasks::rotate_token(*call.context.office, who, who.token, *body);
  if (!rotated.ok()) return rotated.errors();
  return json_answer(201, *rotated);
}

}  // namespace ismap::server
