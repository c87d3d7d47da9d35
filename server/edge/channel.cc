#include "server/edge/channel.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace ismap::server {

namespace {

constexpr std::size_t kReadAtOnce = 64 * 1024;  ///< of a body that is not in memory

Channel::State state_of(ssize_t moved) {
  if (moved > 0) return Channel::State::moved;
  if (moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return Channel::State::blocked;
  return Channel::State::ended;
}

iovec vector_of(std::string_view bytes) {
  // sendmsg does not write through the pointer.
  return iovec{const_cast<char*>(bytes.data()), bytes.size()};
}

/// User id of the process at the other end of a Unix socket.
std::optional<std::uint32_t> user_at_other_end(int socket) {
  int family = 0;
  socklen_t length = sizeof family;
  if (::getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &family, &length) != 0 || family != AF_UNIX) return std::nullopt;
  ucred credentials{};
  length = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return std::nullopt;
  return credentials.uid;
}

}  // namespace

Channel::Channel(int socket) : socket_(socket), local_user_(user_at_other_end(socket)) {
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // fails on a Unix socket: nothing lost
  ::fcntl(socket_, F_SETFD, FD_CLOEXEC);
}

Channel::~Channel() { ::close(socket_); }

Channel::State Channel::receive(std::string& buffer, std::size_t most) {
  std::array<char, 16 * 1024> chunk;
  const ssize_t got = ::recv(socket_, chunk.data(), std::min(most, chunk.size()), MSG_DONTWAIT);
  if (got > 0) buffer.append(chunk.data(), static_cast<std::size_t>(got));
  return state_of(got);
}

Channel::State Channel::send(Outgoing& outgoing) {
  while (!outgoing.done()) {
    const std::size_t of_head = std::min(outgoing.sent, outgoing.head.size());
    const std::size_t of_body = outgoing.sent - of_head;
    std::string piece;  // of a body that is not in memory
    std::array<iovec, 2> parts{vector_of(std::string_view(outgoing.head).substr(of_head)), iovec{}};
    if (outgoing.body) parts[1] = vector_of(std::string_view(*outgoing.body).substr(of_body));
    if (outgoing.source) {
      piece = outgoing.source->read(of_body, kReadAtOnce);
      if (piece.empty() && of_body < outgoing.source->size()) return State::ended;  // the client sees it was cut short
      parts[1] = vector_of(piece);
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const ssize_t sent = ::sendmsg(socket_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent <= 0) return state_of(sent);
    outgoing.sent += static_cast<std::size_t>(sent);
  }
  return State::moved;
}

void Channel::end_sending() { ::shutdown(socket_, SHUT_WR); }

std::string Channel::peer() const {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (::getpeername(socket_, reinterpret_cast<sockaddr*>(&address), &length) != 0) return "";
  const void* bytes = nullptr;
  if (address.ss_family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in*>(&address)->sin_addr;
  if (address.ss_family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr;
  if (bytes == nullptr || ::inet_ntop(address.ss_family, bytes, text.data(), text.size()) == nullptr) return "";
  return text.data();
}

}  // namespace ismap::server
