#include "server/openapi/responses.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "server/openapi/document.h"
#include "server/openapi/schemas.h"
#include "server/problem.h"
#include "server/problem_types.h"

namespace ismap::server::openapi {

using registry::Json;

namespace {

/// A header field of an answer.
struct HeaderRow {
  std::string_view name;
  std::string_view says;
  bool always = true;
  std::string_view schema = R"({"type": "string"})";
};

const std::vector<HeaderRow>& header_rows() {
  static const std::vector<HeaderRow> table{
      {"ETag", "Names these very octets; for If-None-Match (RFC 9110 8.8.3)."},
      {"Cache-Control", "How long others may keep it (RFC 9111)."},
      {"Link", "The next page, rel=\"next\" (RFC 8288); absent on the last.", false},
      {"Location", "The path of what was made."},
      {"Retry-After", "Seconds after which it is worth to try again.", false, R"({"type": "integer", "minimum": 1})"},
      {"WWW-Authenticate", "How to authenticate (RFC 6750)."},
      {"Content-Disposition", "Under which name it is to be saved (RFC 6266)."},
      {"Content-Language", "ja or en, as Accept-Language prefers."},
  };
  return table;
}

Json header_reference(std::string_view name) { return {{"$ref", "#/components/headers/" + std::string(name)}}; }

Json headers_named(const std::vector<std::string_view>& names) {
  Json out = Json::object();
  for (const std::string_view name : names) out[std::string(name)] = header_reference(name);
  return out;
}

/// "text/plain; charset=utf-8" → "text/plain"
std::string media_type(std::string_view content_type) {
  return std::string(content_type.substr(0, content_type.find(';')));
}

Json content_of(const Answer& answer) {
  const bool binary = answer.media == "application/octet-stream" || answer.media == "*/*";
  if (!answer.schema.empty()) return {{"schema", schema_reference(answer.schema)}};
  return {{"schema", binary ? Json::object() : Json{{"type", "string"}}}};
}

void add_answer(Json& to, const Answer& answer) {
  Json& response = to[std::to_string(answer.status)];
  if (response.is_null()) response = {{"description", answer.says.en}};
  if (!answer.headers.empty()) response["headers"] = headers_named(answer.headers);
  if (!answer.media.empty()) response["content"][media_type(answer.media)] = content_of(answer);
}

/// What such a refusal looks like.
Json example_of(const ProblemType& type) {
  const std::string ja(type.meaning_ja);
  const std::string en(type.meaning_en);
  return to_json(problem_of(type.status, ja, en), true);
}

std::vector<std::string_view> headers_of_refusal(int status) {
  if (status == 401) return {"Content-Language", "WWW-Authenticate"};
  if (status == 429 || status == 503) return {"Content-Language", "Retry-After"};
  return {"Content-Language"};
}

Json refusal_component(int status, bool page) {
  const ProblemType& type = problem_type_of(status);
  Json content{{"application/problem+json", {{"schema", schema_reference("Problem")}, {"example", example_of(type)}}}};
  if (page) content["text/html"] = {{"schema", {{"type", "string"}}}};
  return {{"description", fmt::format("{} ({})", type.meaning_en, type.ja)},
          {"headers", headers_named(headers_of_refusal(status))},
          {"content", std::move(content)}};
}

/// "not-found" → "NotFound"
std::string name_of_refusal(int status, bool page) {
  std::string out;
  bool begins = true;
  for (const char c : problem_type_of(status).slug) {
    if (c != '-') out += begins ? static_cast<char>(c - 'a' + 'A') : c;
    begins = c == '-';
  }
  return page ? out + "OnPage" : out;
}

void add_refusal(Json& to, int status, bool page, Json& components) {
  const std::string name = name_of_refusal(status, page);
  Json& all = components["responses"];
  if (!all.contains(name)) all[name] = refusal_component(status, page);
  to[std::to_string(status)] = {{"$ref", "#/components/responses/" + name}};
}

void add_not_modified(Json& to, Json& components) {
  components["responses"]["NotModified"] = {{"description", words_of_not_modified().en},
                                            {"headers", headers_named({"ETag", "Cache-Control"})}};
  to["304"] = {{"$ref", "#/components/responses/NotModified"}};
}

}  // namespace

bool has_validator(const Operation& operation) {
  return std::any_of(operation.answers.begin(), operation.answers.end(), [&](const Answer& a) {
    return operation.method == "GET" && std::find(a.headers.begin(), a.headers.end(), "ETag") != a.headers.end();
  });
}

const Words& words_of_not_modified() {
  static constexpr Words kWords{"変わっていません。手元のものを使ってください", "What the client has still holds."};
  return kWords;
}

bool is_page(const Operation& operation) {
  return std::any_of(operation.answers.begin(), operation.answers.end(),
                     [](const Answer& a) { return a.media.starts_with("text/html"); });
}

std::set<int> refusals(const Route& route, const Operation& operation) {
  std::set<int> out{400, 429, 500, 503};
  out.insert(operation.problems.begin(), operation.problems.end());
  if (route.right == Right::caller) out.insert(401);
  if (route.right == Right::everyone && route.pattern.find('{') != std::string_view::npos) out.insert(404);
  if (route.right == Right::everyone && has_validator(operation)) out.insert(406);
  if (operation.body != Body::none) out.insert({413, 415, 422});
  if (operation.looked != Looked::none) out.insert({412, 428});
  return out;
}

Json responses_of(const Route& route, const Operation& operation, Json& components) {
  Json out = Json::object();
  for (const Answer& answer : operation.answers) add_answer(out, answer);
  if (route.right == Right::everyone && has_validator(operation)) add_not_modified(out, components);
  for (const int status : refusals(route, operation)) add_refusal(out, status, is_page(operation), components);
  return out;
}

Json header_components() {
  Json out = Json::object();
  for (const HeaderRow& row : header_rows()) {
    out[std::string(row.name)] = {
        {"description", row.says}, {"required", row.always}, {"schema", Json::parse(row.schema)}};
  }
  return out;
}

}  // namespace ismap::server::openapi
