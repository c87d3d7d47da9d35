#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "registry/result.h"
#include "server/edge/event_loop.h"

namespace ismap::server {

/// Accepts connections and answers their requests. Binding, accepting and stopping are cpp-httplib's; holding
/// connections, reading, guarding and writing are ours (facts §6), from `process_and_close_socket` on.
class Connections {
 public:
  explicit Connections(LoopParts parts);
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /// Binds and serves in threads of its own; port 0 takes any. Returns the port. To be called once.
  /// REQUIRES: signals that end the program are blocked, so that no thread of ours gets them.
  /// Errors: unavailable (the address is taken, or not ours).
  registry::Result<std::uint16_t> start(const std::string& host, std::uint16_t port);
  /// Likewise on a Unix socket at `path`, which only this user may open; a socket left there is replaced.
  registry::Result<registry::Done> start_local(const std::filesystem::path& path);
  /// Accepts no more, finishes requests under way and joins all threads. May be called twice.
  void stop();

 private:
  class Listener;
  std::unique_ptr<Listener> listener_;
};

}  // namespace ismap::server
