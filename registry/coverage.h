#pragma once

#include <string>
#include <vector>

#include "registry/canonical_json.h"

/// Which rule enforces which article, which tests show it, and what an article that has none is waiting for.
namespace ismap::registry {

/// One article of the registration rules. Source: registry/data/coverage.tsv, one row an article, chapters 11 to 18,
/// and then the supplementary provisions that touch them.
struct Coverage {
  std::string article;
  std::vector<std::string> rules;   ///< functions of registry/ whose description cites the article
  std::vector<std::string> events;  ///< public events that they make
  std::vector<std::string> tests;   ///< as GoogleTest names them
  std::string reason;               ///< why there is no rule, or what of the article it leaves out; may be empty
};

/// The table, in the order of the rules.
const std::vector<Coverage>& coverage();

/// {"articles": [{"article", "rules", "tests", "events", "reason"}]}; a reason that is empty is null.
Json coverage_json();

/// The table for people: article → rules → events → tests, an article a paragraph.
std::string coverage_text();
/// The page docs/rules.md.
std::string coverage_markdown();

}  // namespace ismap::registry
