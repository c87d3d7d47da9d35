#pragma once

#include "server/command/options.h"

/// The commands of the program. Each prints for people (or as JSON where asked) and returns an exit code of options.h.
namespace ismap::server {

int run_init(const InitOptions& options);
int run_import(const ImportOptions& options);
int run_export(const ExportOptions& options);
int run_serve(const ServeOptions& options);
int run_fsck(const FsckOptions& options);
int run_backup(const BackupOptions& options);
int run_restore(const RestoreOptions& options);
int run_mirror(const MirrorOptions& options);
int run_token(const TokenOptions& options);
int run_act(const ActOptions& options);
int run_decide(const DecideOptions& options);
int run_rules(const RulesOptions& options);

}  // namespace ismap::server
