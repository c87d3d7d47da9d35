#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "server/command/case_options.h"
#include "server/command/desk_work.h"
#include "server/command/options.h"
#include "server/edge/http.h"

/// The case ledger from the command line: asks the running server, or answers as one that is asked over its socket.
namespace ismap::server {

using registry::Code;
using registry::Error;
using registry::Json;
using registry::Result;

namespace {

using Action = CaseOptions::Action;

/// "/v1/cases?service=L26-0001&…": what is given of the parameters.
std::string with_parameters(std::string path, const std::vector<std::pair<std::string, std::string>>& parameters) {
  char mark = '?';
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    path += mark + name + "=" + percent_encoded(value);
    mark = '&';
  }
  return path;
}

/// The body of open and step. Errors: of the file of fields.
Result<Json> step_body(const CaseOptions& options) {
  Json body = Json::object();
  if (!options.fields.empty()) {
    const Result<std::string> bytes = read_input(options.fields);
    if (!bytes.ok()) return bytes.errors();
    Result<Json> fields = registry::parse_json(*bytes);
    if (!fields.ok()) return fields.errors();
    if (!fields->is_object()) {
      return Error{Code::invalid, "", "", "--fields はJSONオブジェクトです", "--fields is a JSON object"};
    }
    body = std::move(*fields);
  }
  if (options.action == Action::open) {
    body["procedure"] = options.procedure;
    body["service"] = options.service;
  }
  body["step"] = options.step;
  body["article"] = options.article;
  body["reason"] = Json{{"ja", options.reason}};
  if (!options.on.empty()) body["on"] = options.on;
  if (!options.basis.empty()) body["basis"] = Json{{"channel", options.basis}};
  return body;
}

/// The request that the options stand for.
Result<LocalRequest> request_for(const CaseOptions& options) {
  LocalRequest request;
  request.headers["ISMAP-Role"] = options.role;
  request.method = "GET";
  switch (options.action) {
    case Action::list:
      request.path = with_parameters("/v1/cases", {{"service", options.service},
                                                   {"procedure", options.procedure},
                                                   {"state", options.state},
                                                   {"limit", "1000"}});
      return request;
    case Action::show:
      request.path = "/v1/cases/" + percent_encoded(options.id);
      return request;
    case Action::deadlines:
      request.path = with_parameters("/v1/deadlines", {{"service", options.service},
                                                       {"role", options.who},
                                                       {"until", options.until},
                                                       {"overdue", options.overdue ? "true" : ""}});
      return request;
    case Action::destroy:
      request.method = "POST";
      request.path = fmt::format("/v1/cases/{}/steps/{}/destruction", percent_encoded(options.id), options.number);
      request.body = registry::canonical({{"ground", options.ground}, {"reason", {{"ja", options.reason}}}});
      return request;
    default:
      break;
  }
  const Result<Json> body = step_body(options);
  if (!body.ok()) return body.errors();
  request.method = "POST";
  request.path = options.action == Action::open ? "/v1/cases" : "/v1/cases/" + percent_encoded(options.id) + "/steps";
  request.body = registry::canonical(*body);
  return request;
}

std::string text_or(const Json& value, const char* otherwise) {
  return value.is_string() ? value.get<std::string>() : otherwise;
}

void print_deadline(const Json& d) {
  fmt::print("{:<10}  {:<8}  {:<6} {}  {}\n", text_or(d.at("due"), "—"), d.at("state").get<std::string>(),
             d.at("article").get<std::string>(), d.at("what").at("ja").get<std::string>(),
             d.at("who").get<std::string>());
  fmt::print("            {} {}  {}\n", d.at("service").get<std::string>(), text_or(d.at("case"), ""),
             d.at("arithmetic").get<std::string>());
}

void print_case_line(const Json& c) {
  fmt::print("{}  {:<6}  {:<14} {}  {}\n", c.at("id").get<std::string>(), c.at("state").get<std::string>(),
             c.at("procedure").get<std::string>(), c.at("service").get<std::string>(),
             c.at("opened_on").get<std::string>());
}

void print_case(const Json& c) {
  print_case_line(c);
  for (const Json& step : c.at("steps")) {
    fmt::print("  {:>3}  {}  {:<6} {}{}\n", step.at("number").get<std::uint64_t>(), step.at("on").get<std::string>(),
               step.at("article").get<std::string>(), step.at("step").get<std::string>(),
               step.value("texts_destroyed", false) ? "  （廃棄済み / texts destroyed）" : "");
  }
  for (const Json& deadline : c.at("deadlines")) print_deadline(deadline);
}

void print_answer(const CaseOptions& options, const Json& answer) {
  if (options.json) return print_json(answer);
  if (options.action == Action::list) {
    for (const Json& item : answer.at("items")) print_case_line(item);
  } else if (options.action == Action::deadlines) {
    for (const Json& item : answer.at("items")) print_deadline(item);
  } else {
    print_case(answer);
  }
}

}  // namespace

int run_cases(const CaseOptions& options) {
  Result<LocalRequest> request = request_for(options);
  if (!request.ok()) return finish(request.errors(), print_json);
  if (options.calendar) request->headers["Accept"] = "text/calendar";
  const Result<std::string> answer = have_answered(options.data, *request);
  if (!answer.ok()) return finish(answer.errors(), print_json);
  if (options.calendar) {
    fmt::print("{}", *answer);
    return kExitDone;
  }
  return finish(registry::parse_json(*answer), [&](const Json& json) { print_answer(options, json); });
}

}  // namespace ismap::server
