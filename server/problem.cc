#include "server/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ismap::server {

using registry::Code;
using registry::Errors;
using registry::Json;

namespace {

/// What a status is called in the type, in Japanese and in English.
struct Name {
  int status;
  std::string_view slug;
  std::string_view ja;
  std::string_view en;
};

constexpr std::array<Name, 23> kNames{{
    {400, "bad-request", "リクエストを読めません", "The request cannot be read"},
    {401, "unauthorized", "認証が必要です", "Authentication is needed"},
    {403, "forbidden", "この役割では行えません", "This role may not do that"},
    {404, "not-found", "見つかりません", "Not found"},
    {405, "method-not-allowed", "このメソッドは使えません", "This method is not allowed"},
    {406, "not-acceptable", "求められた形では返せません", "No acceptable form"},
    {408, "request-timeout", "リクエストが時間内に届きませんでした", "The request took too long"},
    {409, "conflict", "登録簿の状態と合いません", "The state of the register does not allow it"},
    {411, "length-required", "本文の長さが要ります", "The length of the body is needed"},
    {412, "precondition-failed", "前提の条件が満たされていません", "A precondition does not hold"},
    {413, "too-large", "大きすぎます", "Too large"},
    {414, "uri-too-long", "URLが長すぎます", "The URL is too long"},
    {415, "unsupported-content", "この形の内容は受け付けません", "This kind of content is not accepted"},
    {417, "expectation-failed", "Expectの求めには応じられません", "The expectation cannot be met"},
    {422, "invalid", "内容が規程に合いません", "An item breaks a rule"},
    {428, "precondition-required", "前提の条件（If-Match）が必要です", "A precondition (If-Match) is needed"},
    {429, "too-many-requests", "リクエストが多すぎます", "Too many requests"},
    {431, "header-too-large", "ヘッダーが大きすぎます", "The header fields are too large"},
    {500, "inconsistent", "保存された内容に矛盾があります", "What is stored contradicts itself"},
    {501, "not-implemented", "この機能はありません", "Not implemented"},
    {503, "unavailable", "いまは応じられません", "Not available now"},
    {505, "http-version", "このHTTPの版は使えません", "This version of HTTP is not supported"},
    {0, "problem", "応じられません", "Refused"},
}};

const Name& name_of(int status) {
  const auto* found = std::find_if(kNames.begin(), kNames.end(), [&](const Name& n) { return n.status == status; });
  return found == kNames.end() ? kNames.back() : *found;
}

}  // namespace

Json reason_json(const registry::Error& reason) {
  Json out = {{"pointer", reason.pointer}, {"detail", {{"ja", reason.ja}, {"en", reason.en}}}, {"article", nullptr}};
  if (!reason.article.empty()) out["article"] = reason.article;
  return out;
}

int status_of(Code code) {
  switch (code) {
    case Code::malformed:
      return 400;
    case Code::forbidden:
      return 403;
    case Code::not_found:
      return 404;
    case Code::conflict:
      return 409;
    case Code::in_progress:
      return 409;
    case Code::stale:
      return 412;
    case Code::unlooked:
      return 428;
    case Code::too_large:
      return 413;
    case Code::unsupported:
      return 415;
    case Code::invalid:
      return 422;
    case Code::unavailable:
      return 503;
    case Code::corrupt:
      return 500;
  }
  return 500;
}

Problem problem_of(Errors reasons) {
  const int status = reasons.empty() ? 500 : status_of(reasons.front().code);
  const bool comes_again = !reasons.empty() && reasons.front().code == Code::in_progress;
  Problem out{status, std::move(reasons), {}, Json::object()};
  if (comes_again) out.headers.add("Retry-After", "1");
  return out;
}

Problem problem_of(int status, std::string ja, std::string en) {
  return Problem{status, {{Code::malformed, "", "", std::move(ja), std::move(en)}}, {}, Json::object()};
}

std::string_view title_of(int status, bool english) { return english ? name_of(status).en : name_of(status).ja; }

Json to_json(const Problem& problem, bool english) {
  Json out = {{"type", fmt::format("urn:ismap-liu:problem:{}", name_of(problem.status).slug)},
              {"title", title_of(problem.status, english)},
              {"status", problem.status},
              {"errors", Json::array()}};
  for (const registry::Error& reason : problem.reasons) out["errors"].push_back(reason_json(reason));
  out.update(problem.more);
  if (!problem.reasons.empty()) out["detail"] = english ? problem.reasons.front().en : problem.reasons.front().ja;
  return out;
}

Response to_response(const Problem& problem, bool english) {
  // A reason may quote what a client sent; bytes that are not UTF-8 must not end in an exception here.
  std::string body = to_json(problem, english).dump(-1, ' ', false, Json::error_handler_t::replace);
  Response out = response(problem.status, "application/problem+json", std::move(body));
  out.headers.add("Content-Language", english ? "en" : "ja");
  out.headers.add("Cache-Control", "no-store");
  for (const auto& field : problem.headers.all()) out.headers.add(field.first, field.second);
  return out;
}

registry::Error invalid_member(std::string pointer, std::string ja, std::string en) {
  return {Code::invalid, std::move(pointer), "", std::move(ja), std::move(en)};
}

registry::Error bad_parameter(std::string_view name, std::string ja, std::string en) {
  return {Code::malformed, "/" + registry::pointer_token(name), "", std::move(ja), std::move(en)};
}

}  // namespace ismap::server
