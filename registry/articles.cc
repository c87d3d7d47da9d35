#include "registry/articles.h"

#include <algorithm>
#include <map>

#include "registry/embedded.h"

namespace ismap::registry {

namespace {

using Articles = std::map<std::string_view, std::string_view>;

/// Article → what it asks: the first and the third column.
Articles read_articles() {
  Articles found;
  std::string_view rest = embedded::registry_data().at("registry/data/articles.tsv");
  rest.remove_prefix(rest.find('\n') + 1);
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::string_view article = line.substr(0, line.find('\t'));
    for (int column = 0; column < 2; ++column) line.remove_prefix(std::min(line.find('\t'), line.size() - 1) + 1);
    found.emplace(article, line.substr(0, line.find('\t')));
  }
  return found;
}

const Articles& articles() {
  static const Articles all = read_articles();
  return all;
}

}  // namespace

bool is_article(std::string_view text) {
  if (articles().contains(text)) return true;
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || text.back() != ')') return false;
  const std::string_view item = text.substr(open + 1, text.size() - open - 2);
  const bool numbered =
      !item.empty() && item.size() <= 2 && item.find_first_not_of("0123456789") == item.npos && item[0] != '0';
  return numbered && articles().contains(text.substr(0, open));
}

std::string_view article_says(std::string_view article) {
  const auto found = articles().find(article);
  return found == articles().end() ? std::string_view() : found->second;
}

}  // namespace ismap::registry
