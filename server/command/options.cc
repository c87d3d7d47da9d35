#include "server/command/options.h"

#include "server/command/option_groups.h"

namespace ismap::server {

std::variant<Options, std::string> parse_command_line(int argc, const char* const* argv) {
  CLI::App app("The register of cloud services for low-risk government work (ISMAP-LIU).", "ismap-liu");
  app.set_version_flag("--version", "ismap-liu " ISMAP_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(36);
  Chosen chosen;
  add_folder_commands(app, chosen);
  add_desk_commands(app, chosen);
  add_case_commands(app, chosen);
  add_proposal_commands(app, chosen);
  add_audit_command(app, chosen);
  add_public_commands(app, chosen);
  add_key_commands(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto commands = app.get_subcommands();
    return Options{PrintOptions{commands.empty() ? app.help() : commands.front()->help()}};
  } catch (const CLI::CallForVersion& version) {
    return Options{PrintOptions{std::string(version.what()) + "\n"}};
  } catch (const CLI::ParseError& wrong) {
    return std::string(wrong.what()) + "\nRun ismap-liu --help for the commands.\n";
  }
  return *chosen;
}

}  // namespace ismap::server
