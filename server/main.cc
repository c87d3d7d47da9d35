#include <fmt/format.h>
#include <malloc.h>

#include <cstdio>
#include <exception>

#include "server/command/commands.h"
#include "server/command/key_commands.h"
#include "server/command/options.h"
#include "server/command/verify_command.h"

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
  int operator()(const ismap::server::AuditOptions& o) const { return run_audit(o); }
  int operator()(const ismap::server::ProposalOptions& o) const { return run_proposal(o); }
  int operator()(const ismap::server::SettingsOptions& o) const { return run_settings(o); }
  int operator()(const ismap::server::RulesOptions& o) const { return run_rules(o); }
  int operator()(const ismap::server::PrintOptions& o) const {
    fmt::print("{}", o.text);
    return ismap::server::kExitDone;
  }
};

/// Lists and feeds are blocks of megabytes that each publication makes anew. glibc would map each of them and give it
/// back, so that every page is faulted in again, which costs more than to sign them; these bounds, in bytes, let it
/// keep them for the next. One arena, so that what one thread frees serves the others.
void keep_large_blocks() {
  constexpr int kMebibyte = 1 << 20;
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_MMAP_THRESHOLD, 32 * kMebibyte);
  ::mallopt(M_TRIM_THRESHOLD, 128 * kMebibyte);
  ::mallopt(M_TOP_PAD, 16 * kMebibyte);
}

}  // namespace

int main(int argc, char** argv) {
  keep_large_blocks();
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
