#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "registry/canonical_json.h"
#include "registry/result.h"
#include "server/command/local_client.h"
#include "server/office/folder_place.h"
#include "server/office/office.h"

/// How a command has its work done: by the server that owns the folder if there is one, else by this process.
namespace ismap::server {

/// All bytes of a file or a pipe. Errors: unavailable.
registry::Result<std::string> read_input(const std::filesystem::path& file);

using Here = std::function<registry::Result<registry::Json>(Office&)>;

/// Asks the server that owns the folder, or opens the folder and does it here.
/// Errors: those of the work, and of opening the folder.
registry::Result<registry::Json> have_done(const FolderPlace& data, const LocalRequest& request, const Here& here);

/// What the route of the request answers: asked of the server that owns the folder, or in this process as if over its
/// socket. Errors: those of the route, and of opening the folder.
registry::Result<std::string> have_answered(const FolderPlace& data, const LocalRequest& request);

/// The request that follows from an answer; nothing when that was the last.
using NextRequest = std::function<std::optional<LocalRequest>(const std::string& answer)>;

/// The same for one request after the other, by one server or one opening of the folder. Errors: those of the first
/// request that fails.
registry::Result<registry::Done> have_each_answered(const FolderPlace& data, const LocalRequest& first,
                                                    const NextRequest& next);

/// Prints a result, or its errors on stderr, and gives the exit code.
int finish(const registry::Result<registry::Json>& result, const std::function<void(const registry::Json&)>& print);

void print_json(const registry::Json& json);

/// What became of recorded events as JSON: {"list_ver", "seqs"}; {"proposal"} where four-eyes holds them back. Errors:
/// why they are not published yet.
registry::Result<registry::Json> outcome_of(const Recorded& recorded);

}  // namespace ismap::server
