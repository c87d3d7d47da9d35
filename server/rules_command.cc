#include <fmt/format.h>

#include <string>

#include "registry/coverage.h"
#include "server/commands.h"

namespace ismap::server {

namespace {

std::string listed(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

}  // namespace

int run_rules(const RulesOptions& options) {
  if (options.json) {
    fmt::print("{}\n", registry::coverage_json().dump(2));
    return kExitDone;
  }
  for (const registry::Coverage& row : registry::coverage()) {
    fmt::print("{:<6} {}\n", row.article, row.rules.empty() ? "—" : listed(row.rules));
    if (!row.events.empty()) fmt::print("       events: {}\n", listed(row.events));
    if (!row.tests.empty()) fmt::print("       {} tests\n", row.tests.size());
    if (!row.reason.empty()) fmt::print("       {}\n", row.reason);
  }
  return kExitDone;
}

}  // namespace ismap::server
