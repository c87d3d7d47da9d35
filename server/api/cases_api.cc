#include "server/api/cases_api.h"

#include <array>
#include <charconv>
#include <utility>

#include "registry/cases/desk.h"
#include "server/answer.h"
#include "server/api/act_request.h"
#include "server/api/body.h"
#include "server/api/case_view.h"
#include "server/api/icalendar.h"
#include "server/api/paging.h"
#include "server/auth.h"
#include "server/office/office.h"
#include "server/problem.h"

namespace ismap::server {

using registry::CaseFilter;
using registry::CaseId;
using registry::Code;
using registry::Deadline;
using registry::DeadlineFilter;
using registry::Error;
using registry::Errors;
using registry::Json;
using registry::Result;
using registry::Role;
using registry::ServiceId;

namespace {

Error no_case(const std::string& id) {
  return {Code::not_found, "", "", "事案 " + id + " はありません", "there is no case " + id};
}

/// The services that a question is about: the one that it names, or the caller's own; all where this is empty and the
/// caller is of an office. Nothing: there is none that the caller may ask of.
std::optional<std::vector<ServiceId>> services_asked(const Call& call) {
  const auto named = call.parameter("service");
  if (named) {
    const ServiceId service{std::string(*named)};
    if (!is_of_an_office(*call.caller) && !concerns(*call.caller, service)) return std::nullopt;
    return std::vector<ServiceId>{service};
  }
  if (is_of_an_office(*call.caller)) return std::vector<ServiceId>{};
  if (call.caller->actor.role != Role::registrant || call.caller->services.empty()) return std::nullopt;
  return call.caller->services;
}

/// The case of the path as the caller may see it.
Result<Json> visible(const Call& call) {
  const std::string& id = call.captures.front();
  Result<Json> found = call.context.office->one_case(CaseId{id});
  if (!found.ok()) return found.errors().front().code == Code::not_found ? Result<Json>(no_case(id)) : found;
  auto seen = visible_case(*call.caller, std::move(*found));
  if (!seen) return no_case(id);
  return *std::move(seen);
}

/// A case of the list as the caller may see it; null when there is nothing in it for the caller.
Result<Json> as_listed(const Call& call, Json item) {
  if (is_of_an_office(*call.caller)) return item;
  Result<Json> whole = call.context.office->one_case(CaseId{item.at("id").get<std::string>()});
  if (!whole.ok()) return whole;
  auto seen = visible_case(*call.caller, *std::move(whole));
  return seen ? summary_of(*std::move(seen)) : Json(nullptr);
}

/// What a step answers: the case as its maker may see it, and what is worth a look.
Response stepped(const Call& call, registry::CaseAnswer answer) {
  Json body = visible_case(*call.caller, answer.answer).value_or(Json{{"id", answer.answer.at("id")}});
  body["notices"] = reasons_json(answer.notices);
  return json_answer(answer.replayed ? 200 : 201, body);
}

/// The Idempotency-Key of what is recorded in a case. A registrant must send one, since what it reports counts when it
/// is made, once; for the offices, and at the machine itself, it is optional. Errors: malformed.
Result<std::optional<registry::RequestKey>> key_of_a_step(const Call& call) {
  const registry::Actor& actor = call.caller->actor;
  const bool needed = actor.role == Role::registrant && !actor.local_user;
  if (needed && !call.request.headers.has("Idempotency-Key")) return no_request_key();
  return request_key(call);
}

Result<CaseFilter> read_case_filter(const Call& call) {
  CaseFilter filter;
  Errors errors;
  const auto limit = read_limit(call);
  if (limit.ok()) filter.limit = *limit;
  if (!limit.ok()) registry::append(errors, limit.errors());
  if (const auto name = call.parameter("procedure")) {
    filter.procedure = registry::procedure_of(*name);
    if (!filter.procedure) {
      errors.push_back(bad_parameter("procedure", "その名の手続はありません", "there is no procedure of that name"));
    }
  }
  if (const auto state = call.parameter("state")) {
    filter.open = *state == "open";
    if (*state != "open" && *state != "closed") {
      errors.push_back(bad_parameter("state", "state は open か closed です", "the state is open or closed"));
    }
  }
  const auto cursor = read_cursor(call, 'C');
  if (!cursor.ok()) registry::append(errors, cursor.errors());
  if (cursor.ok() && cursor->has_value()) filter.after = CaseId{**cursor};
  if (!errors.empty()) return errors;
  return filter;
}

/// What is asked of the deadlines, with the day until which.
struct DeadlineQuestion {
  DeadlineFilter filter;
  std::optional<registry::Day> until;
};

Result<DeadlineQuestion> read_deadline_question(const Call& call) {
  DeadlineQuestion question;
  Errors errors;
  if (const auto role = call.parameter("role")) {
    question.filter.who = registry::role_of(*role);
    if (!question.filter.who) {
      errors.push_back(bad_parameter("role", "その名の役割はありません", "there is no role of that name"));
    }
  }
  if (const auto overdue = call.parameter("overdue")) {
    question.filter.overdue_only = *overdue == "true";
    if (*overdue != "true" && *overdue != "false") {
      errors.push_back(bad_parameter("overdue", "overdue は true か false です", "overdue is true or false"));
    }
  }
  if (const auto until = call.parameter("until")) {
    question.until = registry::Day::parse(*until);
    if (!question.until) errors.push_back(bad_parameter("until", "日を YYYY-MM-DD で書いてください", "give a day"));
  }
  if (!errors.empty()) return errors;
  return question;
}

/// Reads {"ground": "公文書管理法 8", "reason": {"ja": …}}; every mistake at once.
Result<Office::Destruction> read_destruction(const Json& body) {
  if (!body.is_object()) return Error{Code::invalid, "", "", "JSONオブジェクトで書いてください", "give a JSON object"};
  Errors errors;
  for (const auto& [name, value] : body.items()) {
    if (name == "ground" || name == "reason") continue;
    errors.push_back({Code::invalid, "/" + registry::pointer_token(name), "", "知らない項目です: " + name,
                      "unknown member: " + name});
  }
  const Json ground = body.value("ground", Json());
  if (!ground.is_string()) {
    errors.push_back({Code::invalid, "/ground", "", "廃棄の根拠（法令の条項）を書いてください",
                      "give the ground: the provision of the law on records"});
  }
  Result<std::string> reason = read_reason(body);
  if (!reason.ok()) registry::append(errors, reason.errors());
  if (!errors.empty()) return errors;
  return Office::Destruction{ground.get<std::string>(), *std::move(reason)};
}

bool wants_calendar(const Request& request) {
  return request.path.ends_with(".ics") || request.headers.joined("Accept").find("text/calendar") != std::string::npos;
}

std::string_view host_of(std::string_view iss) {
  const auto slashes = iss.find("://");
  return slashes == std::string_view::npos ? iss : iss.substr(slashes + 3);
}

Response shown(const Call& call, const std::vector<Deadline>& deadlines) {
  if (wants_calendar(call.request)) {
    Response out = private_answer(200, "text/calendar; charset=utf-8",
                                  icalendar(deadlines, host_of(call.context.office->iss()), call.context.now()));
    out.headers.add("Content-Disposition", "attachment; filename=\"deadlines.ics\"");
    return out;
  }
  Json items = Json::array();
  for (const Deadline& deadline : deadlines) items.push_back(registry::to_json(deadline));
  const std::size_t total = items.size();
  return json_answer(200, Json{{"items", std::move(items)}, {"total", total}});
}

}  // namespace

Result<Response> list_cases(const Call& call) {
  Result<CaseFilter> filter = read_case_filter(call);
  if (!filter.ok()) return filter.errors();
  const auto services = services_asked(call);
  if (!services) return json_answer(200, Json{{"items", Json::array()}, {"next", nullptr}});
  filter->services = *services;
  Result<Json> found = call.context.office->cases(*filter);
  if (!found.ok()) return found.errors();
  Json items = Json::array();
  for (Json& item : found->at("items")) {
    auto seen = as_listed(call, std::move(item));
    if (!seen.ok()) return seen.errors();
    if (!seen->is_null()) items.push_back(*std::move(seen));
  }
  return json_answer(200, Json{{"items", std::move(items)}, {"next", next_page(call, found->at("next"))}});
}

Result<Response> open_case(const Call& call) {
  Result<Json> body = read_body(call.request);
  if (!body.ok()) return body.errors();
  const Json service = body->is_object() ? body->value("service", Json()) : Json();
  if (service == "" || (service.is_string() && !concerns(*call.caller, ServiceId{service.get<std::string>()}))) {
    return Error{Code::not_found, "/service", "", "この登録番号のサービスはありません", "there is no such service"};
  }
  Result<std::optional<registry::RequestKey>> key = key_of_a_step(call);
  if (!key.ok()) return key.errors();
  auto opened = call.context.office->open_case(*body, call.caller->actor, *key, call.request.reading);
  if (!opened.ok()) return opened.errors();
  const std::string id = opened->answer.at("id").get<std::string>();
  Response out = stepped(call, std::move(*opened));
  out.headers.add("Location", "/v1/cases/" + id);
  return out;
}

Result<Response> one_case(const Call& call) {
  const Result<Json> found = visible(call);
  if (!found.ok()) return found.errors();
  return json_answer(200, *found);
}

Result<Response> step_in_case(const Call& call) {
  const Result<Json> found = visible(call);
  if (!found.ok()) return found.errors();
  Result<Json> body = read_body(call.request);
  if (!body.ok()) return body.errors();
  Result<std::optional<registry::RequestKey>> key = key_of_a_step(call);
  if (!key.ok()) return key.errors();
  auto made = call.context.office->step_in_case(CaseId{call.captures.front()}, *body, call.caller->actor, *key,
                                                call.request.reading);
  if (!made.ok()) return made.errors();
  return stepped(call, std::move(*made));
}

Result<Response> destroy_texts(const Call& call) {
  const Result<Json> found = visible(call);
  if (!found.ok()) return found.errors();
  const Result<Json> body = read_body(call.request);
  if (!body.ok()) return body.errors();
  const auto why = read_destruction(*body);
  if (!why.ok()) return why.errors();
  const std::string& text = call.captures.at(1);
  std::uint64_t number = 0;  // no step has it
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) number = 0;
  const Result<Json> left = call.context.office->destroy_texts(CaseId{call.captures.front()}, number,
                                                               call.caller->actor, *why, call.request.reading);
  if (!left.ok()) return left.errors();
  return json_answer(200, *left);
}

Result<Response> list_deadlines(const Call& call) {
  Result<DeadlineQuestion> question = read_deadline_question(call);
  if (!question.ok()) return question.errors();
  const auto services = services_asked(call);
  if (!services) return shown(call, {});
  question->filter.services = *services;
  auto found = call.context.office->deadlines(question->filter);
  if (!found.ok()) return found.errors();
  auto all = visible_deadlines(*call.caller, std::move(*found),
                               [&](const CaseId& id) { return call.context.office->one_case(id); });
  if (!all.ok()) return all.errors();
  if (question->until) std::erase_if(*all, [&](const Deadline& d) { return !d.due || *d.due > *question->until; });
  return shown(call, *all);
}

}  // namespace ismap::server
