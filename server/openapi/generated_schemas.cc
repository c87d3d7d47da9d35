#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "registry/cases/deadline.h"
#include "registry/cases/procedure.h"
#include "registry/filings/filing.h"
#include "registry/proposals.h"
#include "registry/settings.h"
#include "server/api/act_fields.h"
#include "server/openapi/form_schemas.h"
#include "server/openapi/schemas.h"
#include "server/problem_types.h"

namespace ismap::server::openapi {

using registry::Act;
using registry::Json;
using registry::Procedure;
using registry::Role;
using registry::StepRule;

namespace {

/// "file-renewal" → "FileRenewal"
std::string joined_words(std::string_view name) {
  std::string out;
  bool begins = true;
  for (const char c : name) {
    if (c != '-') out += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins = c == '-';
  }
  return out;
}

/// The words of an enumeration whose values count from 0: name_of says nothing beyond the last.
template <class Enumeration>
Json words_of_all() {
  Json out = Json::array();
  for (int value = 0;; ++value) {
    const std::string_view word = registry::name_of(static_cast<Enumeration>(value));
    if (word.empty()) return out;
    out.push_back(word);
  }
}

template <class Enumeration>
Json enumeration(std::string_view description) {
  return {{"description", description}, {"type", "string"}, {"enum", words_of_all<Enumeration>()}};
}

/// A member that acts have of their own.
struct ActField {
  std::string_view name;
  std::string_view schema;  ///< as JSON
  bool required = false;
  std::optional<Act> of = {};  ///< this act alone; nothing: every act that has it
};

constexpr std::string_view kDay = R"({"$ref": "#/components/schemas/Day"})";
constexpr std::string_view kWords = R"({"$ref": "#/components/schemas/Reason"})";
constexpr std::string_view kSeq = R"({"$ref": "#/components/schemas/Count"})";
constexpr std::string_view kFlag = R"({"type": "boolean"})";

const std::array<ActField, 16> kActFields{{
    {"record", R"({"$ref": "#/components/schemas/Record"})", true},
    {"items", R"({"description": "The renewed items, as a merge patch of the record.", "type": "object"})", true},
    {"auditor_told", kFlag},
    {"audit_from", kDay},
    {"audit_to", kDay},
    {"result", R"({"type": "string", "enum": ["dismissed", "not-accepted", "withdrawn"]})", true, Act::close_renewal},
    {"result", R"({"type": "string", "enum": ["confirmed", "not-confirmed"]})", true, Act::end_re_audit},
    {"changes", R"({"$ref": "#/components/schemas/Changes"})", true},
    {"agencies_using", R"({"type": "integer", "minimum": 0, "maximum": 9999999})", true},
    {"incident_on", kDay},
    {"incident_estimated", kFlag},
    {"known_on", kDay},
    {"conditions", kWords},
    {"opening", kSeq},
    {"part", kWords},
    {"due_on", kDay},
}};
/// The event that a correction corrects.
constexpr ActField kCorrected{"seq", kSeq, true};

const ActField& act_field(Act act, std::string_view name) {
  if (name == kCorrected.name) return kCorrected;
  for (const ActField& field : kActFields) {
    if (field.name == name && (!field.of || field.of == act)) return field;
  }
  throw std::logic_error("no schema for the member " + std::string(name));
}

/// {"description", "enum"} of the articles under which an act is done, and whether it can be done without.
struct ActArticles {
  Json schema;
  bool required = true;
};

ActArticles articles_of(Act act) {
  ActArticles out{{{"description", ""}, {"enum", Json::array()}}, true};
  std::string who;
  for (const registry::Permission& row : registry::permissions()) {
    if (row.act != act || row.role == Role::system) continue;
    const Json article = row.article.empty() ? Json(nullptr) : Json(row.article);
    Json& all = out.schema["enum"];
    if (std::find(all.begin(), all.end(), article) == all.end()) all.push_back(article);
    if (row.article.empty()) out.required = false;
    who += (who.empty() ? "" : "; ") + std::string(row.article.empty() ? "none" : row.article) + ": " +
           std::string(name_of(row.role));
  }
  out.schema["description"] = "Which role may act under which article: " + who + ".";
  return out;
}

Json act_schema(const ActForm& form) {
  const ActArticles articles = articles_of(form.act);
  Json out{{"title", name_of(form.act)},
           {"description", "The act '" + std::string(name_of(form.act)) + "'."},
           {"type", "object"},
           {"properties",
            {{"act", {{"type", "string"}, {"const", name_of(form.act)}}},
             {"article", articles.schema},
             {"effective",
              {{"description", "From when it holds; today when it is absent."}, {"$ref", "#/components/schemas/Day"}}},
             {"reason", schema_reference("Reason")},
             {"basis", schema_reference("Basis")}}},
           {"required", {"act", "basis", "reason"}},
           {"additionalProperties", false}};
  if (articles.required) out["required"].push_back("article");
  for (const std::string_view name : form.fields) {
    const ActField& field = act_field(form.act, name);
    out["properties"][std::string(name)] = Json::parse(field.schema);
    if (field.required) out["required"].push_back(name);
  }
  return out;
}

void add_acts(Json& to) {
  Json any{{"description", "An act on a registration: each with its own members."},
           {"oneOf", Json::array()},
           {"discriminator", {{"propertyName", "act"}, {"mapping", Json::object()}}}};
  for (const ActForm& form : act_forms()) {
    const std::string act(name_of(form.act));
    const std::string name = "Act" + joined_words(act);
    to[name] = act_schema(form);
    any["oneOf"].push_back(schema_reference(name));
    any["discriminator"]["mapping"][act] = "#/components/schemas/" + name;
  }
  to["ActRequest"] = std::move(any);
}

std::string said_of(const StepRule& rule) {
  std::string out = "Made by the " + std::string(name_of(rule.by));
  if (!rule.form.empty()) out += ", form " + std::string(rule.form);
  return out + ".";
}

/// One step with the members that it has.
Json step_schema(const StepRule& rule) {
  const std::string title = std::string(rule.name) + " (" + std::string(rule.article) + ")";
  Json out{{"title", title},
           {"description", said_of(rule)},
           {"type", "object"},
           {"properties",
            {{"step", {{"type", "string"}, {"const", rule.name}}},
             {"article", {{"type", "string"}, {"const", rule.article}}},
             {"on", schema_reference("Day")},
             {"reason", schema_reference("Reason")},
             {"basis", schema_reference("Basis")},
             {"links", {{"type", "array"}, {"items", schema_reference("CaseNumber")}}}}},
           {"required", {"article", "step"}},
           {"additionalProperties", false}};
  if (rule.by != Role::registrant) out["required"].push_back("reason");
  if (!rule.notice.to.empty()) out["properties"]["channel"] = schema_reference("Reason");
  for (const registry::FieldRule& field : rule.fields) {
    const std::string name(field.name);
    out["properties"][name] = schema_of_kind(field.kind);
    if (field.required) out["required"].push_back(name);
  }
  return out;
}

/// The step that begins a case.
Json opening_schema(Procedure procedure, const StepRule& rule) {
  Json out = step_schema(rule);
  out["properties"]["procedure"] = {{"type", "string"}, {"const", name_of(procedure)}};
  out["properties"]["service"] = schema_reference("RegistrationNumber");
  for (const char* name : {"procedure", "service"}) out["required"].push_back(name);
  return out;
}

void add_steps(Json& to) {
  Json step{{"description", "A step of a case: which there are follows from the procedure of the case."},
            {"anyOf", Json::array()}};
  Json opening{{"description", "A case, opened with its first step."}, {"oneOf", Json::array()}};
  for (const Json& word : words_of_all<Procedure>()) {
    const Procedure procedure = registry::procedure_of(word.get<std::string>()).value();
    const std::string name = joined_words(word.get<std::string>());
    const std::string of = "of the procedure '" + word.get<std::string>() + "'.";
    Json steps{{"description", "The steps " + of}, {"oneOf", Json::array()}};
    Json openings{{"description", "The steps that open a case " + of}, {"oneOf", Json::array()}};
    for (const StepRule& rule : registry::steps_of(procedure)) {
      if (rule.act || rule.by == Role::system) continue;
      steps["oneOf"].push_back(step_schema(rule));
      if (rule.opens) openings["oneOf"].push_back(opening_schema(procedure, rule));
    }
    if (!steps["oneOf"].empty()) {
      step["anyOf"].push_back(schema_reference("Step" + name));
      to["Step" + name] = std::move(steps);
    }
    if (!openings["oneOf"].empty()) {
      opening["oneOf"].push_back(schema_reference("Opening" + name));
      to["Opening" + name] = std::move(openings);
    }
  }
  to["StepRequest"] = std::move(step);
  to["CaseOpening"] = std::move(opening);
}

/// The kinds of refusal that have a page.
Json slugs() {
  Json names = Json::array();
  for (const ProblemType& type : problem_types()) names.push_back(type.slug);
  return {{"description", "The name of a kind of refusal."}, {"type", "string"}, {"enum", std::move(names)}};
}

}  // namespace

Json generated_schemas() {
  Json out{
      {"Role", enumeration<Role>("A role (役割). The operator is the ISMAP運用支援機関, the committee the "
                                 "ISMAP運営委員会, the ministries are the 制度所管省庁.")},
      {"Procedure", enumeration<Procedure>("What a case is about: the procedures of chapters 12 to 19.")},
      {"FilingState", enumeration<registry::FilingState>("draft (下書き), withdrawn (取下げ), received (受付), "
                                                         "superseded (差替え), accepted (受理), returned (返戻).")},
      {"DeadlineState", enumeration<registry::DeadlineState>("Whether it was met, and in time.")},
      {"ProposalState", enumeration<registry::ProposalState>("Whether a second person has spoken.")},
      {"FourEyes", enumeration<registry::FourEyes>("An act that two persons may have to do (二者確認).")},
      {"ProblemSlug", slugs()}};
  add_acts(out);
  add_steps(out);
  add_forms(out);
  return out;
}

}  // namespace ismap::server::openapi
