#include "tests/support/tool.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "tests/support/temp_folder.h"

namespace ismap::test {

namespace {

int wait_for(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child) throw std::runtime_error("could not wait for a tool");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int spawn_and_wait(const std::vector<std::string>& argv, const std::string& out, const std::string& err) {
  std::vector<std::string> words = argv;
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& w : words) pointers.push_back(w.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, pointers.front(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? wait_for(child) : 127;
}

}  // namespace

ToolRun run_tool(const std::vector<std::string>& argv) {
  const TempFolder folder;
  const std::string out = folder.path() / "out";
  const std::string err = folder.path() / "err";
  const int exit_code = spawn_and_wait(argv, out, err);
  if (exit_code == 127) return {exit_code, "", argv.front() + ": no such program"};
  return {exit_code, read_file(out), read_file(err)};
}

}  // namespace ismap::test
