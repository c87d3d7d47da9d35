#include "server/api/filing_api.h"

#include <algorithm>
#include <utility>

#include "server/answer.h"
#include "server/api/body.h"
#include "server/api/case_view.h"
#include "server/api/looked_at.h"
#include "server/api/paging.h"
#include "server/auth.h"
#include "server/office/office.h"
#include "server/problem.h"

namespace ismap::server {

using registry::Code;
using registry::Error;
using registry::Errors;
using registry::Filing;
using registry::FilingId;
using registry::Json;
using registry::Result;
using registry::Role;

namespace {

Error no_filing(const std::string& id) {
  return {Code::not_found, "", "", "届出 " + id + " はありません", "there is no filing " + id};
}

Result<registry::Done> must_be_the_registrant(const Call& call, std::string article, std::string ja, std::string en) {
  if (call.caller->actor.role == Role::registrant) return registry::Done{};
  return Error{Code::forbidden, "/role", std::move(article), std::move(ja), std::move(en)};
}

/// A submission says nothing in its body. Errors: malformed, unsupported; invalid, each member by its name.
Result<registry::Done> has_no_body(const Request& request) {
  if (request.body.empty()) return registry::Done{};
  const Result<Json> body = read_body(request);
  if (!body.ok()) return body.errors();
  if (!body->is_object()) return invalid_member("", "本文は要りません", "no body is needed");
  Errors errors;
  for (const auto& [name, value] : body->items()) {
    errors.push_back(
        invalid_member("/" + registry::pointer_token(name), "知らない項目です: " + name, "unknown member: " + name));
  }
  if (!errors.empty()) return errors;
  return registry::Done{};
}

/// A filing as an answer, with the ETag that amending it must name.
Response filing_answer(int status, const Filing& filing, const Json& more = Json::object()) {
  Json body = view_of(filing);
  body.update(more);
  Response out = json_answer(status, body);
  out.headers.add("ETag", '"' + registry::etag_of(filing) + '"');
  return out;
}

Response previewed(const registry::Preview& preview) {
  const registry::Prepared& prepared = preview.prepared;
  Json body = to_json(preview.effect);
  body["article"] = std::string(prepared.form.step->article);
  body["case"] = prepared.into ? Json(prepared.into->value()) : Json(nullptr);
  body["form"] = std::string(prepared.form.name);
  body["notices"] = reasons_json(prepared.notices);
  body["payload"] = prepared.payload;
  body["valid"] = true;
  return json_answer(200, body);
}

/// Whether ?dry_run=true. Errors: malformed.
Result<bool> is_dry_run(const Call& call) {
  const auto text = call.parameter("dry_run");
  if (!text || *text == "false") return false;
  if (*text == "true") return true;
  return bad_parameter("dry_run", "dry_run は true か false です", "dry_run is true or false");
}

/// Which filings are asked for.
struct FilingQuestion {
  std::optional<std::string> service;
  std::optional<std::string> form;
  std::optional<std::string> state;
  std::string after;
  std::size_t limit = 100;
};

bool is_a_state(std::string_view name) {
  using enum registry::FilingState;
  const auto states = {draft, withdrawn, received, superseded, accepted, returned};
  return std::any_of(states.begin(), states.end(), [&](auto state) { return registry::name_of(state) == name; });
}

Result<FilingQuestion> read_filing_question(const Call& call) {
  FilingQuestion question;
  Errors errors;
  if (const auto service = call.parameter("service")) question.service = std::string(*service);
  if (const auto form = call.parameter("form")) {
    question.form = std::string(*form);
    if (registry::forms_named(*form).empty()) {
      errors.push_back(bad_parameter("form", "その様式はありません", "there is no such form"));
    }
  }
  if (const auto state = call.parameter("state")) {
    question.state = std::string(*state);
    if (!is_a_state(*state)) {
      errors.push_back(bad_parameter("state",
                                     "state は draft、withdrawn、received、superseded、accepted、returned です",
                                     "the state is draft, withdrawn, received, superseded, accepted or returned"));
    }
  }
  const auto cursor = read_cursor(call, 'F');
  if (!cursor.ok()) registry::append(errors, cursor.errors());
  if (cursor.ok()) question.after = cursor->value_or("");
  const auto limit = read_limit(call);
  if (!limit.ok()) registry::append(errors, limit.errors());
  if (limit.ok()) question.limit = *limit;
  if (!errors.empty()) return errors;
  return question;
}

bool is_asked_for(const FilingQuestion& question, const Filing& filing) {
  return (!question.service || filing.service.value() == *question.service) &&
         (!question.form || filing.form == *question.form) &&
         (!question.state || registry::name_of(filing.state) == *question.state);
}

}  // namespace

Result<Filing> visible_filing(const Call& call) {
  const std::string& id = call.captures.front();
  Result<Filing> filing = call.context.office->filing(FilingId{id});
  if (!filing.ok()) return filing;
  if (!concerns(*call.caller, *filing)) return no_filing(id);
  return filing;
}

Result<Response> create_filing(const Call& call) {
  auto allowed = must_be_the_registrant(call, "", "届出を行うのは登録者です", "filings are made by the registrant");
  if (!allowed.ok()) return allowed.errors();
  const Result<bool> dry_run = is_dry_run(call);
  if (!dry_run.ok()) return dry_run.errors();
  Result<Json> body = read_body(call.request);
  if (!body.ok()) return body.errors();
  const Json service = body->is_object() ? body->value("service", Json()) : Json();
  if (service.is_string() && !concerns(*call.caller, registry::ServiceId{service.get<std::string>()})) {
    return Error{Code::not_found, "/service", "", "あなたのサービスにこの登録番号はありません",
                 "you have no service with this number"};
  }
  if (*dry_run) {
    const auto preview = call.context.office->preview(*body, call.caller->actor, call.request.reading);
    return preview.ok() ? Result<Response>(previewed(*preview)) : preview.errors();
  }
  const Result<std::optional<registry::RequestKey>> key = request_key(call);
  if (!key.ok()) return key.errors();
  const auto drafted = call.context.office->draft(*body, call.caller->actor, call.request.reading, *key);
  if (!drafted.ok()) return drafted.errors();
  Response out = filing_answer(201, drafted->filing, Json{{"notices", reasons_json(drafted->notices)}});
  out.headers.add("Location", "/v1/filings/" + drafted->filing.id.value());
  return out;
}

Result<Response> list_filings(const Call& call) {
  const Result<FilingQuestion> question = read_filing_question(call);
  if (!question.ok()) return question.errors();
  const auto found = call.context.office->filings(
      [&](const Filing& f) { return concerns(*call.caller, f) && is_asked_for(*question, f); });
  if (!found.ok()) return found.errors();
  Json items = Json::array();
  Json next = nullptr;
  for (const Filing& filing : *found) {
    if (filing.id.value() <= question->after) continue;
    if (items.size() == question->limit) {
      next = next_page(call, items.back().at("id"));
      break;
    }
    items.push_back(view_of(filing));
  }
  return json_answer(200, Json{{"items", std::move(items)}, {"next", std::move(next)}, {"total", found->size()}});
}

Result<Response> one_filing(const Call& call) {
  const Result<Filing> filing = visible_filing(call);
  if (!filing.ok()) return filing.errors();
  return filing_answer(200, *filing);
}

Result<Response> amend_filing(const Call& call) {
  const Result<Filing> filing = visible_filing(call);
  if (!filing.ok()) return filing.errors();
  auto allowed = must_be_the_registrant(call, filing->article.value(), "下書きを直すのは登録者です",
                                        "drafts are amended by the registrant");
  if (!allowed.ok()) return allowed.errors();
  const Result<std::string> etag = etag_looked_at(call.request);
  if (!etag.ok()) return etag.errors();
  const Result<Json> patch = read_body(call.request);
  if (!patch.ok()) return patch.errors();
  const auto amended = call.context.office->amend(filing->id, *patch, *etag, call.caller->actor, call.request.reading);
  if (!amended.ok()) return amended.errors();
  return filing_answer(200, amended->filing, Json{{"notices", reasons_json(amended->notices)}});
}

Result<Response> withdraw_filing(const Call& call) {
  const Result<Filing> filing = visible_filing(call);
  if (!filing.ok()) return filing.errors();
  auto allowed = must_be_the_registrant(call, filing->article.value(), "下書きを取り下げるのは登録者です",
                                        "drafts are withdrawn by the registrant");
  if (!allowed.ok()) return allowed.errors();
  const auto withdrawn = call.context.office->withdraw(filing->id, call.caller->actor);
  if (!withdrawn.ok()) return withdrawn.errors();
  return filing_answer(200, *withdrawn);
}

Result<Response> submit_filing(const Call& call) {
  const Result<Filing> filing = visible_filing(call);
  if (!filing.ok()) return filing.errors();
  auto allowed = must_be_the_registrant(call, filing->article.value(), "届出を提出するのは登録者です",
                                        "filings are submitted by the registrant");
  if (!allowed.ok()) return allowed.errors();
  const Result<std::optional<registry::RequestKey>> key = request_key(call);
  if (!key.ok()) return key.errors();
  if (!key->has_value()) return no_request_key();
  const auto no_body = has_no_body(call.request);
  if (!no_body.ok()) return no_body.errors();
  const auto looked_at = services_looked_at(call.request);
  if (!looked_at.ok()) return looked_at.errors();
  auto submission =
      call.context.office->submit(filing->id, call.caller->actor, **key, call.request.reading, *looked_at);
  if (!submission.ok()) {
    return refused_as_moved(call, submission.errors(), filing->service, *looked_at, &*filing);
  }
  Response out = json_answer(202, submission->answer);
  out.headers.add("Location", "/v1/filings/" + filing->id.value());
  return out;
}

Result<Response> filing_diff(const Call& call) {
  const Result<Filing> filing = visible_filing(call);
  if (!filing.ok()) return filing.errors();
  const auto effect = call.context.office->effect(filing->id);
  if (!effect.ok()) return effect.errors();
  Json body = to_json(*effect);
  body["filing"] = filing->id.value();
  body["state"] = registry::name_of(filing->state);
  if (is_of_an_office(*call.caller)) {
    const auto lifts = call.context.office->lifts_for(*filing);
    if (!lifts.ok()) return lifts.errors();
    body["lifts"] = to_json(*lifts);
  }
  return json_answer(200, body);
}

}  // namespace ismap::server
