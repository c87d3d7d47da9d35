#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace ismap::test {

/// Answers everybody with a head that never ends: an octet every 20 ms, for as long as the client listens.
class DrippingServer {
 public:
  DrippingServer() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
      throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~DrippingServer() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
  }
  DrippingServer(const DrippingServer&) = delete;
  DrippingServer& operator=(const DrippingServer&) = delete;
  [[nodiscard]] std::string base() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// Octets that clients took.
  [[nodiscard]] int sent() const { return sent_; }

 private:
  void serve() {
    while (!stopping_) {
      pollfd waiting{listener_, POLLIN, 0};
      if (::poll(&waiting, 1, 20) != 1) continue;
      const int client = ::accept(listener_, nullptr, nullptr);
      drip(client, "HTTP/1.1 200 OK\r\nX-Drip: ");
      ::close(client);
    }
  }
  void drip(int client, std::string_view head) {
    ::send(client, head.data(), head.size(), MSG_NOSIGNAL);
    while (!stopping_ && ::send(client, "x", 1, MSG_NOSIGNAL) == 1) {
      ++sent_;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> sent_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace ismap::test
