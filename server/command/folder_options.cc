#include "server/command/option_groups.h"

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

void add_init(CLI::App& app, Chosen& chosen) {
  auto [command, init] =
      add_data_command<InitOptions>(app, chosen, "init", "make a data folder with its keys and key set 1");
  add_clock(*command, init->data);
  command->add_option("--origin", init->origin, "name of the log, for ever: HOST/log")->required();
  command->add_option("--iss", init->iss, "issuer of what is signed (default: https://HOST)");
}

void add_serve(CLI::App& app, Chosen& chosen) {
  auto [command, serve] = add_data_command<ServeOptions>(app, chosen, "serve", "publish and answer over HTTP");
  add_clock(*command, serve->data);
  const auto take = [options = serve](const std::string& text) {
    const auto address = parse_listen(text);
    if (!address) throw CLI::ValidationError("--listen", "wants HOST:PORT, not " + text);
    options->host = address->first;
    options->port = address->second;
  };
  command->add_option_function<std::string>("--listen", take, "address (default: 127.0.0.1:8080)")
      ->type_name("HOST:PORT");
  command->add_option("--config", serve->config, "rates and trusted proxies, as JSON (default: built in)")
      ->type_name("FILE");
  command->add_option("--socket-group", serve->socket_group, "let this group use DIR/socket too (default: its owner)")
      ->type_name("GROUP");
}

void add_import(CLI::App& app, Chosen& chosen) {
  auto [command, import] =
      add_data_command<ImportOptions>(app, chosen, "import", "import an operator's list (CSV or JSON), all or nothing");
  add_clock(*command, import->data);
  command->add_flag("--dry-run", import->dry_run, "show what would change, change nothing");
  command->add_flag("--json", import->json, "print the report as JSON");
  command->add_option("FILE", import->file, "the list")->required();
}

void add_export(CLI::App& app, Chosen& chosen) {
  auto [command, options] =
      add_data_command<ExportOptions>(app, chosen, "export", "write all published files for any static web server");
  add_clock(*command, options->data);
  command->add_option("OUT", options->out, "folder to write to; made if missing")->required();
  command->add_flag("--json", options->json, "print the report as JSON");
}

void add_fsck(CLI::App& app, Chosen& chosen) {
  auto [command, fsck] =
      add_data_command<FsckOptions>(app, chosen, "fsck", "replay the journal and compare everything with it");
  command->add_flag("--rebuild", fsck->rebuild, "make the derived tables anew first");
  command->add_flag("--json", fsck->json, "print the report as JSON");
}

void add_backup(CLI::App& app, Chosen& chosen) {
  auto [command, backup] = add_data_command<BackupOptions>(
      app, chosen, "backup", "copy database and attachments beside a running server; no private keys, no guard file");
  command->add_option("OUT", backup->out, "folder to make")->required();
}

void add_restore(CLI::App& app, Chosen& chosen) {
  auto [command, restore] =
      add_data_command<RestoreOptions>(app, chosen, "restore", "continue the log of a mirror in a data folder");
  add_clock(*command, restore->data);
  command->add_option("MIRROR", restore->mirror, "folder or http(s)://HOST that has the newest publication")
      ->required();
  command->add_option("--trust", restore->trust, "folder with root.jwks and keysver (default: DIR/trust)")
      ->type_name("DIR");
  command->add_flag("--json", restore->json, "print the report as JSON");
}

}  // namespace

void add_folder(CLI::App& command, FolderPlace& place) {
  command.add_option("--data", place.folder, "data folder")->required()->type_name("DIR");
  add_passphrase(command, place);
}

void add_clock(CLI::App& command, FolderPlace& place) {
  const auto take = [&place](const std::string& text) {
    place.clock = registry::Instant::parse(text);
    if (!place.clock) throw CLI::ValidationError("--clock", "wants an instant like 2026-12-01T00:00:00Z, not " + text);
  };
  command
      .add_option_function<std::string>("--clock", take,
                                        "of a rehearsal: the time from which its clock runs on; the folder stays one")
      ->type_name("INSTANT");
}

void add_passphrase(CLI::App& command, FolderPlace& place) {
  CLI::Option* file = command.add_option("--passphrase-file", place.passphrase_file, "passphrase of the private keys");
  file->type_name("FILE");
  command.add_option("--passphrase-fd", place.passphrase_fd, "the same from a descriptor")->excludes(file);
}

void add_folder_commands(CLI::App& app, Chosen& chosen) {
  add_init(app, chosen);
  add_serve(app, chosen);
  add_import(app, chosen);
  add_export(app, chosen);
  add_fsck(app, chosen);
  add_backup(app, chosen);
  add_restore(app, chosen);
}

}  // namespace ismap::server
