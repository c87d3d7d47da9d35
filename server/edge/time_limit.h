#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

/// A limit on the whole of what a client does on a connection: name, handshake, head and body of an answer, however
/// slowly they drip. A time-out of the library counts from one read to the next.
namespace ismap::server {

/// The socket that a client uses at present, and the way to end it. Thread: any.
class LimitedSocket {
 public:
  LimitedSocket() = default;
  ~LimitedSocket();
  LimitedSocket(const LimitedSocket&) = delete;
  LimitedSocket& operator=(const LimitedSocket&) = delete;

  /// Takes note of a new socket by a descriptor of its own, so that it never ends what another connection has become.
  void take(int socket);
  /// Ends the socket, and every one that is taken until allow(). Whoever reads or writes there fails at once.
  void end();
  void allow();

 private:
  std::mutex mutex_;  ///< guards the rest
  int copy_ = -1;
  bool ended_ = false;
};

/// While it lives, a clock runs: at the deadline the socket ends.
class TimeLimit {
 public:
  /// REQUIRES: `socket` outlives it.
  TimeLimit(LimitedSocket& socket, std::chrono::milliseconds time);
  ~TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

  /// Whether the time was up.
  [[nodiscard]] bool passed();

 private:
  LimitedSocket& socket_;
  std::mutex mutex_;  ///< guards done_ and passed_
  std::condition_variable changed_;
  bool done_ = false;
  bool passed_ = false;
  std::thread thread_;
};

}  // namespace ismap::server
