#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "server/edge/http.h"

namespace ismap::test {

/// A client that sends what it is told, right or wrong, and waits at most ten seconds for an answer.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // the server has closed; what it said can still be read
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// The next response; status 0 when the connection ends first. `head_only`: a HEAD was asked.
  server::Response read(bool head_only = false) {
    while (received_.find("\r\n\r\n") == std::string::npos) {
      if (!more()) return ended();
    }
    const auto head_end = received_.find("\r\n\r\n") + 4;
    server::Response out = parse_head(received_.substr(0, head_end));
    received_.erase(0, head_end);
    const bool empty = head_only || out.status == 204 || out.status == 304 || out.status == 100;
    const std::size_t length = empty ? 0 : std::stoul(std::string(out.headers.get("Content-Length").value_or("0")));
    while (received_.size() < length) {
      if (!more()) return ended();
    }
    out.body = std::make_shared<const std::string>(received_.substr(0, length));
    received_.erase(0, length);
    return out;
  }

  server::Response ask(std::string_view bytes, bool head_only = false) {
    send(bytes);
    return read(head_only);
  }

  /// Whether the server has closed and nothing is left to be read.
  bool closed() { return received_.empty() && !more(); }

 private:
  static server::Response ended() {
    server::Response out;
    out.status = 0;
    return out;
  }

  bool more() {
    char chunk[65536];
    const ssize_t got = ::recv(socket_, chunk, sizeof chunk, 0);
    if (got > 0) received_.append(chunk, static_cast<std::size_t>(got));
    return got > 0;
  }

  static server::Response parse_head(std::string_view head) {
    server::Response out;
    out.status = std::stoi(std::string(head.substr(9, 3)));
    head.remove_prefix(head.find("\r\n") + 2);
    while (head != "\r\n") {
      const auto end = head.find("\r\n");
      const std::string_view line = head.substr(0, end);
      const auto colon = line.find(':');
      out.headers.add(std::string(line.substr(0, colon)), std::string(server::trimmed(line.substr(colon + 1))));
      head.remove_prefix(end + 2);
    }
    return out;
  }

  int socket_;
  std::string received_;
};

}  // namespace ismap::test
