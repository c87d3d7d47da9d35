#include <cstring>  // ctemplate's headers use it and do not include it

#include <ctemplate/template_dictionary.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "registry/acts.h"
#include "registry/articles.h"
#include "registry/coverage.h"
#include "server/problem_types.h"
#include "server/site/page_words.h"
#include "server/site/reference_pages.h"

namespace ismap::server {

using ctemplate::TemplateDictionary;
using registry::Result;

namespace {

constexpr std::array<PageWord, 9> kProblemWords{{
    {"L_TITLE", "拒否の種類", "Kinds of refusal"},
    {"L_INTRO", "応じられないとき、サーバーは problem+json（RFC 9457）で答えます。type はこの一覧のページのパスです。",
     "What the server does not do it answers with problem+json (RFC 9457). Its type is the path of a page of this "
     "list."},
    {"L_STATUS", "状態コード", "Status"},
    {"L_NAME", "名称", "Name"},
    {"L_MEANING", "意味", "What it means"},
    {"L_REMEDY", "すべきこと", "What to do"},
    {"L_ARTICLES", "拒否しうる条項", "Articles that may refuse"},
    {"L_ARTICLES_INTRO", "どの条項によるかは、各理由の article にあります。",
     "Which one it is stands in `article` of each reason."},
    {"L_INDEX", "拒否の種類の一覧", "All kinds of refusal"},
}};

/// Articles that give an act to a role.
std::vector<std::string> articles_of_roles() {
  std::vector<std::string> out;
  for (const registry::Permission& row : registry::permissions()) {
    if (row.article.empty() || std::find(out.begin(), out.end(), row.article) != out.end()) continue;
    out.emplace_back(row.article);
  }
  return out;
}

/// Articles that a rule of the program enforces.
std::vector<std::string> articles_of_rules() {
  std::vector<std::string> out;
  for (const registry::Coverage& row : registry::coverage()) {
    if (!row.rules.empty()) out.push_back(row.article);
  }
  return out;
}

/// Which articles may refuse with this status.
std::vector<std::string> articles_that_refuse(int status) {
  if (status == 403) return articles_of_roles();
  if (status == 409 || status == 422) return articles_of_rules();
  return {};
}

std::string status_text(int status) { return status == 0 ? "—" : std::to_string(status); }

void fill_index(TemplateDictionary& page, Language language) {
  set_words(page, kProblemWords, language);
  set_other_language(page, language, "/problems");
  for (const ProblemType& type : problem_types()) {
    TemplateDictionary& row = *page.AddSectionDictionary("ROW");
    set_text(row, "STATUS", status_text(type.status));
    set_text(row, "URL", path_in(language, "/problems/" + std::string(type.slug)));
    set_text(row, "TITLE", in_language(language, type.ja, type.en));
    set_text(row, "MEANING", in_language(language, type.meaning_ja, type.meaning_en));
  }
}

void fill_problem(TemplateDictionary& page, const ProblemType& type, Language language) {
  set_words(page, kProblemWords, language);
  set_other_language(page, language, "/problems/" + std::string(type.slug));
  set_text(page, "INDEX_URL", path_in(language, "/problems"));
  set_text(page, "SLUG", type.slug);
  set_text(page, "TITLE", in_language(language, type.ja, type.en));
  set_text(page, "MEANING", in_language(language, type.meaning_ja, type.meaning_en));
  set_text(page, "REMEDY", in_language(language, type.remedy_ja, type.remedy_en));
  if (type.status != 0) page.SetValueAndShowSection("STATUS", std::to_string(type.status), "HAS_STATUS");
  const std::vector<std::string> articles = articles_that_refuse(type.status);
  if (!articles.empty()) page.ShowSection("HAS_ARTICLES");
  for (const std::string& article : articles) {
    TemplateDictionary& row = *page.AddSectionDictionary("ARTICLE");
    set_text(row, "NUMBER", article);
    const std::string_view says = registry::article_says(article.substr(0, article.find('(')));
    if (!says.empty()) row.SetValueAndShowSection("TEXT", std::string(says), "SAYS");
  }
}

}  // namespace

Result<Response> problems_page(const Call& call) {
  const Language language = language_of(call.request.path);
  std::string html = call.pages.render(
      "problems.tpl", in_language(language, kProblemWords[0].ja, kProblemWords[0].en),
      [&](TemplateDictionary& page) { fill_index(page, language); }, language);
  return page_answer(call, std::move(html), language);
}

Result<Response> problem_type_page(const Call& call) {
  const ProblemType* type = find_problem_type(call.captures.front());
  if (type == nullptr) {
    return registry::Error{registry::Code::not_found, "", "", "その名の拒否の種類はありません",
                           "there is no kind of refusal of that name"};
  }
  const Language language = language_of(call.request.path);
  std::string html = call.pages.render(
      "problem-type.tpl", in_language(language, type->ja, type->en),
      [&](TemplateDictionary& page) { fill_problem(page, *type, language); }, language);
  return page_answer(call, std::move(html), language);
}

}  // namespace ismap::server
