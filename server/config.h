#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "registry/result.h"
#include "server/edge/rate_limit.h"

namespace ismap::server {

/// How a server meets the network: what `serve --config FILE` says, and what holds when it says nothing.
struct Config {
  Rate token{50, 500};                                           ///< of one bearer token
  Rate address{500, 5000};                                       ///< of one network address
  std::vector<std::string> trusted_proxies{"127.0.0.1", "::1"};  ///< whose X-Forwarded-For counts; normal addresses
  friend bool operator==(const Config&, const Config&) = default;
};

/// Reads `{"rate": {"token": {"per_second", "burst"}, "address": {…}}, "trusted_proxies": […]}`; what is left out keeps
/// its default. Rates are whole numbers from 1 to 1,000,000.
/// Errors: malformed; invalid, with every mistake at once (unknown members are mistakes).
registry::Result<Config> parse_config(std::string_view json);

/// The same of a file; the defaults when no file is named. Errors: those of parse_config; unavailable.
registry::Result<Config> read_config(const std::filesystem::path& file);

}  // namespace ismap::server
