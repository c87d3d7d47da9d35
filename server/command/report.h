#pragma once

#include <string>

#include "registry/canonical_json.h"
#include "registry/registrar.h"
#include "registry/result.h"

/// What commands print.
namespace ismap::server {

/// Errors on stderr, Japanese first, one line each.
void print_errors(const registry::Errors& errors);

/// Prints errors and gives the exit code of a command that failed.
int failed(const registry::Errors& errors);

/// The report of an import as JSON: imported, changed, unchanged, lapsed, errors, notices, changes.
registry::Json to_json(const registry::ImportReport& report);
/// That report for people.
std::string to_text(const registry::Json& report, bool dry_run);

}  // namespace ismap::server
