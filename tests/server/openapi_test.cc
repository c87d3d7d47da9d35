#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "registry/cases/procedure.h"
#include "server/api/act_fields.h"
#include "server/openapi/document.h"
#include "server/openapi/manual.h"
#include "server/openapi/parameters.h"
#include "server/openapi/schemas.h"
#include "server/problem.h"
#include "server/problem_types.h"
#include "server/site/assets.h"
#include "tests/server/site.h"

/// The OpenAPI document and the tables that it is made from: neither can be without the other.
namespace ismap::server::openapi {
namespace {

using registry::Json;
using test::Site;

const Json& whole_document() {
  static const Json made = document("https://liu.example.jp");
  return made;
}

/// Every "#/components/…" that a value refers to.
void gather_references(const Json& value, std::set<std::string>& into) {
  if (value.is_object() && value.contains("$ref") && value.at("$ref").is_string()) {
    into.insert(value.at("$ref").get<std::string>());
  }
  if (!value.is_structured()) return;
  for (const Json& member : value) gather_references(member, into);
}

/// All that the paths lead to, through components.
std::set<std::string> reached() {
  std::set<std::string> all;
  gather_references(whole_document().at("paths"), all);
  for (std::size_t before = 0; before != all.size();) {
    before = all.size();
    for (const std::string& reference : std::set<std::string>(all)) {
      const Json::json_pointer at(reference.substr(1));
      if (whole_document().contains(at)) gather_references(whole_document().at(at), all);
    }
  }
  return all;
}

TEST(Openapi, EveryRouteHasItsOperationAndEveryOperationItsRoute) {
  for (const Route& route : routes()) {
    const Operation* operation = find_operation(route.method, route.pattern);
    EXPECT_EQ(operation != nullptr, is_described(route)) << route.method << " " << route.pattern;
  }
  std::set<std::string_view> ids;
  for (const Operation& operation : operations()) {
    const bool there = std::any_of(routes().begin(), routes().end(), [&](const Route& r) {
      return r.method == operation.method && r.pattern == operation.pattern;
    });
    EXPECT_TRUE(there) << operation.id;
    EXPECT_TRUE(ids.insert(operation.id).second) << operation.id;
    EXPECT_TRUE(std::any_of(tags().begin(), tags().end(), [&](const Tag& t) { return t.name == operation.tag; }))
        << operation.id;
    EXPECT_FALSE(operation.answers.empty()) << operation.id;
  }
}

TEST(Openapi, EveryParameterIsDescribedAndNothingElseIs) {
  std::set<const ParameterRow*> used;
  for (const Route& route : routes()) {
    if (!is_described(route)) continue;
    std::vector<std::string_view> names = captured_names(route.pattern);
    names.insert(names.end(), route.parameters.begin(), route.parameters.end());
    for (const std::string_view name : names) {
      const ParameterRow* row = find_parameter(route.pattern, name);
      ASSERT_NE(row, nullptr) << route.pattern << " " << name;
      used.insert(row);
      EXPECT_TRUE(Json::accept(row->schema)) << name;
      EXPECT_TRUE(row->example.empty() || Json::accept(row->example)) << name;
    }
  }
  for (const ParameterRow& row : parameter_rows()) EXPECT_TRUE(used.contains(&row)) << row.name << " " << row.under;
}

TEST(Openapi, NothingOfTheLocalSocketIsInIt) {
  for (const auto& [path, methods] : whole_document().at("paths").items()) {
    EXPECT_FALSE(path.starts_with("/local")) << path;
  }
}

TEST(Openapi, EveryComponentIsThereAndUsed) {
  const std::set<std::string> used = reached();
  for (const std::string& reference : used) {
    EXPECT_TRUE(whole_document().contains(Json::json_pointer(reference.substr(1)))) << reference;
  }
  for (const char* kind : {"schemas", "responses", "headers"}) {
    for (const auto& [name, component] : whole_document().at("components").at(kind).items()) {
      EXPECT_TRUE(used.contains("#/components/" + std::string(kind) + "/" + name)) << kind << " " << name;
    }
  }
}

TEST(Openapi, EveryBodyHasExamplesAndEveryExampleABody) {
  const Json examples = Json::parse(embedded::static_files().at("static/openapi/examples.json"));
  for (const Operation& operation : operations()) {
    EXPECT_EQ(examples.contains(operation.id), !operation.request.empty()) << operation.id;
  }
  for (const auto& [id, all] : examples.items()) {
    EXPECT_TRUE(std::any_of(operations().begin(), operations().end(), [&known = id](const Operation& o) {
      return o.id == known;
    })) << id;
    EXPECT_FALSE(all.empty()) << id;
  }
}

TEST(Openapi, EveryActHasASchemaWithTheMembersThatItReads) {
  const Json schemas = component_schemas();
  const Json& mapping = schemas.at("ActRequest").at("discriminator").at("mapping");
  EXPECT_EQ(mapping.size(), act_forms().size());
  for (const ActForm& form : act_forms()) {
    const std::string act(registry::name_of(form.act));
    ASSERT_TRUE(mapping.contains(act));
    const std::string reference = mapping.at(act).get<std::string>();
    const Json& schema = schemas.at(reference.substr(reference.rfind('/') + 1));
    for (const std::string_view field : form.fields) {
      EXPECT_TRUE(schema.at("properties").contains(field)) << act << " " << field;
    }
    EXPECT_EQ(schema.at("additionalProperties"), false);
  }
}

TEST(Openapi, EveryStepThatCanBeAskedForHasASchema) {
  const Json schemas = component_schemas();
  std::size_t steps = 0;
  for (const auto& [name, schema] : schemas.items()) {
    if (name.starts_with("Step") && name != "Step" && name != "StepRequest") steps += schema.at("oneOf").size();
  }
  std::size_t rows = 0;
  for (int n = 0; !registry::name_of(static_cast<registry::Procedure>(n)).empty(); ++n) {
    for (const registry::StepRule& rule : registry::steps_of(static_cast<registry::Procedure>(n))) {
      if (!rule.act && rule.by != registry::Role::system) ++rows;
    }
  }
  EXPECT_EQ(steps, rows);
}

TEST(Openapi, IsServedWithItsValidator) {
  Site site;
  EXPECT_EQ(site.get("/openapi.json").status, 404) << "a server that has none";
  const Manual manual("https://liu.example.jp");
  site.context.manual = &manual;
  const Response whole = site.get("/openapi.json");
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(Json::parse(*whole.body), whole_document());
  Headers condition;
  condition.add("If-None-Match", std::string(*whole.headers.get("ETag")));
  EXPECT_EQ(site.get("/openapi.json", condition).status, 304);
}

TEST(Problems, EveryKindHasItsPageInBothLanguages) {
  Site site;
  for (const ProblemType& type : problem_types()) {
    for (const std::string_view folder : {"", "/en"}) {
      const Response page = site.get(std::string(folder) + "/problems/" + std::string(type.slug));
      EXPECT_EQ(page.status, 200) << type.slug;
      EXPECT_EQ(page.headers.get("Content-Language"), folder.empty() ? "ja" : "en");
      const std::string_view title = folder.empty() ? type.ja : type.en;
      EXPECT_NE(page.body->find("<h1>" + std::string(title) + "</h1>"), std::string::npos) << type.slug;
    }
  }
  EXPECT_EQ(site.get("/problems/none").status, 404);
  const std::string index = *site.get("/en/problems").body;
  EXPECT_NE(index.find("href=\"/en/problems/too-many-requests\""), std::string::npos);
}

TEST(Problems, TheTypeOfARefusalIsThePathOfItsPage) {
  Site site;
  for (const int status : {400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429, 500, 503}) {
    const Json problem = to_json(problem_of(status, "試験", "a test"), true);
    EXPECT_EQ(site.get(problem.at("type").get<std::string>()).status, 200) << status;
    EXPECT_NE(problem.at("type"), "/problems/problem") << status;
  }
}

TEST(Problems, ThePageNamesTheArticlesThatMayRefuse) {
  Site site;
  const std::string roles = *site.get("/problems/forbidden").body;
  EXPECT_NE(roles.find("<code>13.7</code>"), std::string::npos);
  const std::string rules = *site.get("/problems/invalid").body;
  EXPECT_NE(rules.find("<code>14.2</code>"), std::string::npos);
  EXPECT_EQ(site.get("/problems/unauthorized").body->find("<code>14.2</code>"), std::string::npos);
}

class ReferencePage : public ::testing::TestWithParam<const char*> {};

TEST_P(ReferencePage, HasEveryOperationAndSchemaAndNoLinkToNowhere) {
  Site site;
  const Manual manual("");
  site.context.manual = &manual;
  const Response page = site.get(GetParam());
  ASSERT_EQ(page.status, 200);
  const std::string& html = *page.body;
  for (const Operation& operation : operations()) {
    EXPECT_NE(html.find("<h3 id=\"" + std::string(operation.id) + "\">"), std::string::npos) << operation.id;
  }
  for (const auto& [name, schema] : manual.json().at("components").at("schemas").items()) {
    EXPECT_NE(html.find("<h3 id=\"schema-" + name + "\">"), std::string::npos) << name;
  }
  for (std::size_t at = html.find("href=\"#"); at != std::string::npos; at = html.find("href=\"#", at + 1)) {
    const std::string target = html.substr(at + 7, html.find('"', at + 7) - at - 7);
    EXPECT_NE(html.find(" id=\"" + target + "\""), std::string::npos) << target;
  }
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("style="), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(BothLanguages, ReferencePage, ::testing::Values("/reference", "/en/reference"));

TEST(ReferencePageWithoutADocument, IsNotThere) {
  Site site;
  EXPECT_EQ(site.get("/reference").status, 404);
}

}  // namespace
}  // namespace ismap::server::openapi
