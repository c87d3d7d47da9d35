#include "server/openapi/form_schemas.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "registry/filings/form.h"
#include "server/openapi/schemas.h"

namespace ismap::server::openapi {

using registry::Form;
using registry::Json;

namespace {

/// The names of the forms, each once.
std::vector<std::string_view> form_names() {
  std::vector<std::string_view> names;
  for (const Form& form : registry::forms()) {
    if (std::find(names.begin(), names.end(), form.name) == names.end()) names.push_back(form.name);
  }
  return names;
}

Json articles_of_form(const std::vector<Form>& ways) {
  Json articles = Json::array();
  for (const Form& way : ways) {
    const Json article = way.step->article;
    if (std::find(articles.begin(), articles.end(), article) == articles.end()) articles.push_back(article);
  }
  return {{"description", "To be named where the form has more than one."}, {"enum", std::move(articles)}};
}

/// "15.2(5)" → "Form-15_2_5", which can name a component and an anchor of a page.
std::string component_of_form(std::string_view name) {
  std::string out = "Form-" + std::string(name);
  std::erase(out, ')');
  for (char& c : out) c = c == '(' || c == '.' ? '_' : c;
  return out;
}

/// The members that every form has.
Json form_schema(std::string_view name, const std::vector<Form>& ways) {
  return {{"title", "form " + std::string(name)},
          {"description", "Form " + std::string(name) + " (様式)."},
          {"type", "object"},
          {"properties",
           {{"form", {{"type", "string"}, {"const", name}}},
            {"service", schema_reference("RegistrationNumber")},
            {"article", articles_of_form(ways)},
            {"case",
             {{"description", "The case that it goes into; null asks for a new one, absent finds the one that waits."},
              {"oneOf", {{{"type", "null"}}, schema_reference("CaseNumber")}}}},
            {"reason", schema_reference("Reason")},
            {"supplements", schema_reference("FilingNumber")},
            {"supersedes", schema_reference("FilingNumber")}}},
          {"required", {"form", "service"}},
          {"additionalProperties", false}};
}

void add_listed_items(Json& form) {
  Json& members = form["properties"];
  members["changes"] = {{"description", "What changes, as a merge patch (RFC 7396) of the record."},
                        {"$ref", "#/components/schemas/Changes"}};
  members["effective"] = {{"description", "From when it holds; today when it is absent."},
                          {"$ref", "#/components/schemas/Day"}};
  members["material_change"] = {
      {"description",
       "Whether it is a material change of controls (重大な統制変更, 14.1): false where (6) or (7) change."},
      {"type", "boolean"}};
  for (const char* name : {"changes", "reason"}) form["required"].push_back(name);
}

void add_renewal(Json& form) {
  form["properties"]["auditor_told"] = {{"description", "Whether the auditor was told of changes (12.3)."},
                                        {"type", "boolean"}};
  for (const char* name : {"audit_from", "audit_to"}) form["properties"][name] = schema_reference("Day");
}

/// The members of the steps that the form can be; one is required where all of them require it.
void add_fields(Json& form, const std::vector<Form>& ways) {
  form["properties"]["links"] = {{"type", "array"}, {"items", schema_reference("CaseNumber")}};
  for (const Form& way : ways) {
    for (const registry::FieldRule& field : way.step->fields) {
      const std::string name(field.name);
      form["properties"][name] = schema_of_kind(field.kind);
      const bool always = std::all_of(ways.begin(), ways.end(), [&](const Form& other) {
        return std::any_of(other.step->fields.begin(), other.step->fields.end(),
                           [&](const registry::FieldRule& f) { return f.name == name && f.required; });
      });
      Json& required = form["required"];
      if (always && std::find(required.begin(), required.end(), name) == required.end()) required.push_back(name);
    }
  }
}

Json schema_of_form(std::string_view name) {
  const std::vector<Form> ways = registry::forms_named(name);
  Json out = form_schema(name, ways);
  if (name == registry::kForm2_11) {
    add_listed_items(out);
  } else if (registry::acts_when_received(ways.front())) {
    add_renewal(out);
  } else {
    add_fields(out, ways);
  }
  return out;
}

/// What the operator asks about a filing: the members of the steps that ask.
Json inquiry_schema() {
  Json out{{"description", "A further report (13.4) or a question (9.4) about a filing."},
           {"type", "object"},
           {"properties",
            {{"article", {{"enum", Json::array()}}},
             {"on", schema_reference("Day")},
             {"reason", schema_reference("Reason")},
             {"channel", schema_reference("Reason")},
             {"links", {{"type", "array"}, {"items", schema_reference("CaseNumber")}}}}},
           {"required", {"article", "reason"}},
           {"additionalProperties", false}};
  std::set<std::string_view> articles;
  for (const registry::Form& form : registry::forms()) {
    const registry::StepRule* rule = registry::inquiry_of(form);
    if (rule == nullptr || !articles.insert(rule->article).second) continue;
    out["properties"]["article"]["enum"].push_back(rule->article);
    for (const registry::FieldRule& field : rule->fields) {
      out["properties"][std::string(field.name)] = schema_of_kind(field.kind);
    }
  }
  return out;
}

}  // namespace

Json schema_of_kind(registry::FieldKind kind) {
  switch (kind) {
    case registry::FieldKind::day:
    case registry::FieldKind::planned:
      return schema_reference("Day");
    case registry::FieldKind::text:
      return schema_reference("Reason");
    case registry::FieldKind::flag:
      return {{"type", "boolean"}};
  }
  return true;
}

void add_forms(Json& to) {
  const std::vector<std::string_view> names = form_names();
  to["Form"] = {{"description", "A form (様式) of a registrant; the article where the rules give it no number."},
                {"type", "string"},
                {"enum", names}};
  Json any{{"description", "What a registrant files: each form with its own members."},
           {"oneOf", Json::array()},
           {"discriminator", {{"propertyName", "form"}, {"mapping", Json::object()}}}};
  for (const std::string_view name : names) {
    const std::string component = component_of_form(name);
    to[component] = schema_of_form(name);
    any["oneOf"].push_back(schema_reference(component));
    any["discriminator"]["mapping"][std::string(name)] = "#/components/schemas/" + component;
  }
  to["FilingRequest"] = std::move(any);
  to["InquiryRequest"] = inquiry_schema();
}

}  // namespace ismap::server::openapi
