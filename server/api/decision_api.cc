#include "server/api/decision_api.h"

#include <utility>

#include "registry/filings/records.h"
#include "server/answer.h"
#include "server/api/body.h"
#include "server/api/filing_api.h"
#include "server/api/looked_at.h"
#include "server/api/recorded.h"
#include "server/office/office.h"
#include "server/problem.h"

namespace ismap::server {

using registry::Code;
using registry::Error;
using registry::Filing;
using registry::Json;
using registry::Result;

namespace {

/// What the operator can say to a filing now, each as the request that says it.
Json ways_to_answer(const Filing& filing) {
  Json ways = Json::array();
  if (filing.state != registry::FilingState::received) return ways;
  const std::string path = "/v1/filings/" + filing.id.value();
  const bool application = filing.article == registry::Article{"12.1"};
  ways.push_back({{"decision", "accept"},
                  {"article", registry::filings::accepting_article(filing)},
                  {"href", path + "/decision"}});
  if (!application)
    ways.push_back({{"decision", "return"}, {"article", filing.article.value()}, {"href", path + "/decision"}});
  const registry::Form* form = registry::find_form(filing.form, filing.article.value());
  const registry::StepRule* asks = form == nullptr ? nullptr : registry::inquiry_of(*form);
  if (asks != nullptr) {
    ways.push_back(
        {{"inquiry", std::string(asks->name)}, {"article", std::string(asks->article)}, {"href", path + "/inquiry"}});
  }
  return ways;
}

Result<Json> line_of_queue(const Office& office, const registry::Waiting& line) {
  Json item = view_of(line.filing);
  for (const char* name : {"receipt", "decision"}) item.erase(name);
  item["due"] = line.due ? to_json(*line.due) : Json(nullptr);
  item["answers"] = ways_to_answer(line.filing);
  item["lifts"] = to_json(line.lifts);
  const auto effect = office.effect(line.filing.id);
  item["diff"] = effect.ok() ? to_json(effect->diff) : Json(nullptr);
  item["hindrances"] = effect.ok() ? Json::array() : reasons_json(effect.errors());
  return item;
}

}  // namespace

Result<Response> operators_queue(const Call& call) {
  if (call.caller->actor.role != registry::Role::operator_) {
    return Error{Code::forbidden, "/role", "14.2", "届出を確認するのは operator です",
                 "filings are decided by the operator"};
  }
  const auto lines = call.context.office->queue();
  if (!lines.ok()) return lines.errors();
  Json items = Json::array();
  for (const registry::Waiting& line : *lines) {
    Result<Json> item = line_of_queue(*call.context.office, line);
    if (!item.ok()) return item.errors();
    items.push_back(*std::move(item));
  }
  const std::size_t total = items.size();
  return json_answer(200, Json{{"items", std::move(items)}, {"total", total}});
}

Result<Response> decide_filing(const Call& call) {
  const Result<Filing> filing = visible_filing(call);
  if (!filing.ok()) return filing.errors();
  const Result<Json> body = read_body(call.request);
  if (!body.ok()) return body.errors();
  const Result<std::optional<registry::RequestKey>> key = request_key(call);
  if (!key.ok()) return key.errors();
  const auto looked_at = services_looked_at(call.request);
  if (!looked_at.ok()) return looked_at.errors();
  auto decided =
      call.context.office->decide(filing->id, call.caller->actor, *body, *key, call.request.reading, *looked_at);
  if (!decided.ok()) return refused_as_moved(call, decided.errors(), filing->service, *looked_at, &*filing);
  if (!decided->recorded.not_published.empty()) return recorded_only(decided->recorded, prefers_english(call.request));
  Json out = recorded_json(decided->recorded);
  out["filing"] = view_of(decided->filing);
  return json_answer(200, out);
}

Result<Response> inquire_filing(const Call& call) {
  const Result<Filing> filing = visible_filing(call);
  if (!filing.ok()) return filing.errors();
  const Result<Json> body = read_body(call.request);
  if (!body.ok()) return body.errors();
  const Result<std::optional<registry::RequestKey>> key = request_key(call);
  if (!key.ok()) return key.errors();
  const auto asked = call.context.office->inquire(filing->id, call.caller->actor, *body, *key, call.request.reading);
  if (!asked.ok()) return asked.errors();
  return json_answer(201, view_of(*asked));
}

}  // namespace ismap::server
