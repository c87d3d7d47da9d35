#include "server/edge/time_limit.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ismap::server {

LimitedSocket::~LimitedSocket() {
  if (copy_ >= 0) ::close(copy_);
}

void LimitedSocket::take(int socket) {
  const std::lock_guard<std::mutex> alone(mutex_);
  if (copy_ >= 0) ::close(copy_);
  copy_ = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (ended_ && copy_ >= 0) ::shutdown(copy_, SHUT_RDWR);
}

void LimitedSocket::end() {
  const std::lock_guard<std::mutex> alone(mutex_);
  ended_ = true;
  if (copy_ >= 0) ::shutdown(copy_, SHUT_RDWR);
}

void LimitedSocket::allow() {
  const std::lock_guard<std::mutex> alone(mutex_);
  ended_ = false;
}

TimeLimit::TimeLimit(LimitedSocket& socket, std::chrono::milliseconds time) : socket_(socket) {
  socket_.allow();
  const auto deadline = std::chrono::steady_clock::now() + time;
  thread_ = std::thread([this, deadline] {
    std::unique_lock<std::mutex> lock(mutex_);
    if (changed_.wait_until(lock, deadline, [this] { return done_; })) return;
    passed_ = true;
    socket_.end();
  });
}

TimeLimit::~TimeLimit() {
  {
    const std::lock_guard<std::mutex> alone(mutex_);
    done_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool TimeLimit::passed() {
  const std::lock_guard<std::mutex> alone(mutex_);
  return passed_;
}

}  // namespace ismap::server
