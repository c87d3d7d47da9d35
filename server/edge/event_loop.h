#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "registry/time.h"
#include "server/edge/body_place.h"
#include "server/edge/guard.h"
#include "server/edge/wire.h"
#include "server/edge/workers.h"

namespace ismap::server {

/// Answers a request. What it throws becomes a 503 that tells nothing of it.
using Answerer = std::function<Response(const Request&)>;

/// What the connections need besides their sockets.
struct LoopParts {
  Limits limits;
  Answerer answer;  ///< Thread: any worker
  /// Asked when the head is read and checked, before 100 Continue and the body; Limits::body_bytes is for memory alone,
  /// a sink has its own limit. May be empty: memory always. Thread: the loop's, so it must not wait.
  std::function<BodyPlace(const Request& head, std::size_t content_length)> body_place;
  std::function<registry::Instant()> now;               ///< for Date; Thread: any
  std::function<Reading()> on_read;                     ///< a request that may change something was read; may be empty
  std::function<void(std::string_view what)> on_fault;  ///< an exception that reached the edge; Thread: any
};

/// Holds all connections in one thread. A connection costs a buffer until a whole, checked request has arrived; only
/// then it takes a worker, and it gives the worker back before a slow client has read its answer. So idle, slow and
/// stuck clients cannot keep others waiting.
///
/// Life of a connection: idle → head → body → working → writing → idle | lingering → closed. Each state but `working`
/// has a deadline. A body is kept in the buffer, or handed to its sink as it arrives: the loop writes to the page
/// cache, a worker syncs. A connection that ends takes its sink with it. Only the loop's thread touches a connection;
/// while `working` only its worker does.
class EventLoop {
 public:
  explicit EventLoop(LoopParts parts);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Takes over an accepted socket. Thread: any.
  void adopt(int socket);
  /// Closes idle connections, lets requests under way finish within `drain_time`, and joins. Thread: the owner.
  void stop();

 private:
  struct Connection;
  using Clock = std::chrono::steady_clock;

  void run();
  void wake();
  [[nodiscard]] int milliseconds_to_next_deadline() const;

  // What other threads hand over.
  void take_inbox();
  void admit(int socket);
  void begin_drain();

  // What happens to one connection; each may close it.
  void on_ready(Connection& c);
  void read_more(Connection& c);
  void advance(Connection& c);
  void begin_body(Connection& c, std::size_t head_end);
  [[nodiscard]] BodyPlace place_body(const Head& head);
  void take_body(Connection& c);
  [[nodiscard]] std::optional<Problem> hand_over(Connection& c, std::size_t bytes);
  void dispatch(Connection& c);
  void answer_in_worker(Connection& c, const Request& request);
  void refuse(Connection& c, const Problem& problem, bool english = false);
  void write_on(Connection& c);
  void written(Connection& c);
  void on_deadline(Connection& c);
  void wait_for(Connection& c, unsigned events, Clock::time_point deadline);
  void forget_deadline(Connection& c);
  void close(Connection& c);
  void make_room();

  const LoopParts parts_;
  const int epoll_;
  const int wake_;
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;  ///< by socket
  std::set<std::pair<Clock::time_point, int>> deadlines_;
  std::atomic<bool> stopping_ = false;
  Clock::time_point drained_by_ = Clock::time_point::max();

  std::mutex inbox_mutex_;  ///< guards the inbox
  std::vector<int> accepted_;
  std::vector<Connection*> answered_;

  Workers workers_;  // after all that its work touches
  std::thread thread_;
};

}  // namespace ismap::server
