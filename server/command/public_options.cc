#include "server/command/option_groups.h"

namespace ismap::server {

namespace {

void add_verify(CLI::App& app, Chosen& chosen) {
  auto [command, verify] = add_command<VerifyOptions>(app, chosen, "verify",
                                                      "check a publication, or one filed document, as the public can");
  CLI::Option* base = command->add_option("BASE", verify->base, "folder or http(s)://HOST of the publication");
  command->add_option("--trust", verify->trust, "folder with root.jwks and keysver")->required()->type_name("DIR");
  command->add_option("--state", verify->state, "folder that keeps what was seen")->type_name("DIR");
  command->add_option("--now", verify->now, "instant of the check (default: the clock)")->type_name("POSIX");
  add_each(command, "--service", verify->services,
           "this service's documents must be there; in a filed list: what it says of it; may be repeated");
  CLI::Option* keys = command->add_option("--keys", verify->keys, "key sets 1.json … filed with it")->type_name("DIR");
  CLI::Option* evidence = command->add_option("--evidence", verify->evidence, "a filed status, list or receipt (JWT)");
  evidence->type_name("FILE")->needs(keys)->excludes(base);
  CLI::Option* payload = command->add_option("--payload", verify->payload, "with a receipt: what was filed, as JSON");
  payload->type_name("FILE")->needs(evidence);
  command->add_flag("--json", verify->json, "print as JSON");
  command->parse_complete_callback([options = verify] {
    if (options->base.empty() && options->evidence.empty()) throw CLI::RequiredError("BASE or --evidence");
  });
}

void add_mirror(CLI::App& app, Chosen& chosen) {
  auto [command, mirror] =
      add_command<MirrorOptions>(app, chosen, "mirror", "keep a verified copy of a publication in a folder");
  command->add_option("ORIGIN", mirror->origin, "http(s)://HOST or folder of the publication")->required();
  command->add_option("DIR", mirror->folder, "folder of the mirror; made if missing")->required();
  command->add_option("--trust", mirror->trust, "folder with root.jwks and keysver")->required()->type_name("DIR");
  command->add_option("--now", mirror->now, "instant of the check (default: the clock)")->type_name("POSIX");
  CLI::Option* one =
      add_each(command, "--service", mirror->services, "also this service's evidence and feed; may be repeated");
  command->add_flag("--all-services", mirror->all_services, "evidence and feeds of all services")->excludes(one);
  command->add_flag("--json", mirror->json, "print the report as JSON");
}

void add_rules(CLI::App& app, Chosen& chosen) {
  auto [command, rules] =
      add_command<RulesOptions>(app, chosen, "rules", "which article is enforced by which rule, shown by which test");
  CLI::Option* json = command->add_flag("--json", rules->json, "print as JSON");
  command->add_flag("--markdown", rules->markdown, "print the page docs/rules.md")->excludes(json);
}

}  // namespace

void add_public_commands(CLI::App& app, Chosen& chosen) {
  add_verify(app, chosen);
  add_mirror(app, chosen);
  add_rules(app, chosen);
}

}  // namespace ismap::server
