#pragma once

#include <string_view>

namespace ismap::registry {

/// Whether the registration rules have this article, by itself ("14.2") or with its item ("18.2(3)", "15.2(5)").
/// Source: registry/data/articles.tsv, one row an article.
bool is_article(std::string_view text);

/// What an article asks of the system, in a sentence; empty for one that is not there. Takes no item.
std::string_view article_says(std::string_view article);

}  // namespace ismap::registry
