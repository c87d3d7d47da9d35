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

}  // namespace

std::variant<Options, std::string> parse_command_line(int argc, const char* const* argv) {
  CLI::App app("The register of cloud services for low-risk government work (ISMAP-LIU).", "ismap-liu");
  app.set_version_flag("--version", "ismap-liu " ISMAP_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(36);

  InitOptions init;
  CLI::App* init_command = with_data(app.add_subcommand("init", "make a data folder with its keys and key set 1"), init.data);
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

  FsckOptions fsck;
  CLI::App* fsck_command =
      with_data(app.add_subcommand("fsck", "replay the journal and compare everything with it"), fsck.data);
  fsck_command->add_flag("--rebuild", fsck.rebuild, "make the derived tables anew first");
  fsck_command->add_flag("--json", fsck.json, "print the report as JSON");

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
  if (fsck_command->parsed()) return Options{fsck};
  const auto address = parse_listen(listen);
  if (!address) return "--listen wants HOST:PORT, not " + listen + "\n";
  serve.host = address->first;
  serve.port = address->second;
  return Options{serve};
}

}  // namespace ismap::server
