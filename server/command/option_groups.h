#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "server/command/options.h"

/// The commands of the command line, in the groups in which they are explained. Each adds itself to the app; when it is
/// the one that was given, its options are what was chosen.
namespace ismap::server {

using Chosen = std::optional<Options>;

/// A data folder and its life: init, serve, import, export, fsck, backup, restore.
void add_folder_commands(CLI::App& app, Chosen& chosen);
/// Acting: token, act, decide.
void add_desk_commands(CLI::App& app, Chosen& chosen);
/// What anybody can do: verify, mirror, rules.
void add_public_commands(CLI::App& app, Chosen& chosen);

/// The key set and its ceremonies: key list, rotate, renew, retire, revoke, witness, new-root, sign, install.
void add_key_commands(CLI::App& app, Chosen& chosen);

/// The case ledger: cases list, show, deadlines, open, step.
void add_case_commands(CLI::App& app, Chosen& chosen);

/// The audit trail: audit.
void add_audit_command(CLI::App& app, Chosen& chosen);

/// A second person, and what is set: proposal list, show, confirm, reject; settings.
void add_proposal_commands(CLI::App& app, Chosen& chosen);

/// `--data`, and the passphrase of the folder's private keys.
void add_folder(CLI::App& command, FolderPlace& place);
/// `--clock`, of a command that reckons with the time.
void add_clock(CLI::App& command, FolderPlace& place);
/// `--passphrase-file` and `--passphrase-fd`.
void add_passphrase(CLI::App& command, FolderPlace& place);

/// An option that may be given several times, each time with one value: what follows is not swallowed.
template <class T>
CLI::Option* add_each(CLI::App* command, const char* name, std::vector<T>& values, const char* what) {
  return command->add_option(name, values, what)->allow_extra_args(false);
}

/// A command whose options are a T; `command->add_option` fills them.
template <class T>
std::pair<CLI::App*, std::shared_ptr<T>> add_command(CLI::App& app, Chosen& chosen, const char* name,
                                                     const char* what) {
  auto options = std::make_shared<T>();
  CLI::App* command = app.add_subcommand(name, what);
  command->final_callback([options, &chosen] { chosen = *options; });
  return {command, std::move(options)};
}

/// The same for a command that works on a data folder.
template <class T>
std::pair<CLI::App*, std::shared_ptr<T>> add_data_command(CLI::App& app, Chosen& chosen, const char* name,
                                                          const char* what) {
  auto added = add_command<T>(app, chosen, name, what);
  add_folder(*added.first, added.second->data);
  return added;
}

}  // namespace ismap::server
