#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "server/commands.h"
#include "server/key_commands.h"
#include "server/options.h"
#include "server/verify_command.h"

namespace {

struct Run {
  int operator()(const ismap::server::InitOptions& o) const { return run_init(o); }
  int operator()(const ismap::server::ImportOptions& o) const { return run_import(o); }
  int operator()(const ismap::server::ExportOptions& o) const { return run_export(o); }
  int operator()(const ismap::server::ServeOptions& o) const { return run_serve(o); }
  int operator()(const ismap::server::FsckOptions& o) const { return run_fsck(o); }
  int operator()(const ismap::server::BackupOptions& o) const { return run_backup(o); }
  int operator()(const ismap::server::RestoreOptions& o) const { return run_restore(o); }
  int operator()(const ismap::server::MirrorOptions& o) const { return run_mirror(o); }
  int operator()(const ismap::server::TokenOptions& o) const { return run_token(o); }
  int operator()(const ismap::server::ActOptions& o) const { return run_act(o); }
  int operator()(const ismap::server::DecideOptions& o) const { return run_decide(o); }
  int operator()(const ismap::server::VerifyOptions& o) const { return run_verify(o); }
  int operator()(const ismap::server::KeyOptions& o) const { return run_key(o); }
  int operator()(const ismap::server::CaseOptions& o) const { return run_cases(o); }
  int operator()(const ismap::server::RulesOptions& o) const { return run_rules(o); }
  int operator()(const ismap::server::PrintOptions& o) const {
    fmt::print("{}", o.text);
    return ismap::server::kExitDone;
  }
};

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto parsed = ismap::server::parse_command_line(argc, argv);
    if (const auto* wrong = std::get_if<std::string>(&parsed)) {
      fmt::print(stderr, "ismap-liu: {}", *wrong);
      return ismap::server::kExitUsage;
    }
    return std::visit(Run{}, std::get<ismap::server::Options>(parsed));
  } catch (const std::exception& fault) {
    fmt::print(stderr, "ismap-liu: {}\n", fault.what());
    return ismap::server::kExitFailed;
  }
}
