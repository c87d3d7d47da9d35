#include "registry/coverage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "registry/embedded.h"
#include "registry/event.h"
#include "tests/support/scenario.h"

/// The table of articles stays complete and true: against the articles, the rules' descriptions and the tests.
namespace ismap::registry {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = fs::path(ISMAP_TEST_DATA) / ".." / "..";

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Every file of `folder` whose name ends so, as one text.
std::string texts_of(const fs::path& folder, const std::string& ending) {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
    if (entry.path().string().ends_with(ending)) all += text_of(entry.path()) + "\n";
  }
  return all;
}

/// Supplementary provisions that are about chapters 3 to 10 alone.
const std::set<std::string> kOfOtherChapters{"S2022-11-01.2", "S2022-11-01.3", "S2023-05-11.1"};

/// Articles of chapters 11 to 18, and the supplementary provisions that touch them, in order.
std::vector<std::string> articles() {
  std::vector<std::string> found;
  std::istringstream lines{std::string(embedded::registry_data().at("registry/data/articles.tsv"))};
  for (std::string line; std::getline(lines, line);) {
    const std::string article = line.substr(0, line.find('\t'));
    const bool ours = std::regex_match(article, std::regex("1[1-8]\\.[0-9]+"));
    const bool supplement = article.starts_with('S') && !kOfOtherChapters.contains(article);
    if (ours || supplement) found.push_back(article);
  }
  return found;
}

/// The comment above the declaration of a function in a header of registry/.
std::string description_of(const std::string& headers, const std::string& function) {
  std::smatch found;
  if (!std::regex_search(headers, found, std::regex("\\b" + function + "\\("))) return {};
  std::istringstream lines(headers.substr(0, static_cast<std::size_t>(found.position())));
  std::string comment;
  std::string last;
  for (std::string line; std::getline(lines, line); last = line) {
    if (!line.starts_with("///")) continue;
    comment = last.starts_with("///") ? comment + line : line;
  }
  return comment;
}

bool cites(const std::string& description, const std::string& article) {
  const std::regex whole("(^|[^0-9.])" + std::regex_replace(article, std::regex("\\."), "\\.") + "($|[^0-9])");
  return std::regex_search(description, whole);
}

TEST(Coverage, HasEveryArticleOfChapters11To18AndEveryProvisionThatTouchesThemOnce) {
  std::vector<std::string> rows;
  for (const Coverage& row : coverage()) rows.push_back(row.article);
  EXPECT_EQ(rows, articles());
  EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.front() != 'S'; }), 41);
  EXPECT_EQ(rows.size(), 46U);
}

TEST(Coverage, EachRowHasARuleAndATestOrAReason) {
  for (const Coverage& row : coverage()) {
    EXPECT_EQ(row.rules.empty(), row.tests.empty()) << row.article;
    EXPECT_TRUE(!row.rules.empty() || !row.reason.empty()) << row.article;
    for (const std::string& event : row.events) EXPECT_TRUE(event_kind(event)) << row.article << " " << event;
  }
}

TEST(Coverage, EachRuleIsDescribedWithItsArticle) {
  const std::string headers = texts_of("registry", ".h");
  for (const Coverage& row : coverage()) {
    for (const std::string& rule : row.rules) {
      EXPECT_TRUE(cites(description_of(headers, rule), row.article))
          << rule << " is not described with " << row.article << ": " << description_of(headers, rule);
    }
  }
}

TEST(Coverage, EachTestIsThereAndScenariosNameTheArticle) {
  const std::string sources = texts_of("tests", "_test.cc");
  std::map<std::string, std::vector<std::string>> scenarios;
  for (const test::Scenario& s : test::read_scenarios(kRoot / "tests/scenarios")) scenarios[s.name] = s.articles;
  const std::string prefix = "Law/Scenarios.Hold/";
  for (const Coverage& row : coverage()) {
    for (const std::string& name : row.tests) {
      if (name.starts_with(prefix)) {
        const auto& named = scenarios[name.substr(prefix.size())];
        const bool there = std::any_of(named.begin(), named.end(), [&](const std::string& article) {
          return article == row.article || article.starts_with(row.article + "(");
        });
        EXPECT_TRUE(there) << row.article << " " << name;
      } else {
        const auto dot = name.find('.');
        const std::string written = name.substr(0, dot) + ", " + name.substr(dot + 1) + ")";
        EXPECT_NE(sources.find(written), std::string::npos) << row.article << " " << name;
      }
    }
  }
}

TEST(Coverage, ThePageOfTheRulesIsWhatTheTableSays) {
  EXPECT_EQ(text_of(kRoot / "docs/rules.md"), coverage_markdown()) << "run ismap-liu rules --markdown > docs/rules.md";
}

TEST(Coverage, ThePageHasEveryArticleWithItsRulesEventsAndTests) {
  const std::string page = coverage_markdown();
  const std::string text = coverage_text();
  for (const Coverage& row : coverage()) {
    EXPECT_NE(page.find("| **" + row.article + "** "), std::string::npos) << row.article;
    EXPECT_EQ(text.find(row.article + " ") == std::string::npos, false) << row.article;
    for (const auto* words : {&row.rules, &row.events, &row.tests}) {
      for (const std::string& word : *words) {
        EXPECT_NE(page.find(word), std::string::npos) << word;
        EXPECT_NE(text.find(word), std::string::npos) << word;
      }
    }
    EXPECT_EQ(std::count(row.reason.begin(), row.reason.end(), '|'), 0) << "it would end the cell";
  }
}

TEST(Coverage, IsGivenAsJson) {
  const Json json = coverage_json();
  EXPECT_EQ(json.at("articles").size(), coverage().size());
  EXPECT_EQ(json.at("articles").at(2).at("article"), "11.3");
  EXPECT_EQ(json.at("articles").at(2).at("rules"), Json::array());
  EXPECT_TRUE(json.at("articles").at(2).at("reason").is_string());
  EXPECT_TRUE(json.at("articles").at(4).at("reason").is_null());
}

}  // namespace
}  // namespace ismap::registry
