#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "registry/result.h"
#include "server/context.h"
#include "server/edge/connections.h"
#include "server/site/pages.h"

namespace ismap::server {

/// How the server is set up.
struct HttpServerOptions {
  Limits limits;
  /// Told what went wrong when an exception reached the edge; clients are told nothing of it. Thread: any worker.
  std::function<void(std::string_view what)> on_fault = [](std::string_view) {};
};

/// The whole HTTP edge: connections, routes and pages. TLS has its seam in server/edge/channel.h.
/// Thread: the owner's for all calls.
class HttpServer {
 public:
  /// `context` must live longer than the server.
  HttpServer(const Context& context, HttpServerOptions options);

  /// Serves on HOST:PORT until stop; port 0 takes any. Returns the port. To be called once.
  /// REQUIRES: signals that end the program are blocked, so that no thread of ours gets them.
  /// Errors: unavailable.
  registry::Result<std::uint16_t> start(const std::string& host, std::uint16_t port) {
    return connections_.start(host, port);
  }
  /// Likewise on a Unix socket that only this user may open. Errors: unavailable.
  registry::Result<registry::Done> start_local(const std::filesystem::path& path) {
    return connections_.start_local(path);
  }
  /// Finishes requests under way and joins all threads; the destructor does so too.
  void stop() { connections_.stop(); }

 private:
  const Pages pages_;
  Connections connections_;
};

}  // namespace ismap::server
