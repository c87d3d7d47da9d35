#include "registry/coverage.h"

#include <string_view>

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

}  // namespace ismap::registry
