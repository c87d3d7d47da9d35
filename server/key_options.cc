#include "server/key_options.h"

#include <CLI/CLI.hpp>

namespace ismap::server {

namespace {

using Action = KeyOptions::Action;

CLI::App* add_one(CLI::App& key, KeyOptions& options, Action action, const char* name, const char* about) {
  CLI::App* command = key.add_subcommand(name, about);
  command->callback([&options, action] { options.action = action; });
  CLI::Option* file =
      command->add_option("--passphrase-file", options.data.passphrase_file, "passphrase of the private keys");
  file->type_name("FILE");
  command->add_option("--passphrase-fd", options.data.passphrase_fd, "the same from a descriptor")->excludes(file);
  return command;
}

/// An option that may be given several times, with one value each.
template <class T>
CLI::Option* add_each(CLI::App* command, const char* name, std::vector<T>& values, const char* about) {
  return command->add_option(name, values, about)->allow_extra_args(false);
}

CLI::App* with_data(CLI::App* command, KeyOptions& options) {
  command->add_option("--data", options.data.folder, "data folder")->required()->type_name("DIR");
  return command;
}

/// A command that writes a draft of the next key set.
CLI::App* add_draft(CLI::App& key, KeyOptions& options, Action action, const char* name, const char* about) {
  CLI::App* command = with_data(add_one(key, options, action, name, about), options);
  command->add_option("--out", options.draft, "file for the draft to be signed")->required()->type_name("DRAFT");
  return command;
}

void add_rotate(CLI::App& key, KeyOptions& options) {
  CLI::App* command = add_draft(key, options, Action::rotate, "rotate", "make the next key of a role; other root keys");
  command->add_option("ROLE", options.roles, "jwt, log, atom; several at once; or root")->required();
  add_each(command, "--add", options.add, "root: a public key that new-root wrote; may be repeated")->type_name("FILE");
  add_each(command, "--remove", options.remove, "root: a kid to take away; may be repeated")->type_name("KID");
  command->add_option("--threshold", options.threshold, "root: how many root keys must sign");
}

void add_retire_and_revoke(CLI::App& key, KeyOptions& options) {
  CLI::App* retire = add_draft(key, options, Action::retire, "retire", "take away keys that have been replaced");
  retire->add_option("KID", options.kids, "as key list names them; after -- when it begins with a hyphen")->required();
  CLI::App* revoke = add_draft(key, options, Action::revoke, "revoke", "take away a key that others may hold");
  revoke->add_option("KID", options.kids, "as key list names it; after -- when it begins with a hyphen")->required();
  revoke->add_option("--reason", options.reason, "why; it is published")->required();
  revoke->add_option("--last-good-ver", options.last_good_ver, "last list version to believe (default: the present)");
  revoke->add_option("--last-good-size", options.last_good_size, "last log size to believe (default: the present)");
}

void add_offline(CLI::App& key, KeyOptions& options) {
  CLI::App* fresh = add_one(key, options, Action::new_root, "new-root", "offline: make a root key");
  fresh->add_option("--out", options.draft, "file for the private key")->required()->type_name("FILE");
  fresh->add_option("--public", options.public_out, "file for the public key")->required()->type_name("FILE");
  CLI::App* sign = add_one(key, options, Action::sign, "sign", "offline: read a draft and sign it");
  add_each(sign, "--root", options.roots, "a private root key; may be repeated")->required()->type_name("FILE");
  sign->add_option("DRAFT", options.draft, "the draft; the signatures are added to it")->required();
  sign->add_flag("--yes", options.yes, "sign without asking");
}

}  // namespace

CLI::App* add_key_commands(CLI::App& app, KeyOptions& options) {
  CLI::App* key = app.add_subcommand("key", "the key set: list, rotate, renew, retire, revoke, witness, sign, install");
  key->require_subcommand(1);
  CLI::App* list = with_data(add_one(*key, options, Action::list, "list", "which keys there are"), options);
  list->add_flag("--json", options.json, "print as JSON");
  add_rotate(*key, options);
  add_draft(*key, options, Action::renew, "renew", "the same keys with a new life");
  add_retire_and_revoke(*key, options);
  CLI::App* witness = add_draft(*key, options, Action::witness, "witness", "which witnesses must see the log");
  add_each(witness, "--add", options.add, "a witness; may be repeated")->type_name("VKEY");
  add_each(witness, "--remove", options.remove, "a witness's name; may be repeated")->type_name("NAME");
  witness->add_option("--quorum", options.threshold, "how many must sign");
  add_offline(*key, options);
  CLI::App* install =
      with_data(add_one(*key, options, Action::install, "install", "publish a draft that has been signed"), options);
  install->add_option("DRAFT", options.draft, "the signed draft")->required();
  return key;
}

}  // namespace ismap::server
