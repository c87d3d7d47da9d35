#include "server/openapi/document.h"

#include <fmt/format.h>

#include <stdexcept>
#include <string>

#include "registry/attachments/file_type.h"
#include "server/openapi/parameters.h"
#include "server/openapi/responses.h"
#include "server/openapi/schemas.h"
#include "server/site/assets.h"

namespace ismap::server::openapi {

using registry::Json;

namespace {

constexpr std::string_view kExamples = "static/openapi/examples.json";

std::string whole(const Words& words) { return fmt::format("{} ({})", words.en, words.ja); }

Json parameter_object(const ParameterRow& row, std::string_view in, bool required) {
  Json out{{"name", row.name},
           {"in", in},
           {"description", row.says.en},
           {"required", required},
           {"schema", Json::parse(row.schema)}};
  if (!row.example.empty()) out["example"] = Json::parse(row.example);
  return out;
}

const ParameterRow& row_of(const Route& route, std::string_view name) {
  const ParameterRow* row = find_parameter(route.pattern, name);
  if (row == nullptr) throw std::logic_error("no parameter " + std::string(name));
  return *row;
}

Json parameters_of(const Route& route, const Operation& operation) {
  Json out = Json::array();
  const auto header = [&](std::string_view name, bool required) {
    out.push_back(parameter_object(header_parameter(name), "header", required));
  };
  for (const std::string_view name : captured_names(route.pattern)) {
    out.push_back(parameter_object(row_of(route, name), "path", true));
  }
  for (const std::string_view name : route.parameters) {
    const ParameterRow& row = row_of(route, name);
    out.push_back(parameter_object(row, "query", row.required));
  }
  if (operation.key != Key::none) header("Idempotency-Key", operation.key == Key::required);
  if (operation.looked != Looked::none) header("If-Match", operation.looked == Looked::required);
  if (route.right == Right::everyone && has_validator(operation)) header("If-None-Match", false);
  return out;
}

Json body_of(const Operation& operation, const Json& examples) {
  if (operation.body == Body::file) {
    Json content = Json::object();
    for (const auto& type : registry::file_types()) content[std::string(type.media_type)] = Json::object();
    return {{"description", "The file."}, {"required", true}, {"content", std::move(content)}};
  }
  Json content{{"schema", schema_reference(operation.request)}};
  if (examples.contains(operation.id)) content["examples"] = examples.at(std::string(operation.id));
  return {{"required", operation.body == Body::json}, {"content", {{"application/json", std::move(content)}}}};
}

Json operation_object(const Route& route, const Operation& operation, const Json& examples, Json& components) {
  Json out{{"operationId", operation.id},
           {"tags", {operation.tag}},
           {"summary", whole(operation.summary)},
           {"description", operation.description.en},
           {"parameters", parameters_of(route, operation)},
           {"responses", responses_of(route, operation, components)},
           {"security", Json::array()}};
  if (route.right == Right::caller) out["security"].push_back({{"bearer", Json::array()}});
  if (out.at("parameters").empty()) out.erase("parameters");
  if (operation.body != Body::none) out["requestBody"] = body_of(operation, examples);
  return out;
}

Json paths_of(Json& components) {
  const Json examples = Json::parse(embedded::static_files().at(kExamples));
  Json out = Json::object();
  for (const Route& route : routes()) {
    if (!is_described(route)) continue;
    const Operation* operation = find_operation(route.method, route.pattern);
    if (operation == nullptr) throw std::logic_error("no operation for " + std::string(route.pattern));
    out[documented_path(route.pattern)][method_member(route.method)] =
        operation_object(route, *operation, examples, components);
  }
  return out;
}

Json tags_json() {
  Json out = Json::array();
  for (const Tag& tag : tags()) {
    out.push_back({{"name", tag.name}, {"description", tag.says.en}});
  }
  return out;
}

Json servers_of(std::string_view iss) {
  Json out = Json::array({{{"url", "/"}, {"description", "The server that this document comes from."}}});
  if (!iss.empty()) out.push_back({{"url", iss}, {"description", "The register, as its key set names it."}});
  return out;
}

Json info_of(std::string_view iss) {
  Json contact{{"name", "ISMAP運用支援機関 (operator)"}};
  if (!iss.empty()) contact["url"] = iss;
  return {
      {"title", "ISMAP-LIU cloud service list (ISMAP-LIUクラウドサービスリスト)"},
      {"summary", "The register as data: list, history, signed documents, filings, cases."},
      {"version", ISMAP_VERSION},
      {"contact", std::move(contact)},
      {"license",
       {{"name", "MIT (the program); data: Public Data License 1.0 (公共データ利用規約 第1.0版)"},
        {"identifier", "MIT"}}},
      {"description",
       "Every operation of the register, made from the table that the server answers from.\n\n"
       "- Refusals are problem documents (RFC 9457) in Japanese and English, with the article (条項) that refuses.\n"
       "- An unknown query parameter is refused with 400, an unknown member of a body with 422.\n"
       "- HEAD is answered wherever GET is; a method that a path does not have gets 405.\n"
       "- Days are days of Japan Standard Time; instants are UTC.\n"
       "- Under /v1 members, parameters and operations may be added. Clients pass over members that they do not "
       "know.\n\n"
       "All services and numbers are fictitious (架空)."}};
}

}  // namespace

bool is_described(const Route& route) { return route.right != Right::local; }

std::string documented_path(std::string_view pattern) {
  std::string out(pattern);
  std::erase(out, '*');
  return out;
}

std::string method_member(std::string_view method) {
  std::string out(method);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

Json document(std::string_view iss) {
  Json components{
      {"schemas", component_schemas()},
      {"headers", header_components()},
      {"responses", Json::object()},
      {"securitySchemes",
       {{"bearer",
         {{"type", "http"},
          {"scheme", "bearer"},
          {"description", "A token that the operator (運用支援機関) issued to an organisation (RFC 6750)."}}}}}};
  Json paths = paths_of(components);
  Json out{{"openapi", "3.1.1"},  {"info", info_of(iss)},      {"servers", servers_of(iss)},
           {"tags", tags_json()}, {"paths", std::move(paths)}, {"components", std::move(components)}};
  if (!iss.empty()) {
    out["externalDocs"] = {{"description", "This document as a page"}, {"url", std::string(iss) + "/en/reference"}};
  }
  return out;
}

}  // namespace ismap::server::openapi
