#include "server/command/option_groups.h"

namespace ismap::server {

namespace {

/// One action of `token`; they share their options.
CLI::App* add_token_action(CLI::App& token, Chosen& chosen, TokenOptions::Action action, const char* name,
                           const char* what, std::shared_ptr<TokenOptions>& options) {
  auto [command, made] = add_data_command<TokenOptions>(token, chosen, name, what);
  made->action = action;
  add_clock(*command, made->data);
  command->add_flag("--json", made->json, "print as JSON");
  options = made;
  return command;
}

void add_token(CLI::App& app, Chosen& chosen) {
  CLI::App* token = app.add_subcommand("token", "bearer tokens: issue, list, rotate, revoke");
  token->require_subcommand(1);
  std::shared_ptr<TokenOptions> options;
  CLI::App* issue = add_token_action(*token, chosen, TokenOptions::Action::issue, "issue",
                                     "make a token and print it, once", options);
  issue->add_option("--role", options->role, "operator, committee, ministries, registrant …")->required();
  issue->add_option("--organisation", options->organisation, "who holds it")->required();
  issue->add_option("--person", options->person, "who has it in hand, for `token list`");
  add_each(issue, "--service", options->services, "a registrant's registration number; may be repeated");
  issue->add_option("--days", options->days, "how long it holds (default: 90, at most 400)");
  add_token_action(*token, chosen, TokenOptions::Action::list, "list", "who holds a token", options);
  CLI::App* rotate = add_token_action(*token, chosen, TokenOptions::Action::rotate, "rotate",
                                      "replace a token by a new one and print that, once", options);
  rotate->add_option("ID", options->id, "the token's id, as listed")->required();
  rotate->add_option("--overlap", options->overlap_hours, "how long the old one goes on (default: 24, at most 168)")
      ->type_name("HOURS");
  CLI::App* revoke =
      add_token_action(*token, chosen, TokenOptions::Action::revoke, "revoke", "end a token now", options);
  revoke->add_option("ID", options->id, "the token's id, as listed")->required();
}

/// What --fields holds for each act (design: surfaces).
constexpr const char* kFieldsOfActs =
    "Fields of each act, as a JSON object in --fields:\n"
    "  register       11.1               {record}\n"
    "  renew          11.2               {items}\n"
    "  file-renewal   12.1               {}\n"
    "  close-renewal  9.6 18.2(3) or no article   {result: not-accepted|dismissed|withdrawn}\n"
    "  change         14.1 14.2          {changes}\n"
    "  usage          11.5(13)           {agencies_using}\n"
    "  suspend        13.5 14.3          {}\n"
    "                 13.7               {incident_on, conditions [, incident_estimated, known_on]}\n"
    "  reinstate      13.6 13.10 14.4    {opening: when more than one could be meant}\n"
    "  start-re-audit 16.1 16.5          {part, due_on}\n"
    "  end-re-audit   16.3 16.4 16.7     {result: confirmed|not-confirmed [, opening]}\n"
    "  remove         18.2(1) to 18.2(7) {}; 18.2(6): {[opening, incident_on, known_on]}\n"
    "  correct        no article         {seq, changes}\n"
    "What is not public (incident, conditions, part, due_on) goes to the case ledger, never into the list.";

void add_act(CLI::App& app, Chosen& chosen) {
  auto [command, act] = add_data_command<ActOptions>(app, chosen, "act", "do an act on a service, under its article");
  add_clock(*command, act->data);
  command->add_option("--role", act->role, "the role that acts")->required();
  command
      ->add_option("ACT", act->act,
                   "register renew file-renewal close-renewal change usage suspend reinstate start-re-audit "
                   "end-re-audit remove correct")
      ->required();
  command->add_option("--service", act->service, "registration number")->required();
  command->add_option("--article", act->article, "article of the rules, such as 14.2");
  command->add_option("--effective", act->effective, "day from which it holds (default: today)")->type_name("DAY");
  command->add_option("--reason", act->reason, "why, for the ledger")->required();
  CLI::Option* basis = command->add_option("--basis", act->basis, "what it rests on and by which channel it came");
  CLI::Option* in_case = command->add_option("--case", act->case_id, "or the case that it rests on, and its --step");
  command->add_option("--step", act->step, "number of the step of the case")->needs(in_case);
  in_case->type_name("ID")->excludes(basis);
  command->parse_complete_callback([options = act] {
    if (options->basis.empty() && options->case_id.empty()) throw CLI::RequiredError("--basis or --case");
  });
  command->add_option("--fields", act->fields, "the act's own fields, as JSON")->type_name("FILE");
  command->footer(kFieldsOfActs);
}

void add_decide(CLI::App& app, Chosen& chosen) {
  auto [command, decide] = add_data_command<DecideOptions>(app, chosen, "decide", "accept a filing or return it");
  add_clock(*command, decide->data);
  command->add_option("--role", decide->role, "the role that decides")->required();
  command->add_option("FILING", decide->filing, "number of the filing")->required();
  command->add_option("DECISION", decide->decision, "accept, or return for a defect of form")->required();
  command->add_option("--article", decide->article, "article of the rules, such as 14.2")->required();
  command->add_option("--reason", decide->reason, "why, for both sides")->required();
}

}  // namespace

void add_desk_commands(CLI::App& app, Chosen& chosen) {
  add_token(app, chosen);
  add_act(app, chosen);
  add_decide(app, chosen);
}

}  // namespace ismap::server
