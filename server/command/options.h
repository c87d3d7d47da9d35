#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "server/command/audit_options.h"
#include "server/command/case_options.h"
#include "server/command/key_options.h"
#include "server/command/proposal_options.h"
#include "server/office/folder_place.h"

namespace ismap::server {

/// What the command line asks for, parsed; one struct a command.
struct InitOptions {
  FolderPlace data;
  std::string origin;
  std::string iss;  ///< empty: https://HOST of the origin
};
struct ImportOptions {
  FolderPlace data;
  std::filesystem::path file;
  bool dry_run = false;
  bool json = false;
};
struct ServeOptions {
  FolderPlace data;
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;
  std::filesystem::path config;  ///< settings of the edge; empty: the defaults
  std::string socket_group;      ///< whose members may use the local socket too; empty: the owner alone
};
struct FsckOptions {
  FolderPlace data;
  bool rebuild = false;
  bool json = false;
};
struct ExportOptions {
  FolderPlace data;
  std::filesystem::path out;
  bool json = false;
};
/// A copy of the database for safe keeping: neither private keys nor the guard file.
struct BackupOptions {
  FolderPlace data;
  std::filesystem::path out;
};
struct MirrorOptions {
  std::string origin;  ///< folder or http(s)://HOST
  std::filesystem::path folder;
  std::filesystem::path trust;
  std::optional<std::int64_t> now;  ///< POSIX seconds; the clock when unset
  std::vector<std::string> services;
  bool all_services = false;
  bool json = false;
};
struct RestoreOptions {
  FolderPlace data;
  std::string mirror;  ///< folder or http(s)://HOST
  std::filesystem::path trust;
  bool json = false;
};
struct TokenOptions {
  enum class Action { issue, list, rotate, revoke };
  Action action = Action::issue;
  FolderPlace data;
  std::string role;
  std::string organisation;
  std::string person;  ///< who has it in hand; empty: not said
  std::vector<std::string> services;
  int days = 90;
  std::string id;          ///< of the token to rotate or revoke
  int overlap_hours = 24;  ///< for how long the old one goes on
  bool json = false;
};
struct ActOptions {
  FolderPlace data;
  std::string role;
  std::string act;
  std::string service;
  std::string article;
  std::string effective;
  std::string reason;
  std::string basis;       ///< the channel by which it came; empty with case_id
  std::string case_id;     ///< the case on whose step it rests
  std::uint64_t step = 0;  ///< number of that step
  std::filesystem::path fields;
};
struct DecideOptions {
  FolderPlace data;
  std::string role;
  std::string filing;
  std::string decision;
  std::string article;
  std::string reason;
};
struct VerifyOptions {
  std::string base;  ///< folder or URL; empty with `evidence`
  std::filesystem::path trust;
  std::optional<std::filesystem::path> state;
  std::optional<std::int64_t> now;  ///< POSIX seconds; the clock when unset
  std::vector<std::string> services;
  std::filesystem::path evidence;  ///< a filed status, list or receipt; empty with `base`
  std::filesystem::path keys;      ///< the key sets filed with it
  std::filesystem::path payload;   ///< with a receipt: what was filed; empty: not compared
  bool json = false;
};
/// Which article is enforced where.
struct RulesOptions {
  bool json = false;
  bool markdown = false;  ///< as docs/rules.md
};
/// Nothing to do but to print: help, version.
struct PrintOptions {
  std::string text;
};

using Options =
    std::variant<InitOptions, ImportOptions, ExportOptions, ServeOptions, FsckOptions, BackupOptions, RestoreOptions,
                 MirrorOptions, TokenOptions, ActOptions, DecideOptions, VerifyOptions, KeyOptions, CaseOptions,
                 AuditOptions, ProposalOptions, SettingsOptions, RulesOptions, PrintOptions>;

/// Exit codes of every command: done, refused or failed, wrong usage; of `verify` alone: the publication cannot be
/// reached, it has expired.
inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitUnreachable = 3;
inline constexpr int kExitUnknown = 4;

/// Reads the command line. On wrong usage the text to print on stderr.
std::variant<Options, std::string> parse_command_line(int argc, const char* const* argv);

}  // namespace ismap::server
