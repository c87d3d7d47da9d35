#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "server/edge/wire.h"

namespace ismap::server {

/// The bytes of one client's socket, never waiting. TLS has its place here: a channel that decrypts what it receives
/// and encrypts what it sends; nothing above it knows a socket.
class Channel {
 public:
  /// Takes over the socket.
  explicit Channel(int socket);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// How a transfer went: `blocked` = try again when the socket is ready.
  enum class State { moved, blocked, ended };

  /// Appends at most `most` bytes of what has arrived to `buffer`.
  State receive(std::string& buffer, std::size_t most);
  /// Sends as much as the socket takes, head and body together, and counts it in `outgoing.sent`.
  State send(Outgoing& outgoing);
  /// Tells the client that nothing more will come.
  void end_sending();

  [[nodiscard]] int socket() const { return socket_; }
  /// Address of the other end; empty for a Unix socket.
  [[nodiscard]] std::string peer() const;
  /// User id of the process at the other end of a Unix socket; nothing for any other socket.
  [[nodiscard]] std::optional<std::uint32_t> local_user() const { return local_user_; }

 private:
  int socket_;
  std::optional<std::uint32_t> local_user_;
};

}  // namespace ismap::server
