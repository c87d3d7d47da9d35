#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "registry/canonical_json.h"
#include "registry/result.h"

namespace ismap::server {

/// The local socket of a data folder.
std::filesystem::path local_socket(const std::filesystem::path& data_folder);

/// A request to the server that owns a data folder.
struct LocalRequest {
  std::string method = "POST";
  std::string path;
  std::string body;
  std::string content_type = "application/json";
  std::map<std::string, std::string> headers;
};

/// Asks the server that owns the folder over its socket; nothing when no server is there.
/// Errors: those that the server answers; unavailable when the connection breaks.
std::optional<registry::Result<registry::Json>> ask_server(const std::filesystem::path& data_folder,
                                                           const LocalRequest& request);
/// The same for an answer of whatever form: its body.
std::optional<registry::Result<std::string>> ask_server_for_text(const std::filesystem::path& data_folder,
                                                                 const LocalRequest& request);

/// The body of an answer; the errors of a problem document.
registry::Result<std::string> body_or_errors(int status, std::string body);

}  // namespace ismap::server
