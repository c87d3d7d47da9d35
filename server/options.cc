#include "server/options.h"

#include <CLI/CLI.hpp>
#include <memory>

namespace ismap::server {

namespace {

/// `HOST:PORT` or `[IPv6]:PORT`; nothing when it is neither.
std::optional<std::pair<std::string, std::uint16_t>> parse_listen(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  std::string host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const std::string port = text.substr(colon + 1);
  if (host.empty() || port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  const int number = std::stoi(port);
  if (number > 65535) return std::nullopt;
  return std::pair{host, static_cast<std::uint16_t>(number)};
}

CLI::App* with_data(CLI::App* command, std::filesystem::path& data) {
  command->add_option("--data", data, "data folder")->required()->type_name("DIR");
  return command;
}

CLI::App* add_export(CLI::App& app, ExportOptions& options) {
  CLI::App* command =
      with_data(app.add_subcommand("export", "write all published files for any static web server"), options.data);
  command->add_option("OUT", options.out, "folder to write to; made if missing")->required();
  command->add_flag("--json", options.json, "print the report as JSON");
  return command;
}

CLI::App* add_token_issue(CLI::App& token_command, TokenOptions& token) {
  CLI::App* command = with_data(token_command.add_subcommand("issue", "make a token and print it, once"), token.data);
  command->add_option("--role", token.role, "operator, committee, ministries, registrant …")->required();
  command->add_option("--organisation", token.organisation, "who holds it")->required();
  command->add_option("--service", token.services, "a registrant's registration number; may be repeated");
  command->add_option("--days", token.days, "how long it holds (default: 90, at most 400)");
  command->add_flag("--json", token.json, "print as JSON");
  return command;
}

CLI::App* add_act(CLI::App& app, ActOptions& act) {
  CLI::App* command = with_data(app.add_subcommand("act", "do an act on a service, under its article"), act.data);
  command->add_option("--role", act.role, "the role that acts")->required();
  command->add_option("ACT", act.act, "register renew file-renewal close-renewal change usage correct")->required();
  command->add_option("--service", act.service, "registration number")->required();
  command->add_option("--article", act.article, "article of the rules, such as 14.2");
  command->add_option("--effective", act.effective, "day from which it holds (default: today)")->type_name("DAY");
  command->add_option("--reason", act.reason, "why, for the ledger")->required();
  command->add_option("--basis", act.basis, "what it rests on and by which channel it came")->required();
  command->add_option("--fields", act.fields, "the act's own fields, as JSON")->type_name("FILE");
  return command;
}

CLI::App* add_decide(CLI::App& app, DecideOptions& decide) {
  CLI::App* command = with_data(app.add_subcommand("decide", "accept a filing or return it"), decide.data);
  command->add_option("--role", decide.role, "the role that decides")->required();
  command->add_option("FILING", decide.filing, "number of the filing")->required();
  command->add_option("DECISION", decide.decision, "accept, or return for a defect of form")->required();
  command->add_option("--article", decide.article, "article of the rules, such as 14.2")->required();
  command->add_option("--reason", decide.reason, "why, for both sides")->required();
  return command;
}

CLI::App* add_verify(CLI::App& app, VerifyOptions& verify) {
  CLI::App* command = app.add_subcommand("verify", "check a publication, or one filed document, as the public can");
  CLI::Option* base = command->add_option("BASE", verify.base, "folder or http(s)://HOST of the publication");
  command->add_option("--trust", verify.trust, "folder with root.jwks and keysver")->required()->type_name("DIR");
  command->add_option("--state", verify.state, "folder that keeps what was seen")->type_name("DIR");
  command->add_option("--now", verify.now, "instant of the check (default: the clock)")->type_name("POSIX");
  command->add_option("--service", verify.services, "at a URL: also this service's documents; may be repeated");
  CLI::Option* keys = command->add_option("--keys", verify.keys, "key sets 1.json … filed with it")->type_name("DIR");
  CLI::Option* evidence = command->add_option("--evidence", verify.evidence, "a filed status or receipt (JWT)");
  evidence->type_name("FILE")->needs(keys)->excludes(base);
  command->add_flag("--json", verify.json, "print as JSON");
  return command;
}

}  // namespace

std::variant<Options, std::string> parse_command_line(int argc, const char* const* argv) {
  CLI::App app("The register of cloud services for low-risk government work (ISMAP-LIU).", "ismap-liu");
  app.set_version_flag("--version", "ismap-liu " ISMAP_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(36);

  InitOptions init;
  CLI::App* init_command =
      with_data(app.add_subcommand("init", "make a data folder with its keys and key set 1"), init.data);
  init_command->add_option("--origin", init.origin, "name of the log, for ever: HOST/log")->required();
  init_command->add_option("--iss", init.iss, "issuer of what is signed (default: https://HOST)");

  ImportOptions import;
  CLI::App* import_command =
      with_data(app.add_subcommand("import", "import an operator's list (CSV or JSON), all or nothing"), import.data);
  import_command->add_flag("--dry-run", import.dry_run, "show what would change, change nothing");
  import_command->add_flag("--json", import.json, "print the report as JSON");
  import_command->add_option("FILE", import.file, "the list")->required();

  ServeOptions serve;
  std::string listen = "127.0.0.1:8080";
  CLI::App* serve_command = with_data(app.add_subcommand("serve", "publish and answer over HTTP"), serve.data);
  serve_command->add_option("--listen", listen, "address (default: 127.0.0.1:8080)")->type_name("HOST:PORT");

  ExportOptions site;
  CLI::App* export_command = add_export(app, site);

  FsckOptions fsck;
  CLI::App* fsck_command =
      with_data(app.add_subcommand("fsck", "replay the journal and compare everything with it"), fsck.data);
  fsck_command->add_flag("--rebuild", fsck.rebuild, "make the derived tables anew first");
  fsck_command->add_flag("--json", fsck.json, "print the report as JSON");

  TokenOptions token;
  CLI::App* token_command = app.add_subcommand("token", "bearer tokens: issue, list, revoke");
  token_command->require_subcommand(1);
  add_token_issue(*token_command, token);
  CLI::App* tokens_command = with_data(token_command->add_subcommand("list", "who holds a token"), token.data);
  tokens_command->add_flag("--json", token.json, "print as JSON");
  CLI::App* revoke_command = with_data(token_command->add_subcommand("revoke", "end a token now"), token.data);
  revoke_command->add_option("ID", token.id, "the token's id, as listed")->required();
  revoke_command->add_flag("--json", token.json, "print as JSON");

  ActOptions act;
  CLI::App* act_command = add_act(app, act);
  DecideOptions decide;
  CLI::App* decide_command = add_decide(app, decide);

  VerifyOptions verify;
  CLI::App* verify_command = add_verify(app, verify);

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app.get_subcommands();
    return Options{PrintOptions{chosen.empty() ? app.help() : chosen.front()->help()}};
  } catch (const CLI::CallForVersion& version) {
    return Options{PrintOptions{std::string(version.what()) + "\n"}};
  } catch (const CLI::ParseError& wrong) {
    return std::string(wrong.what()) + "\nRun ismap-liu --help for the commands.\n";
  }
  if (init_command->parsed()) return Options{init};
  if (import_command->parsed()) return Options{import};
  if (export_command->parsed()) return Options{site};
  if (fsck_command->parsed()) return Options{fsck};
  if (act_command->parsed()) return Options{act};
  if (decide_command->parsed()) return Options{decide};
  if (verify_command->parsed()) {
    if (verify.base.empty() && verify.evidence.empty()) return "verify wants BASE or --evidence\n";
    return Options{verify};
  }
  if (token_command->parsed()) {
    if (tokens_command->parsed()) token.action = TokenOptions::Action::list;
    if (revoke_command->parsed()) token.action = TokenOptions::Action::revoke;
    return Options{token};
  }
  const auto address = parse_listen(listen);
  if (!address) return "--listen wants HOST:PORT, not " + listen + "\n";
  serve.host = address->first;
  serve.port = address->second;
  return Options{serve};
}

}  // namespace ismap::server
