#include "server/command/audit_options.h"

#include "server/command/option_groups.h"

namespace ismap::server {

namespace {

/// The parameters of a question; none of them goes with the whole chain.
void add_audit_filters(CLI::App* command, AuditOptions& options, CLI::Option* jsonl, CLI::Option* check) {
  CLI::Option* filters[] = {
      command->add_option("--since", options.since, "recorded on this day or later")->type_name("DAY"),
      command->add_option("--until", options.until, "recorded on this day or before")->type_name("DAY"),
      command->add_option("--act", options.act, "suspend, step, file, token-issue, settings …"),
      command->add_option("--role", options.role, "the role that acted"),
      command->add_option("--organisation", options.organisation, "the body that acted"),
      command->add_option("--token", options.token, "id of the token that spoke, or that it is about")->type_name("ID"),
      command->add_option("--service", options.service, "registration number that it is about")->type_name("ID"),
      command->add_option("--case", options.case_id, "the case that it is a step of")->type_name("ID"),
      command->add_option("--filing", options.filing, "the filing that it is about")->type_name("ID"),
      command->add_option("--event", options.event, "the public event that it made")->type_name("SEQ"),
      command->add_option("--limit", options.limit, "only the newest so many"),
      command->add_flag("--texts", options.texts, "with reasons and texts; that they were read is recorded"),
  };
  for (CLI::Option* filter : filters) {
    filter->excludes(jsonl);
    filter->excludes(check);
  }
}

}  // namespace

void add_audit_command(CLI::App& app, Chosen& chosen) {
  auto [command, options] =
      add_data_command<AuditOptions>(app, chosen, "audit", "who did what, when and from where, oldest first");
  add_clock(*command, options->data);
  command->add_flag("--json", options->json, "print as JSON");
  CLI::Option* jsonl = command->add_flag("--jsonl", options->jsonl, "print the chain as it is stored, an entry a line");
  CLI::Option* check = command->add_option(
      "--check", options->check, "{\"number\", \"sha256\"} as written down before: is the chain up to it whole");
  check->type_name("FILE")->excludes(jsonl);
  add_audit_filters(command, *options, jsonl, check);
}

}  // namespace ismap::server
