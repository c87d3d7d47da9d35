#include <fmt/format.h>

#include "registry/coverage.h"
#include "server/command/commands.h"

namespace ismap::server {

int run_rules(const RulesOptions& options) {
  if (options.json) {
    fmt::print("{}\n", registry::coverage_json().dump(2));
  } else {
    fmt::print("{}", options.markdown ? registry::coverage_markdown() : registry::coverage_text());
  }
  return kExitDone;
}

}  // namespace ismap::server
