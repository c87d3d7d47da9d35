#include "server/edge/connections.h"

#include <fmt/format.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace ismap::server {

namespace {

constexpr int kBacklog = 1024;
constexpr std::size_t kLongestSocketPath = sizeof(sockaddr_un::sun_path) - 1;
constexpr int kNoPort = 80;  ///< the library wants a port for a Unix socket as well, and does nothing with it
constexpr std::size_t kOtherFiles = 256;  ///< descriptors that are not connections

/// Runs what it is given at once: the event loop takes the socket over, nothing waits.
class AtOnce : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> work) override { work(); }
  void shutdown() override {}
};

/// Asks for as many descriptors as the limits need, and lowers the limit to what the system grants: a server that
/// runs out of them would answer nobody.
Limits within_descriptors(Limits limits) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return limits;
  const rlim_t wanted = std::min<rlim_t>(files.rlim_max, limits.connections + kOtherFiles);
  if (files.rlim_cur < wanted) {
    files.rlim_cur = wanted;
    ::setrlimit(RLIMIT_NOFILE, &files);
    ::getrlimit(RLIMIT_NOFILE, &files);
  }
  const std::size_t granted = static_cast<std::size_t>(std::max<rlim_t>(files.rlim_cur, 2 * kOtherFiles));
  limits.connections = std::min(limits.connections, granted - kOtherFiles);
  return limits;
}

LoopParts within_descriptors(LoopParts parts) {
  parts.limits = within_descriptors(parts.limits);
  return parts;
}

}  // namespace

class Connections::Listener : public httplib::Server {
 public:
  explicit Listener(LoopParts parts) : loop_(within_descriptors(std::move(parts))) {
    new_task_queue = [] { return new AtOnce(); };  // the library deletes it
    // Not the library's own SO_REUSEPORT: a second server on the port must be refused.
    set_socket_options([](socket_t socket) {
      const int on = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
      ::fcntl(socket, F_SETFD, FD_CLOEXEC);
    });
  }
  ~Listener() override { finish(); }

  /// Returns the port, or nothing.
  std::optional<std::uint16_t> bind(const std::string& host, std::uint16_t port) {
    host_ = host;
    if (!bind_to_port(host, port)) return std::nullopt;
    port_ = bound_port();
    ::listen(svr_sock_, kBacklog);  // the library's 5 overflows under any burst; listening again widens it
    return port_;
  }

  /// A Unix socket at `path`, mode 0600 from its first moment.
  bool bind_local(const std::filesystem::path& path) {
    set_address_family(AF_UNIX);
    ::unlink(path.c_str());
    const mode_t before = ::umask(0177);
    const bool bound = bind_to_port(path.string(), kNoPort);
    ::umask(before);
    if (bound) ::listen(svr_sock_, kBacklog);
    return bound;
  }

  void begin() {
    thread_ = std::thread([this] { accept_until_stopped(); });
    wait_until_listening();
  }

  void finish() {
    stopping_ = true;
    if (thread_.joinable()) {
      wait_until_listening();
      stop();
      thread_.join();
    }
    loop_.stop();
  }

 private:
  bool process_and_close_socket(socket_t socket) override {
    loop_.adopt(socket);
    return true;
  }

  /// An odd error of accept ends the library's loop; only our own stop may.
  void accept_until_stopped() {
    bool bound = true;
    for (;;) {
      if (bound) listen_after_bind();
      if (stopping_) break;
      std::this_thread::sleep_for(std::chrono::milliseconds{100});
      bound = bind(host_, port_).has_value();
    }
    ended_ = true;
  }

  void wait_until_listening() const {
    while (!is_running() && !ended_) std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }

  [[nodiscard]] std::uint16_t bound_port() const {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (::getsockname(svr_sock_, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
    if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
  }

  EventLoop loop_;
  std::string host_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

Connections::Connections(LoopParts parts) : listener_(std::make_unique<Listener>(std::move(parts))) {}

Connections::~Connections() = default;

registry::Result<std::uint16_t> Connections::start(const std::string& host, std::uint16_t port) {
  const auto bound = listener_->bind(host, port);
  if (!bound) {
    return registry::Error{
        registry::Code::unavailable, "", "",
        fmt::format("{}:{} で待ち受けられません（使用中か、この機械のアドレスではありません）", host, port),
        fmt::format("cannot listen on {}:{} (in use, or not an address of this machine)", host, port)};
  }
  listener_->begin();
  return *bound;
}

registry::Result<registry::Done> Connections::start_local(const std::filesystem::path& path) {
  if (path.native().size() > kLongestSocketPath) {
    return registry::Error{
        registry::Code::unavailable, "", "",
        fmt::format("{} はUnixソケットのパスとして長すぎます（{}バイトまで）。データフォルダーのパスを短くしてください",
                    path.string(), kLongestSocketPath),
        fmt::format("{} is too long for a Unix socket (at most {} octets): put the data folder under a shorter path",
                    path.string(), kLongestSocketPath)};
  }
  if (!listener_->bind_local(path)) {
    return registry::Error{registry::Code::unavailable, "", "", path.string() + " で待ち受けられません",
                           "cannot listen on " + path.string()};
  }
  listener_->begin();
  return registry::Done{};
}

void Connections::stop() { listener_->finish(); }

}  // namespace ismap::server
