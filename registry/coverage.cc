#include "registry/coverage.h"

#include <algorithm>
#include <string_view>

#include "registry/articles.h"
#include "registry/embedded.h"

namespace ismap::registry {

namespace {

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

std::vector<Coverage> read_coverage() {
  std::vector<Coverage> all;
  const auto lines = split(embedded::registry_data().at("registry/data/coverage.tsv"), '\n');
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::vector<std::string> cells = split(lines[i], '\t');
    cells.resize(5);
    all.push_back({cells[0], split(cells[1], ' '), split(cells[2], ' '), split(cells[3], ' '), cells[4]});
  }
  return all;
}

/// One line of a paragraph, its elements below each other; nothing for none.
void add_lines(std::string& text, std::string_view label, const std::vector<std::string>& elements) {
  for (std::size_t i = 0; i < elements.size(); ++i) {
    std::string start = i == 0 ? std::string(label) : "";
    start.resize(9, ' ');
    text += "        " + start + elements[i] + "\n";
  }
}

std::string joined(const std::vector<std::string>& words, std::string_view before, std::string_view after) {
  std::string out;
  for (const std::string& word : words)
    out += (out.empty() ? "" : "<br>") + std::string(before) + word + std::string(after);
  return out;
}

/// "第13章", or 附則 for a supplementary provision.
std::string heading_of(const std::string& article) {
  return article.front() == 'S'
             ? "附則 / supplementary provisions"
             : "第" + article.substr(0, article.find('.')) + "章 / chapter " + article.substr(0, article.find('.'));
}

constexpr std::string_view kPageHead =
    "# 登録規則と実装 / the registration rules, and what enforces them\n\n"
    "Made by `ismap-liu rules --markdown` from `registry/data/coverage.tsv` and `articles.tsv`; a test keeps it so.\n"
    "Rules are functions of `registry/`, whose descriptions cite the article; `Law/Scenarios.Hold/NAME` is the "
    "scenario\n"
    "NAME in `tests/scenarios`. An article without a rule says why.\n";

}  // namespace

const std::vector<Coverage>& coverage() {
  static const std::vector<Coverage> all = read_coverage();
  return all;
}

Json coverage_json() {
  Json articles = Json::array();
  for (const Coverage& c : coverage()) {
    articles.push_back({{"article", c.article},
                        {"rules", c.rules},
                        {"tests", c.tests},
                        {"events", c.events},
                        {"reason", c.reason.empty() ? Json() : Json(c.reason)}});
  }
  return Json{{"articles", std::move(articles)}};
}

std::string coverage_text() {
  std::string text;
  for (const Coverage& c : coverage()) {
    std::string article = c.article;
    article.resize(std::max<std::size_t>(article.size() + 1, 8), ' ');
    text += article + std::string(article_says(c.article)) + "\n";
    add_lines(text, "rules", c.rules);
    add_lines(text, "events", c.events);
    add_lines(text, "tests", c.tests);
    if (!c.reason.empty()) add_lines(text, "note", {c.reason});
  }
  return text;
}

std::string coverage_markdown() {
  std::string page(kPageHead);
  std::string heading;
  for (const Coverage& c : coverage()) {
    if (heading_of(c.article) != heading) {
      heading = heading_of(c.article);
      page += "\n## " + heading + "\n\n| article | rules | events | tests | note |\n|---|---|---|---|---|\n";
    }
    page += "| **" + c.article + "** " + std::string(article_says(c.article)) + " | " + joined(c.rules, "`", "`") +
            " | " + joined(c.events, "", "") + " | " + joined(c.tests, "", "") + " | " + c.reason + " |\n";
  }
  return page;
}

}  // namespace ismap::registry
