#include "server/openapi/schemas.h"

#include <stdexcept>
#include <string_view>

#include "server/site/assets.h"

namespace ismap::server::openapi {

using registry::Json;

namespace {

constexpr std::string_view kPublished = "docs/schemas/";
constexpr std::string_view kWritten = "static/openapi/schemas.json";
constexpr std::string_view kUrn = "urn:ismap-liu:schema:1:";
constexpr std::string_view kDefinitions = "#/$defs/";

/// "key_record" → "KeyRecord"
std::string pascal_case(std::string_view words) {
  std::string out;
  bool begins = true;
  for (const char c : words) {
    if (c == '_') {
      begins = true;
      continue;
    }
    out += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins = false;
  }
  return out;
}

/// The component that the definition `name` of a schema becomes.
std::string component_of(std::string_view schema, std::string_view name) {
  return (schema == "common" ? "" : pascal_case(schema)) + pascal_case(name);
}

/// "urn:ismap-liu:schema:1:common#/$defs/day", or "#/$defs/jwk" in the schema `of`, as a component.
std::string component_referred_to(std::string_view reference, std::string_view of) {
  if (reference.starts_with(kUrn)) {
    reference.remove_prefix(kUrn.size());
    of = reference.substr(0, reference.find('#'));
    reference.remove_prefix(of.size());
  }
  if (reference.empty()) return pascal_case(of);
  if (!reference.starts_with(kDefinitions)) throw std::logic_error("a reference into a schema");
  return component_of(of, reference.substr(kDefinitions.size()));
}

void rewrite_references(Json& value, std::string_view of) {
  if (value.is_object() && value.contains("$ref")) {
    value["$ref"] = "#/components/schemas/" + component_referred_to(value.at("$ref").get<std::string>(), of);
  }
  if (!value.is_structured()) return;
  for (Json& member : value) rewrite_references(member, of);
}

/// Takes a schema apart: itself, and each of its definitions.
void add_published(Json& to, Json schema) {
  const std::string name = schema.at("$id").get<std::string>().substr(kUrn.size());
  rewrite_references(schema, name);
  const Json definitions = schema.value("$defs", Json::object());
  for (const auto& [definition, meaning] : definitions.items()) to[component_of(name, definition)] = meaning;
  if (name == "common") return;
  for (const char* member : {"$schema", "$id", "$defs"}) schema.erase(member);
  to[pascal_case(name)] = std::move(schema);
}

/// The record in an answer: with the number of its last event.
Json service_schema(const Json& record) {
  Json out = record;
  out["title"] = "Service";
  out["description"] = "The record of a service, and the number of its last event.";
  out["properties"]["seq"] = {{"description", "seq of its last event."}, {"$ref", "#/components/schemas/Count"}};
  out["required"].push_back("seq");
  return out;
}

/// And the record of a past day.
Json past_service_schema(const Json& service) {
  Json out = service;
  out["title"] = "Past service";
  out["description"] = "The record as it was on a day, and what follows from it.";
  const Json own{
      {"as_of", schema_reference("Day")},
      {"known_at", schema_reference("Instant")},
      {"valid", {{"description", "Whether it was registered on that day."}, {"type", "boolean"}}},
      {"suspended", {{"description", "Whether it was suspended (一時停止) at the end of it."}, {"type", "boolean"}}},
      {"re_audit", {{"description", "Whether it was in re-audit (再監査) at the end of it."}, {"type", "boolean"}}},
      {"part_of_day", {{"type", "array"}, {"items", schema_reference("PartOfDay")}}}};
  for (const auto& [name, schema] : own.items()) {
    out["properties"][name] = schema;
    out["required"].push_back(name);
  }
  return out;
}

/// What a step answers: the case as its maker may see it. Who makes a step that it is not told of gets the number
/// alone.
Json case_answer_schema(const Json& whole) {
  Json out = whole;
  out["description"] = "The case as it is after the step; its number alone where its maker is told no more.";
  out["properties"]["notices"] = {{"description", "Worth a look, and no refusal."},
                                  {"type", "array"},
                                  {"items", schema_reference("ProblemReason")}};
  out["required"] = {"id", "notices"};
  return out;
}

/// A filing in the answer of a draft: with what is worth a look.
Json drafted_schema(const Json& filing) {
  Json out = filing;
  out["description"] = "The draft, and what is worth a look.";
  out["properties"]["notices"] = {{"description", "Worth a look, and no refusal."},
                                  {"type", "array"},
                                  {"items", schema_reference("ProblemReason")}};
  out["required"].push_back("notices");
  return out;
}

/// A line of the operator's queue: the filing, and what is to be known to answer it.
Json waiting_schema(const Json& filing) {
  Json out = filing;
  out["description"] = "A filing that waits, with what is to be known to answer it.";
  for (const char* name : {"receipt", "decision"}) out["properties"].erase(name);
  const auto list_of = [](std::string_view name) { return Json{{"type", "array"}, {"items", schema_reference(name)}}; };
  out["properties"]["due"] = {{"oneOf", {{{"type", "null"}}, schema_reference("Deadline")}}};
  out["properties"]["answers"] = list_of("WayToAnswer");
  out["properties"]["lifts"] = list_of("ProposedLift");
  out["properties"]["diff"] = {{"description", "null where it cannot be accepted as things stand."},
                               {"oneOf", {{{"type", "null"}}, list_of("FieldDiff")}}};
  out["properties"]["hindrances"] = list_of("ProblemReason");
  out["required"] = Json::array();
  for (const auto& member : out.at("properties").items()) out["required"].push_back(member.key());
  return out;
}

void add_all(Json& to, const Json& schemas) {
  for (const auto& [name, schema] : schemas.items()) {
    if (to.contains(name)) throw std::logic_error("two schemas are called " + name);
    to[name] = schema;
  }
}

}  // namespace

Json schema_reference(std::string_view name) { return {{"$ref", "#/components/schemas/" + std::string(name)}}; }

Json published_schemas() {
  Json out = Json::object();
  for (const auto& file : embedded::static_files()) {
    if (file.first.starts_with(kPublished)) add_published(out, Json::parse(file.second));
  }
  return out;
}

Json component_schemas() {
  Json out = published_schemas();
  out["Service"] = service_schema(out.at("Record"));
  out["PastService"] = past_service_schema(out.at("Service"));
  add_all(out, Json::parse(embedded::static_files().at(kWritten)));
  out["DraftedFiling"] = drafted_schema(out.at("Filing"));
  out["Waiting"] = waiting_schema(out.at("Filing"));
  out["CaseAnswer"] = case_answer_schema(out.at("Case"));
  add_all(out, generated_schemas());
  return out;
}

}  // namespace ismap::server::openapi
