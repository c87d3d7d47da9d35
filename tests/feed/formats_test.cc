#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "feed/verify/fault.h"
#include "registry/acts.h"
#include "registry/canonical_json.h"
#include "registry/event.h"

/// docs/formats.md says what the code says.
namespace ismap::feed {
namespace {

/// A row "| `code` | result | … |" of the table of docs/formats.md.
TEST(Formats, TableOfFaultsIsThatOfTheCode) {
  std::ifstream in(ISMAP_TEST_DATA "/../../docs/formats.md");
  std::stringstream text;
  text << in.rdbuf();
  const std::map<verify::Ending, std::string> words{{verify::Ending::refused, "refused, 1"},
                                                    {verify::Ending::usage, "usage, 2"},
                                                    {verify::Ending::unreachable, "unreachable, 3"},
                                                    {verify::Ending::unknown, "unknown, 4"}};
  std::size_t rows = 0;
  for (int n = 0; n <= static_cast<int>(verify::Fault::feed_cover); ++n) {
    const auto fault = static_cast<verify::Fault>(n);
    const std::string row = fmt::format("\n| `{}` | {} | {} |", verify::code_of(fault),
                                        words.at(verify::ending_of(fault)), verify::en_of(fault));
    EXPECT_NE(text.str().find(row), std::string::npos) << row;
    ++rows;
  }
  std::size_t documented = 0;
  std::string line;
  while (std::getline(text, line)) {
    const bool is_row = line.starts_with("| `") && std::any_of(words.begin(), words.end(), [&](const auto& word) {
                          return line.find("` | " + word.second + " |") != std::string::npos;
                        });
    documented += is_row ? 1 : 0;
  }
  EXPECT_EQ(documented, rows) << "a row of no fault";
}

/// The event that an act becomes; a correction may cite what the corrected act cited.
constexpr std::array<std::pair<registry::Act, registry::EventKind>, 11> kEvents{{
    {registry::Act::register_service, registry::EventKind::registered},
    {registry::Act::renew, registry::EventKind::renewed},
    {registry::Act::file_renewal, registry::EventKind::renewal_filed},
    {registry::Act::close_renewal, registry::EventKind::renewal_closed},
    {registry::Act::change, registry::EventKind::changed},
    {registry::Act::usage, registry::EventKind::usage_updated},
    {registry::Act::suspend, registry::EventKind::suspended},
    {registry::Act::reinstate, registry::EventKind::reinstated},
    {registry::Act::start_re_audit, registry::EventKind::re_audit_started},
    {registry::Act::end_re_audit, registry::EventKind::re_audit_ended},
    {registry::Act::remove, registry::EventKind::removed},
}};

TEST(Formats, SchemaOfLeavesNamesTheArticlesOfTheActs) {
  std::ifstream in(ISMAP_TEST_DATA "/../../docs/schemas/leaf.schema.json");
  std::stringstream text;
  text << in.rdbuf();
  const registry::Json schema = registry::Json::parse(text.str());
  std::map<std::string, std::set<registry::Json>> documented;
  for (const registry::Json& rule : schema.at("allOf")) {
    const auto event = rule.at("if").at("properties").at("event").at("const").get<std::string>();
    const registry::Json& then = rule.at("then").at("properties");
    if (!then.contains("article")) continue;
    for (const registry::Json& article : then.at("article").at("enum")) documented[event].insert(article);
  }
  for (const auto& [act, kind] : kEvents) {
    std::set<registry::Json> allowed;
    for (const registry::Permission& permission : registry::permissions()) {
      if (permission.act != act) continue;
      allowed.insert(permission.article.empty() ? registry::Json(nullptr) : registry::Json(permission.article));
    }
    EXPECT_EQ(documented[std::string(registry::name_of(kind))], allowed) << registry::name_of(kind);
  }
}

}  // namespace
}  // namespace ismap::feed
