#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "server/edge/http.h"
#include "server/problem.h"

/// The one reader of requests. It is strict, so that no two programs on the way can understand a request differently.
/// Source: RFC 9112; facts §6 for the faults that it keeps out.
namespace ismap::server {

/// What a client may take of the server. Units: bytes, and time since the state was entered.
struct Limits {
  std::size_t head_bytes = 16 * 1024;
  std::size_t header_lines = 64;
  std::size_t target_bytes = 8 * 1024;
  std::size_t body_bytes = 1024 * 1024;         ///< in memory
  std::size_t linger_bytes = 24 * 1024 * 1024;  ///< what a refused client still sends is thrown away up to here
  std::size_t requests_per_connection = 1000;
  std::size_t connections = 8192;
  std::size_t waiting_requests = 1024;  ///< read and not yet taken by a worker
  std::size_t workers = 64;
  std::chrono::milliseconds head_time{10'000};
  std::chrono::milliseconds body_time{30'000};  ///< and as long again for each MB
  std::chrono::milliseconds idle_time{5'000};
  std::chrono::milliseconds write_time{30'000};  ///< likewise
  std::chrono::milliseconds linger_time{2'000};  ///< for a refused client to read why
  std::chrono::milliseconds drain_time{5'000};   ///< for requests under way when the server stops
};

/// Where the head of a request ends in what has arrived so far.
struct HeadScan {
  std::optional<std::size_t> end;  ///< just after the empty line
  bool bare_line_feed = false;     ///< a line that does not end in CR LF: refuse
};

/// Looks for the end of the head in `received`, from `from` on.
/// REQUIRES: `from` is 0 or the size of what was scanned before, without an end.
HeadScan scan_head(std::string_view received, std::size_t from);

/// The refusal when what has arrived of a head is too much already.
std::optional<Problem> over_limit(std::string_view received, const Limits& limits);

/// The head of a request, read and checked; the body is still to come.
struct Head {
  Request request;
  std::size_t content_length = 0;
  bool keep_alive = true;
  bool expects_continue = false;
};

/// Reads a head that ends in its empty line. After a refusal the connection cannot be read on and must be closed.
std::variant<Head, Problem> read_head(std::string_view head, const Limits& limits);

}  // namespace ismap::server
