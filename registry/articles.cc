#include "registry/articles.h"

#include <set>
#include <string>

#include "registry/embedded.h"

namespace ismap::registry {

namespace {

std::set<std::string, std::less<>> read_articles() {
  std::set<std::string, std::less<>> found;
  std::string_view rest = embedded::registry_data().at("registry/data/articles.tsv");
  bool header = true;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    if (!header) found.emplace(line.substr(0, line.find('\t')));
    header = false;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return found;
}

}  // namespace

bool is_article(std::string_view text) {
  static const std::set<std::string, std::less<>> articles = read_articles();
  if (articles.contains(text)) return true;
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || text.back() != ')') return false;
  const std::string_view item = text.substr(open + 1, text.size() - open - 2);
  const bool numbered =
      !item.empty() && item.size() <= 2 && item.find_first_not_of("0123456789") == item.npos && item[0] != '0';
  return numbered && articles.contains(text.substr(0, open));
}

}  // namespace ismap::registry
