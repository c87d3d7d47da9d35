#include "server/command/key_options.h"

#include "server/command/option_groups.h"

namespace ismap::server {

namespace {

using KeyAction = KeyOptions::Action;
using AddedKeyCommand = std::pair<CLI::App*, std::shared_ptr<KeyOptions>>;

/// One action of `key` that needs no data folder: it is for the machine of a root key.
AddedKeyCommand add_offline(CLI::App& key, Chosen& chosen, KeyAction action, const char* name, const char* what) {
  auto added = add_command<KeyOptions>(key, chosen, name, what);
  added.second->action = action;
  add_passphrase(*added.first, added.second->data);
  return added;
}

AddedKeyCommand add_key_action(CLI::App& key, Chosen& chosen, KeyAction action, const char* name, const char* what) {
  auto added = add_data_command<KeyOptions>(key, chosen, name, what);
  added.second->action = action;
  add_clock(*added.first, added.second->data);
  return added;
}

/// An action that writes a draft of the next key set.
AddedKeyCommand add_draft(CLI::App& key, Chosen& chosen, KeyAction action, const char* name, const char* what) {
  auto added = add_key_action(key, chosen, action, name, what);
  added.first->add_option("--out", added.second->draft, "file for the draft to be signed")
      ->required()
      ->type_name("DRAFT");
  return added;
}

void add_kids(CLI::App* command, KeyOptions& options) {
  command->add_option("KID", options.kids, "as key list names it; after -- when one begins with a hyphen")->required();
}

void add_rotate(CLI::App& key, Chosen& chosen) {
  auto [command, options] =
      add_draft(key, chosen, KeyAction::rotate, "rotate", "make the next key of a role; or change the root keys");
  command->add_option("ROLE", options->roles, "jwt, log, atom; several at once; or root alone")->required();
  add_each(command, "--add", options->add, "root: a public key that new-root wrote; may be repeated")
      ->type_name("FILE");
  add_each(command, "--remove", options->remove, "root: one to take away; may be repeated")->type_name("KID");
  command->add_option("--threshold", options->threshold, "root: how many root keys must sign");
}

void add_revoke(CLI::App& key, Chosen& chosen) {
  auto [command, options] =
      add_draft(key, chosen, KeyAction::revoke, "revoke", "take away a key that others may hold, and replace it");
  add_kids(command, *options);
  command->add_option("--reason", options->reason, "why; it is published")->required();
  command->add_option("--last-good-ver", options->last_good_ver, "last list version to believe (default: the present)");
  command->add_option("--last-good-size", options->last_good_size, "last log size to believe (default: the present)");
}

void add_witness(CLI::App& key, Chosen& chosen) {
  auto [command, options] =
      add_draft(key, chosen, KeyAction::witness, "witness", "change which witnesses must see the log");
  add_each(command, "--add", options->add, "a witness; may be repeated")->type_name("VKEY");
  add_each(command, "--remove", options->remove, "a witness's name; may be repeated")->type_name("NAME");
  command->add_option("--quorum", options->threshold, "how many must sign");
}

void add_root_holder(CLI::App& key, Chosen& chosen) {
  auto [fresh, root] = add_offline(key, chosen, KeyAction::new_root, "new-root", "offline: make a root key");
  fresh->add_option("--out", root->draft, "file for the private key")->required()->type_name("FILE");
  fresh->add_option("--public", root->public_out, "file for the public key")->required()->type_name("FILE");
  auto [sign, options] = add_offline(key, chosen, KeyAction::sign, "sign", "offline: read a draft, and sign it");
  add_each(sign, "--root", options->roots, "a private root key; may be repeated")->required()->type_name("FILE");
  sign->add_option("DRAFT", options->draft, "the draft; the signatures are added to it")->required();
  sign->add_flag("--yes", options->yes, "sign without asking");
}

}  // namespace

void add_key_commands(CLI::App& app, Chosen& chosen) {
  CLI::App* key = app.add_subcommand("key", "the key set and its ceremonies");
  key->require_subcommand(1);
  auto [list, listing] =
      add_key_action(*key, chosen, KeyAction::list, "list", "which keys there are, and what they do");
  list->add_flag("--json", listing->json, "print as JSON");
  add_rotate(*key, chosen);
  add_draft(*key, chosen, KeyAction::renew, "renew", "the same keys with a new life");
  auto [retire, retiring] = add_draft(*key, chosen, KeyAction::retire, "retire", "take away keys that were replaced");
  add_kids(retire, *retiring);
  add_revoke(*key, chosen);
  add_witness(*key, chosen);
  add_root_holder(*key, chosen);
  auto [install, signed_one] =
      add_key_action(*key, chosen, KeyAction::install, "install", "publish a draft that has been signed");
  install->add_option("DRAFT", signed_one->draft, "the signed draft")->required();
}

}  // namespace ismap::server
