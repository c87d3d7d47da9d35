#include "server/site/schema_tables.h"

#include <cstring>  // ctemplate's headers use it and do not include it

#include <ctemplate/template_dictionary.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ismap::server {

using ctemplate::TemplateDictionary;
using registry::Json;

namespace {

/// What a schema is called in a table, and the component that it leads to.
struct TypeName {
  std::string text;
  std::string target = {};
};

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  return fmt::format("{}", fmt::join(words, between));
}

TypeName type_of_schema(const Json& schema);

/// "null or Day", with the link of the last alternative that has one.
TypeName type_of_any(const Json& alternatives) {
  TypeName out;
  std::vector<std::string> words;
  for (const Json& one : alternatives) {
    const TypeName type = type_of_schema(one);
    words.push_back(type.text);
    if (!type.target.empty()) out.target = type.target;
  }
  out.text = words.size() > 4 ? fmt::format("{} … ({})", words.front(), words.size()) : joined(words, " | ");
  return out;
}

std::string value_text(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

TypeName type_of_schema(const Json& schema) {
  if (!schema.is_object()) return {"any"};
  if (schema.contains("$ref")) {
    const std::string name = schema.at("$ref").get<std::string>();
    const std::string last = name.substr(name.rfind('/') + 1);
    return {last, last};
  }
  if (schema.contains("const")) return {value_text(schema.at("const"))};
  if (schema.contains("enum")) {
    std::vector<std::string> words;
    for (const Json& value : schema.at("enum")) words.push_back(value_text(value));
    return {joined(words, " | ")};
  }
  for (const char* name : {"oneOf", "anyOf"}) {
    if (schema.contains(name)) return type_of_any(schema.at(name));
  }
  const Json type = schema.value("type", Json("any"));
  if (type == "array" && schema.contains("items")) {
    TypeName item = type_of_schema(schema.at("items"));
    return {"array: " + item.text, item.target};
  }
  if (type == "object" && schema.contains("title")) return {schema.at("title").get<std::string>()};
  if (!type.is_array()) return {value_text(type)};
  std::vector<std::string> words;
  for (const Json& one : type) words.push_back(value_text(one));
  return {joined(words, " | ")};
}

/// Whether a request must give the member, or an answer has it always.
bool is_required(const Json& schema, const std::string& name) {
  const Json required = schema.value("required", Json::array());
  return std::find(required.begin(), required.end(), name) != required.end();
}

/// What a member means: its own words, or those of the component that it is.
std::string meaning_of(const Json& schema, const Json& components) {
  if (!schema.is_object()) return "";
  std::string own = schema.value("description", "");
  const std::string target = type_of_schema(schema).target;
  if (!own.empty() || target.empty()) return own;
  return components.at(target).value("description", "");
}

void add_member(TemplateDictionary& into, const Json& schema, const std::string& name, const Json& components) {
  const Json& member = schema.at("properties").at(name);
  TemplateDictionary& row = *into.AddSectionDictionary("MEMBER");
  set_text(row, "NAME", name);
  set_schema_type(row, member);
  set_text(row, "SAYS", meaning_of(member, components));
  if (is_required(schema, name)) row.ShowSection("REQUIRED");
}

/// An alternative with its members, less those whose one value tells it from the others: its title has them.
void add_alternative(TemplateDictionary& into, const Json& schema, const Json& components) {
  TemplateDictionary& row = *into.AddSectionDictionary("ALTERNATIVE");
  set_schema_type(row, schema);
  set_text(row, "SAYS", meaning_of(schema, components));
  const Json members = schema.value("properties", Json::object());
  for (const auto& [name, member] : members.items()) {
    if (!member.contains("const")) add_member(row, schema, name, components);
  }
}

}  // namespace

void set_schema_type(TemplateDictionary& into, const Json& schema) {
  const TypeName type = type_of_schema(schema);
  TemplateDictionary& shown = *into.AddIncludeDictionary("TYPE");
  shown.SetFilename("reference-type.tpl");
  TemplateDictionary& form = *shown.AddSectionDictionary(type.target.empty() ? "PLAIN" : "LINKED");
  set_text(form, "TEXT", type.text);
  set_text(form, "TARGET", type.target);
}

void set_schema_members(TemplateDictionary& into, const Json& schema, const Json& components) {
  TemplateDictionary& shown = *into.AddIncludeDictionary("MEMBERS");
  shown.SetFilename("reference-members.tpl");
  if (schema.contains("properties")) {
    TemplateDictionary& members = *shown.AddSectionDictionary("HAS_MEMBERS");
    for (const auto& member : schema.at("properties").items()) add_member(members, schema, member.key(), components);
  }
  for (const char* name : {"oneOf", "anyOf"}) {
    if (!schema.contains(name)) continue;
    TemplateDictionary& alternatives = *shown.AddSectionDictionary("HAS_ALTERNATIVES");
    for (const Json& one : schema.at(name)) add_alternative(alternatives, one, components);
  }
}

}  // namespace ismap::server
