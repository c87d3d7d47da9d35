#include "server/command/case_options.h"

#include "server/command/option_groups.h"

namespace ismap::server {

namespace {

using Action = CaseOptions::Action;
using Added = std::pair<CLI::App*, std::shared_ptr<CaseOptions>>;

Added add_action(CLI::App& cases, Chosen& chosen, Action action, const char* name, const char* what) {
  auto added = add_data_command<CaseOptions>(cases, chosen, name, what);
  auto& [command, options] = added;
  options->action = action;
  add_clock(*command, options->data);
  command->add_option("--role", options->role, "the role that asks or acts (default: operator)");
  command->add_flag("--json", options->json, "print as JSON");
  return added;
}

/// What a step is: the options of open and step.
void add_step_options(CLI::App* command, CaseOptions& options) {
  command->add_option("--step", options.step, "name of the step, such as preliminary-report")->required();
  command->add_option("--article", options.article, "article of the rules, such as 13.2")->required();
  command->add_option("--on", options.on, "day on which it was made (default: today)")->type_name("DAY");
  command->add_option("--reason", options.reason, "why, for the ledger")->required();
  command->add_option("--basis", options.basis, "by which channel it came, received that day");
  command->add_option("--fields", options.fields, "the step's own fields, basis and links, as JSON")->type_name("FILE");
}

void add_questions(CLI::App& cases, Chosen& chosen) {
  auto [list, listing] = add_action(cases, chosen, Action::list, "list", "the cases, oldest first");
  list->add_option("--service", listing->service, "registration number");
  list->add_option("--procedure", listing->procedure, "incident, notification, monitoring, re-audit, renewal …");
  list->add_option("--state", listing->state, "open or closed (default: both)");
  auto [show, showing] = add_action(cases, chosen, Action::show, "show", "one case, with its steps and deadlines");
  show->add_option("ID", showing->id, "number of the case")->required();
  auto [due, asking] = add_action(cases, chosen, Action::deadlines, "deadlines", "what is due, when, and why then");
  due->add_option("--service", asking->service, "registration number");
  due->add_option("--who", asking->who, "the role that must act");
  due->add_option("--until", asking->until, "only what is due by this day")->type_name("DAY");
  due->add_flag("--overdue", asking->overdue, "only what is overdue");
  due->add_flag("--ics", asking->calendar, "print as iCalendar");
}

}  // namespace

void add_case_commands(CLI::App& app, Chosen& chosen) {
  CLI::App* cases = app.add_subcommand("cases", "the case ledger: procedures that the list does not show");
  cases->require_subcommand(1);
  add_questions(*cases, chosen);
  auto [open, opening] = add_action(*cases, chosen, Action::open, "open", "open a case with its first step");
  open->add_option("--procedure", opening->procedure, "incident, notification, monitoring …")->required();
  open->add_option("--service", opening->service, "registration number")->required();
  add_step_options(open, *opening);
  auto [step, stepping] = add_action(*cases, chosen, Action::step, "step", "make a step in a case");
  step->add_option("ID", stepping->id, "number of the case")->required();
  add_step_options(step, *stepping);
  auto [destroy, destroying] = add_action(*cases, chosen, Action::destroy, "destroy",
                                          "destroy the texts of a step for good; the operator's, and recorded");
  destroy->add_option("ID", destroying->id, "number of the case")->required();
  destroy->add_option("STEP", destroying->number, "number of the step")->required();
  destroy->add_option("--ground", destroying->ground, "provision of the law on records, such as 公文書管理法 8")
      ->required();
  destroy->add_option("--reason", destroying->reason, "why, for the ledger")->required();
}

}  // namespace ismap::server
