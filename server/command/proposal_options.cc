#include "server/command/proposal_options.h"

#include "server/command/option_groups.h"

namespace ismap::server {

namespace {

using ProposalAction = ProposalOptions::Action;
using AddedProposalCommand = std::pair<CLI::App*, std::shared_ptr<ProposalOptions>>;

AddedProposalCommand add_proposal_action(CLI::App& proposal, Chosen& chosen, ProposalAction action, const char* name,
                                         const char* what) {
  auto added = add_data_command<ProposalOptions>(proposal, chosen, name, what);
  auto& [command, options] = added;
  options->action = action;
  add_clock(*command, options->data);
  command->add_option("--role", options->role, "the role that asks or confirms (default: operator)");
  command->add_flag("--json", options->json, "print as JSON");
  return added;
}

void add_settings(CLI::App& app, Chosen& chosen) {
  auto [command, options] =
      add_data_command<SettingsOptions>(app, chosen, "settings", "what is set for the register; or change it");
  add_clock(*command, options->data);
  command->add_flag("--json", options->json, "print as JSON");
  CLI::Option* reason = command->add_option("--reason", options->reason, "why, for the ledger");
  command->add_option("--four-eyes", options->four_eyes, "acts that need a second person: suspend,remove,key or none")
      ->type_name("ACTS")
      ->needs(reason);
}

}  // namespace

void add_proposal_commands(CLI::App& app, Chosen& chosen) {
  CLI::App* proposal = app.add_subcommand("proposal", "acts that wait for a second person (four-eyes)");
  proposal->require_subcommand(1);
  auto [list, listing] =
      add_proposal_action(*proposal, chosen, ProposalAction::list, "list", "the open proposals, oldest first");
  list->add_option("--state", listing->state, "open, confirmed, rejected, expired or all (default: open)");
  auto [show, showing] = add_proposal_action(*proposal, chosen, ProposalAction::show, "show", "one proposal");
  show->add_option("ID", showing->id, "number of the proposal")->required();
  auto [confirm, confirming] =
      add_proposal_action(*proposal, chosen, ProposalAction::confirm, "confirm", "do what another person proposed");
  confirm->add_option("ID", confirming->id, "number of the proposal")->required();
  confirm->add_option("--reason", confirming->reason, "why, for the ledger");
  auto [reject, rejecting] =
      add_proposal_action(*proposal, chosen, ProposalAction::reject, "reject", "end a proposal without the act");
  reject->add_option("ID", rejecting->id, "number of the proposal")->required();
  reject->add_option("--reason", rejecting->reason, "why, for the ledger")->required();
  add_settings(app, chosen);
}

}  // namespace ismap::server
