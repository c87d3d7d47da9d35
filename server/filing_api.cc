#include "server/filing_api.h"

#include <utility>

#include "registry/digest.h"
#include "server/act_answer.h"
#include "server/answer.h"
#include "server/auth.h"
#include "server/body.h"
#include "server/office.h"
#include "server/problem.h"

namespace ismap::server {

using registry::Code;
using registry::Error;
using registry::Filing;
using registry::FilingId;
using registry::Json;
using registry::Result;
using registry::Role;

namespace {

Error no_filing(const std::string& id) {
  return {Code::not_found, "", "", "届出 " + id + " はありません", "there is no filing " + id};
}

/// The filing of the path, if the caller may know of it.
Result<Filing> visible_filing(const Call& call) {
  const std::string& id = call.captures.front();
  Result<Filing> filing = call.context.office->filing(FilingId{id});
  if (!filing.ok()) return filing;
  if (!concerns(*call.caller, *filing)) return no_filing(id);
  return filing;
}

Result<registry::Done> must_be(const Call& call, Role role, std::string ja, std::string en) {
  if (call.caller->actor.role == role) return registry::Done{};
  return Error{Code::forbidden, "/role", "14.2", std::move(ja), std::move(en)};
}

}  // namespace

Result<Response> create_filing(const Call& call) {
  auto allowed = must_be(call, Role::registrant, "届出を行うのは登録者です", "filings are made by the registrant");
  if (!allowed.ok()) return allowed.errors();
  Result<Json> body = read_body(call.request);
  if (!body.ok()) return body.errors();
  const Json service = body->is_object() ? body->value("service", Json()) : Json();
  if (service.is_string() && !concerns(*call.caller, registry::ServiceId{service.get<std::string>()})) {
    return Error{Code::not_found, "/service", "", "あなたのサービスにこの登録番号はありません",
                 "you have no service with this number"};
  }
  Result<Filing> filing = call.context.office->draft(*body, call.caller->actor, call.request.reading);
  if (!filing.ok()) return filing.errors();
  Response out = json_answer(201, view_of(*filing));
  out.headers.add("Location", "/v1/filings/" + filing->id.value());
  return out;
}

Result<Response> list_filings(const Call& call) {
  const auto found = call.context.office->filings([&](const Filing& f) { return concerns(*call.caller, f); });
  if (!found.ok()) return found.errors();
  Json items = Json::array();
  for (const Filing& filing : *found) items.push_back(view_of(filing));
  const std::size_t total = items.size();
  return json_answer(200, Json{{"items", std::move(items)}, {"total", total}});
}

Result<Response> one_filing(const Call& call) {
  const Result<Filing> filing = visible_filing(call);
  if (!filing.ok()) return filing.errors();
  return json_answer(200, view_of(*filing));
}

Result<Response> withdraw_filing(const Call& call) {
  Result<Filing> filing = visible_filing(call);
  if (!filing.ok()) return filing.errors();
  auto allowed =
      must_be(call, Role::registrant, "下書きを取り下げるのは登録者です", "drafts are withdrawn by the registrant");
  if (!allowed.ok()) return allowed.errors();
  const auto withdrawn = call.context.office->withdraw(filing->id, call.caller->actor);
  if (!withdrawn.ok()) return withdrawn.errors();
  return json_answer(200, view_of(*withdrawn));
}

Result<Response> submit_filing(const Call& call) {
  Result<Filing> filing = visible_filing(call);
  if (!filing.ok()) return filing.errors();
  auto allowed =
      must_be(call, Role::registrant, "届出を提出するのは登録者です", "filings are submitted by the registrant");
  if (!allowed.ok()) return allowed.errors();
  Result<std::optional<registry::RequestKey>> key = request_key(call);
  if (!key.ok()) return key.errors();
  if (!key->has_value()) return no_request_key();
  auto submission = call.context.office->submit(filing->id, call.caller->actor, **key, call.request.reading);
  if (!submission.ok()) return submission.errors();
  return json_answer(202, submission->answer);
}

Result<Response> decide_filing(const Call& call) {
  Result<Filing> filing = visible_filing(call);
  if (!filing.ok()) return filing.errors();
  Result<Json> body = read_body(call.request);
  if (!body.ok()) return body.errors();
  Result<std::optional<registry::RequestKey>> key = request_key(call);
  if (!key.ok()) return key.errors();
  auto decided = call.context.office->decide(filing->id, call.caller->actor, *body, *key, call.request.reading);
  if (!decided.ok()) return decided.errors();
  if (!decided->recorded.not_published.empty()) return recorded_only(decided->recorded, prefers_english(call.request));
  Json out = recorded_json(decided->recorded);
  out["filing"] = view_of(decided->filing);
  return json_answer(200, out);
}

Result<Response> act_on_service(const Call& call) {
  const registry::ServiceId service{call.captures.front()};
  if (!concerns(*call.caller, service)) {
    return Error{Code::not_found, "/service", "", "この登録番号のサービスはありません", "there is no such service"};
  }
  Result<Json> body = read_body(call.request);
  if (!body.ok()) return body.errors();
  Result<std::optional<registry::RequestKey>> key = request_key(call);
  if (!key.ok()) return key.errors();
  auto recorded = call.context.office->act(service, call.caller->actor, *body, *key, call.request.reading);
  if (!recorded.ok()) return recorded.errors();
  return act_answer(*recorded, prefers_english(call.request));
}

}  // namespace ismap::server
