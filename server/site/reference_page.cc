#include <cstring>  // ctemplate's headers use it and do not include it

#include <ctemplate/template_dictionary.h>
#include <fmt/format.h>

#include <array>
#include <string>

#include "server/openapi/document.h"
#include "server/openapi/manual.h"
#include "server/openapi/parameters.h"
#include "server/openapi/responses.h"
#include "server/problem_types.h"
#include "server/site/page_words.h"
#include "server/site/reference_pages.h"
#include "server/site/schema_tables.h"

namespace ismap::server {

using ctemplate::TemplateDictionary;
using openapi::Operation;
using openapi::Words;
using registry::Json;
using registry::Result;

namespace {

constexpr std::array<PageWord, 19> kReferenceWords{{
    {"L_TITLE", "APIの手引", "Reference of the API"},
    {"L_INTRO",
     "このサーバーのすべての操作です。サーバーが応じる表そのものから作っています。スキーマの説明は英語です。",
     "Every operation of this server, made from the table that it answers from."},
    {"L_PROBLEMS", "拒否の種類", "Kinds of refusal"},
    {"L_CONTENTS", "目次", "Contents"},
    {"L_SCHEMAS", "スキーマ", "Schemas"},
    {"L_WHO", "行える者", "Who may call it"},
    {"L_PARAMETERS", "パラメータ", "Parameters"},
    {"L_NAME", "名前", "Name"},
    {"L_IN", "場所", "In"},
    {"L_TYPE", "型", "Type"},
    {"L_MEANING", "意味", "What it means"},
    {"L_REQUIRED", "必須", "required"},
    {"L_EXAMPLE", "例", "Example"},
    {"L_BODY", "リクエストの本文", "Body of the request"},
    {"L_ANSWERS", "答え", "Answers"},
    {"L_STATUS", "状態コード", "Status"},
    {"L_CONTENT", "内容", "Content"},
    {"L_MEMBERS", "メンバー", "Members"},
    {"L_ALTERNATIVES", "次のいずれか", "One of these"},
}};

std::string_view said(Language language, const Words& words) { return in_language(language, words.ja, words.en); }

/// Who may use a route.
std::string_view who_may(Language language, const Route& route) {
  return route.right == Right::everyone
             ? in_language(language, "誰でも", "Everyone")
             : in_language(
                   language, "トークンを持つ者（Authorization: Bearer）。行えることは役割と条項によります",
                   "Who has a token (Authorization: Bearer); what it may do depends on its role and the article");
}

void add_parameter(TemplateDictionary& into, const openapi::ParameterRow& row, std::string_view in, bool required,
                   Language language) {
  TemplateDictionary& shown = *into.AddSectionDictionary("PARAMETER");
  set_text(shown, "NAME", row.name);
  set_text(shown, "IN", in);
  set_schema_type(shown, Json::parse(row.schema));
  set_text(shown, "SAYS", said(language, row.says));
  if (required) shown.ShowSection("REQUIRED");
  if (row.example.empty()) return;
  const Json example = Json::parse(row.example);
  const std::string text = example.is_string() ? example.get<std::string>() : example.dump();
  set_text(*shown.AddSectionDictionary("HAS_EXAMPLE"), "EXAMPLE", text);
}

/// The parameters as the document has them.
void add_parameters(TemplateDictionary& into, const Route& route, const Json& operation, Language language) {
  if (!operation.contains("parameters")) return;
  TemplateDictionary& shown = *into.AddSectionDictionary("HAS_PARAMETERS");
  for (const Json& parameter : operation.at("parameters")) {
    const std::string name = parameter.at("name").get<std::string>();
    const std::string in = parameter.at("in").get<std::string>();
    const bool header = in == "header";
    const openapi::ParameterRow* row =
        header ? &openapi::header_parameter(name) : openapi::find_parameter(route.pattern, name);
    add_parameter(shown, *row, in, parameter.at("required").get<bool>(), language);
  }
}

void add_request(TemplateDictionary& into, const Operation& operation, const Json& described, const Json& schemas) {
  if (operation.request.empty()) return;
  const Json& content = described.at("requestBody").at("content").at("application/json");
  TemplateDictionary& body = *into.AddSectionDictionary("BODY_OF_REQUEST");
  set_schema_type(body, content.at("schema"));
  set_schema_members(body, schemas.at(std::string(operation.request)), schemas);
  const Json examples = content.value("examples", Json::object());
  for (const auto& [name, example] : examples.items()) {
    TemplateDictionary& shown = *into.AddSectionDictionary("EXAMPLE_OF_REQUEST");
    set_text(shown, "NAME", example.value("summary", name));
    set_text(shown, "TEXT", example.at("value").dump(1));
  }
}

void add_answers(TemplateDictionary& into, const Route& route, const Operation& operation, Language language) {
  for (const openapi::Answer& answer : operation.answers) {
    TemplateDictionary& row = *into.AddSectionDictionary("ANSWER");
    set_text(row, "STATUS", std::to_string(answer.status));
    set_text(row, "SAYS", said(language, answer.says));
    if (!answer.media.empty()) set_text(*row.AddSectionDictionary("MEDIA"), "MEDIA_TYPE", answer.media);
    if (answer.schema.empty()) continue;
    const Json schema{{"$ref", "#/components/schemas/" + std::string(answer.schema)}};
    set_schema_type(*row.AddSectionDictionary("HAS_TYPE"), schema);
  }
  if (route.right == Right::everyone && openapi::has_validator(operation)) {
    TemplateDictionary& row = *into.AddSectionDictionary("ANSWER");
    set_text(row, "STATUS", "304");
    set_text(row, "SAYS", said(language, openapi::words_of_not_modified()));
  }
  for (const int status : openapi::refusals(route, operation)) {
    const ProblemType& type = problem_type_of(status);
    TemplateDictionary& row = *into.AddSectionDictionary("REFUSAL");
    set_text(row, "STATUS", std::to_string(status));
    set_text(row, "URL", path_in(language, "/problems/" + std::string(type.slug)));
    set_text(row, "TITLE", in_language(language, type.ja, type.en));
  }
}

void add_operation(TemplateDictionary& into, const Route& route, const Operation& operation, const Json& document,
                   Language language) {
  const std::string path = openapi::documented_path(route.pattern);
  const Json& described = document.at("paths").at(path).at(openapi::method_member(route.method));
  TemplateDictionary& shown = *into.AddSectionDictionary("OPERATION");
  set_text(shown, "ID", operation.id);
  set_text(shown, "METHOD", route.method);
  set_text(shown, "PATH", path);
  set_text(shown, "SUMMARY", said(language, operation.summary));
  set_text(shown, "DESCRIPTION", said(language, operation.description));
  set_text(shown, "WHO", who_may(language, route));
  add_parameters(shown, route, described, language);
  add_request(shown, operation, described, document.at("components").at("schemas"));
  add_answers(shown, route, operation, language);
}

/// The contents and the operations of a tag.
void add_group(TemplateDictionary& page, const openapi::Tag& tag, const Json& document, Language language) {
  TemplateDictionary& content = *page.AddSectionDictionary("CONTENT");
  TemplateDictionary& group = *page.AddSectionDictionary("GROUP");
  for (TemplateDictionary* into : {&content, &group}) {
    set_text(*into, "TAG", tag.name);
    set_text(*into, "TAG_TITLE", said(language, tag.title));
  }
  set_text(group, "TAG_SAYS", said(language, tag.says));
  for (const Route& route : routes()) {
    if (!openapi::is_described(route)) continue;
    const Operation* operation = openapi::find_operation(route.method, route.pattern);
    if (operation == nullptr || operation->tag != tag.name) continue;
    TemplateDictionary& entry = *content.AddSectionDictionary("ENTRY");
    set_text(entry, "ID", operation->id);
    set_text(entry, "SUMMARY", said(language, operation->summary));
    add_operation(group, route, *operation, document, language);
  }
}

void fill_reference(TemplateDictionary& page, const Json& document, Language language) {
  set_words(page, kReferenceWords, language);
  set_other_language(page, language, "/reference");
  set_text(page, "PROBLEMS_URL", path_in(language, "/problems"));
  for (const openapi::Tag& tag : openapi::tags()) add_group(page, tag, document, language);
  const Json& schemas = document.at("components").at("schemas");
  for (const auto& [name, schema] : schemas.items()) {
    TemplateDictionary& shown = *page.AddSectionDictionary("SCHEMA");
    set_text(shown, "NAME", name);
    set_schema_type(shown, schema);
    set_schema_members(shown, schema, schemas);
    const std::string says = schema.value("description", "");
    if (!says.empty()) set_text(*shown.AddSectionDictionary("HAS_SAYS"), "SAYS", says);
  }
}

}  // namespace

Result<Response> reference_page(const Call& call) {
  const openapi::Manual* manual = call.context.manual;
  if (manual == nullptr) return openapi::no_manual();
  const Language language = language_of(call.request.path);
  std::string html = call.pages.render(
      "reference.tpl", in_language(language, kReferenceWords[0].ja, kReferenceWords[0].en),
      [&](TemplateDictionary& page) { fill_reference(page, manual->json(), language); }, language);
  return page_answer(call, std::move(html), language);
}

}  // namespace ismap::server
