#pragma once

#include <string>
#include <vector>

/// Other people's programs, as oracles for what we emit. A tool that is missing makes its test fail, never skip.
namespace ismap::test {

/// How a program ended. `exit_code` is 127 when there is no such program, 128 + n when signal n ended it.
struct ToolRun {
  int exit_code = 0;
  std::string out;  ///< standard output
  std::string err;  ///< standard error
};

/// Runs a program found in PATH, without a shell, and waits for it. `argv[0]` is its name.
ToolRun run_tool(const std::vector<std::string>& argv);

}  // namespace ismap::test
