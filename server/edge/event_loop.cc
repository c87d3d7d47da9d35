#include "server/edge/event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <limits>
#include <optional>
#include <system_error>

#include "server/edge/channel.h"
#include "server/problem.h"

namespace ismap::server {

namespace {

constexpr std::size_t kMostReceived = 16 * 1024;
constexpr std::size_t kMegabyte = 1024 * 1024;

/// `time`, and as long again for each megabyte.
std::chrono::milliseconds for_bytes(std::chrono::milliseconds time, std::size_t bytes) {
  return time * (1 + static_cast<std::int64_t>(bytes / kMegabyte));
}

Problem internal_fault() {
  return problem_of(503, "内部の誤りのため、いまは応じられません", "an internal fault; try again later");
}

int checked(int descriptor) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "epoll");
  return descriptor;
}

}  // namespace

struct EventLoop::Connection {
  enum class State { idle, head, body, working, writing, lingering };

  explicit Connection(int socket) : channel(socket) {}

  Channel channel;
  State state = State::idle;
  std::string received;     ///< not yet part of a request
  std::size_t scanned = 0;  ///< of `received`, while no head is complete
  Head head;
  std::size_t body_left = 0;  ///< bytes of the body that its sink has not got yet
  Outgoing outgoing;
  std::size_t requests = 0;
  std::size_t discarded = 0;  ///< while lingering
  Clock::time_point deadline = Clock::time_point::max();
  std::optional<Clock::time_point> armed;  ///< its entry in deadlines_
};

EventLoop::EventLoop(LoopParts parts)
    : parts_(std::move(parts)),
      epoll_(checked(::epoll_create1(EPOLL_CLOEXEC))),
      wake_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))),
      workers_(parts_.limits.workers, parts_.limits.waiting_requests) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = wake_;
  checked(::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event));
  thread_ = std::thread([this] { run(); });
}

EventLoop::~EventLoop() {
  stop();
  for (const int socket : accepted_) ::close(socket);
  ::close(wake_);
  ::close(epoll_);
}

void EventLoop::adopt(int socket) {
  {
    const std::lock_guard lock(inbox_mutex_);
    accepted_.push_back(socket);
  }
  wake();
}

void EventLoop::stop() {
  stopping_ = true;
  wake();
  if (thread_.joinable()) thread_.join();
  workers_.stop();
}

void EventLoop::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_, &one, sizeof one);  // a full counter wakes as well
}

void EventLoop::run() {
  std::array<epoll_event, 256> events{};
  while (!stopping_ || !connections_.empty()) {
    const int ready = ::epoll_wait(epoll_, events.data(), events.size(), milliseconds_to_next_deadline());
    for (int i = 0; i < ready; ++i) {
      const int socket = events[static_cast<std::size_t>(i)].data.fd;
      const auto found = connections_.find(socket);
      if (found != connections_.end()) on_ready(*found->second);
    }
    take_inbox();  // after the events: a socket's number may be reused only now
    const Clock::time_point now = Clock::now();
    while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
      on_deadline(*connections_.at(deadlines_.begin()->second));
    }
    if (stopping_) begin_drain();
  }
}

int EventLoop::milliseconds_to_next_deadline() const {
  if (deadlines_.empty()) return stopping_ ? 100 : -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadlines_.begin()->first - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

void EventLoop::take_inbox() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t read = ::read(wake_, &count, sizeof count);
  std::vector<int> accepted;
  std::vector<Connection*> answered;
  {
    const std::lock_guard lock(inbox_mutex_);
    accepted.swap(accepted_);
    answered.swap(answered_);
  }
  for (Connection* c : answered) write_on(*c);
  for (const int socket : accepted) admit(socket);
}

void EventLoop::admit(int socket) {
  if (connections_.size() >= parts_.limits.connections) make_room();
  auto connection = std::make_unique<Connection>(socket);
  epoll_event event{};
  event.data.fd = socket;
  const bool full = stopping_ || connections_.size() >= parts_.limits.connections;
  if (full || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) != 0) return;  // closes the socket
  Connection& c = *connection;
  connections_[socket] = std::move(connection);
  wait_for(c, EPOLLIN, Clock::now() + parts_.limits.idle_time);
}

/// Closes the connection that has been without a whole request for longest, so that a flood of slow clients drives out
/// its own.
void EventLoop::make_room() {
  if (!deadlines_.empty()) close(*connections_.at(deadlines_.begin()->second));
}

void EventLoop::begin_drain() {
  if (drained_by_ == Clock::time_point::max()) drained_by_ = Clock::now() + parts_.limits.drain_time;
  const bool late = Clock::now() >= drained_by_;
  std::vector<Connection*> idle;
  for (const auto& entry : connections_) {
    const auto state = entry.second->state;
    const bool under_way = state == Connection::State::working || (state == Connection::State::writing && !late);
    if (!under_way) idle.push_back(entry.second.get());
  }
  for (Connection* c : idle) close(*c);
}

void EventLoop::on_ready(Connection& c) {
  switch (c.state) {
    case Connection::State::idle:
    case Connection::State::head:
    case Connection::State::body:
      return read_more(c);
    case Connection::State::writing:
      return write_on(c);
    case Connection::State::lingering: {
      std::string ignored;
      const auto state = c.channel.receive(ignored, kMostReceived);
      c.discarded += ignored.size();
      if (state == Channel::State::ended || c.discarded > parts_.limits.linger_bytes) return close(c);
      return wait_for(c, EPOLLIN, c.deadline);
    }
    case Connection::State::working:
      return;
  }
}

void EventLoop::read_more(Connection& c) {
  switch (c.channel.receive(c.received, kMostReceived)) {
    case Channel::State::ended:
      return close(c);
    case Channel::State::blocked:
      return wait_for(c, EPOLLIN, c.deadline);
    case Channel::State::moved:
      return advance(c);
  }
}

void EventLoop::advance(Connection& c) {
  if (c.state == Connection::State::idle) {
    if (c.received.size() >= 2 && c.received.starts_with("\r\n")) c.received.erase(0, 2);  // RFC 9112 §2.2
    if (c.received.empty()) return wait_for(c, EPOLLIN, c.deadline);
    c.state = Connection::State::head;
    c.deadline = Clock::now() + parts_.limits.head_time;
  }
  if (c.state == Connection::State::head) {
    const HeadScan scan = scan_head(c.received, c.scanned);
    c.scanned = c.received.size();
    if (scan.bare_line_feed) return refuse(c, problem_of(400, "改行はCR LFに限ります", "lines end in CR LF"));
    if (scan.end) return begin_body(c, *scan.end);
    if (const auto problem = over_limit(c.received, parts_.limits)) return refuse(c, *problem);
    return wait_for(c, EPOLLIN, c.deadline);
  }
  if (c.head.request.sink) return take_body(c);
  if (c.received.size() >= c.head.content_length) return dispatch(c);
  wait_for(c, EPOLLIN, c.deadline);
}

void EventLoop::begin_body(Connection& c, std::size_t head_end) {
  Limits any_body = parts_.limits;
  if (parts_.body_place) any_body.body_bytes = std::numeric_limits<std::size_t>::max();  // its place knows the limit
  auto read = read_head(std::string_view(c.received).substr(0, head_end), any_body);
  if (const auto* problem = std::get_if<Problem>(&read)) return refuse(c, *problem);
  c.head = std::get<Head>(std::move(read));
  c.received.erase(0, head_end);
  c.scanned = 0;
  c.head.request.peer = c.channel.peer();
  c.head.request.local_user = c.channel.local_user();
  auto place = place_body(c.head);
  if (const auto* problem = std::get_if<Problem>(&place)) {
    return refuse(c, *problem, prefers_english(c.head.request));
  }
  c.head.request.sink = std::get<std::shared_ptr<BodySink>>(std::move(place));
  c.body_left = c.head.content_length;
  c.state = Connection::State::body;
  c.deadline = Clock::now() + for_bytes(parts_.limits.body_time, c.head.content_length);
  if (c.head.expects_continue && c.received.size() < c.head.content_length) {
    Outgoing interim{"HTTP/1.1 100 Continue\r\n\r\n", nullptr, nullptr, 0, false};
    c.channel.send(interim);  // 25 bytes into an empty buffer; a client that never sees them sends the body anyway
  }
  advance(c);
}

/// Where the body goes; what is thrown on the way is a problem too.
BodyPlace EventLoop::place_body(const Head& head) {
  BodyPlace place;
  try {
    if (parts_.body_place) place = parts_.body_place(head.request, head.content_length);
  } catch (const std::exception& fault) {
    parts_.on_fault(fault.what());
    return internal_fault();
  }
  const auto* sink = std::get_if<std::shared_ptr<BodySink>>(&place);
  const bool to_memory = sink != nullptr && *sink == nullptr;
  if (!to_memory || head.content_length <= parts_.limits.body_bytes) return place;
  return problem_of(413, "本文が大きすぎます", "the body is too large");
}

/// Hands what has arrived of the body to its sink; the refusal when that failed.
std::optional<Problem> EventLoop::hand_over(Connection& c, std::size_t bytes) {
  try {
    const auto written = c.head.request.sink->write(std::string_view(c.received).substr(0, bytes));
    if (!written.ok()) return problem_of(written.errors());
  } catch (const std::exception& fault) {
    parts_.on_fault(fault.what());
    return internal_fault();
  }
  c.received.erase(0, bytes);
  c.body_left -= bytes;
  return std::nullopt;
}

void EventLoop::take_body(Connection& c) {
  if (const auto refusal = hand_over(c, std::min(c.received.size(), c.body_left))) return refuse(c, *refusal);
  if (c.body_left == 0) return dispatch(c);
  wait_for(c, EPOLLIN, c.deadline);
}

void EventLoop::dispatch(Connection& c) {
  Request request = std::move(c.head.request);
  if (!request.sink) {
    request.body = c.received.substr(0, c.head.content_length);
    c.received.erase(0, c.head.content_length);
  }
  const bool safe = request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS";
  if (safe) request.body.clear();  // it has no meaning there
  if (!safe && parts_.on_read) request.reading = parts_.on_read();
  ++c.requests;
  forget_deadline(c);
  c.state = Connection::State::working;
  auto work = [this, &c, shared = std::make_shared<const Request>(std::move(request))] {
    answer_in_worker(c, *shared);
  };
  if (workers_.post(std::move(work))) return;
  Problem busy = problem_of(503, "混み合っています。少し待って、もう一度お試しください", "too busy; try again shortly");
  busy.headers.add("Retry-After", "5");
  refuse(c, busy);
}

void EventLoop::answer_in_worker(Connection& c, const Request& request) {
  Response response;
  try {
    response = parts_.answer(request);
  } catch (const std::exception& fault) {
    parts_.on_fault(fault.what());
    response = to_response(internal_fault(), prefers_english(request));
  }
  const bool keep_alive = c.head.keep_alive && !stopping_ && c.requests < parts_.limits.requests_per_connection;
  c.outgoing = to_wire(response, request.method == "HEAD", keep_alive, parts_.now());
  c.channel.send(c.outgoing);  // mostly all of it; the loop sees to the rest, and to a failure
  {
    const std::lock_guard lock(inbox_mutex_);
    answered_.push_back(&c);
  }
  wake();
}

void EventLoop::refuse(Connection& c, const Problem& problem, bool english) {
  c.head.request.sink = nullptr;  // what came of the body goes at once
  c.outgoing = to_wire(to_response(problem, english), false, false, parts_.now());
  write_on(c);
}

void EventLoop::write_on(Connection& c) {
  switch (c.channel.send(c.outgoing)) {
    case Channel::State::ended:
      return close(c);
    case Channel::State::moved:
      return written(c);
    case Channel::State::blocked:
      break;
  }
  if (c.state != Connection::State::writing) {
    c.state = Connection::State::writing;
    c.deadline = Clock::now() + for_bytes(parts_.limits.write_time, c.outgoing.size());
  }
  wait_for(c, EPOLLOUT, c.deadline);
}

void EventLoop::written(Connection& c) {
  const bool last = c.outgoing.close;
  c.outgoing = {};
  if (last) {
    // Closing at once would reset the connection when unread bytes are left, and the answer with it.
    c.channel.end_sending();
    c.state = Connection::State::lingering;
    return wait_for(c, EPOLLIN, Clock::now() + parts_.limits.linger_time);
  }
  c.state = Connection::State::idle;
  c.deadline = Clock::now() + parts_.limits.idle_time;
  advance(c);  // the next request may be here already
}

void EventLoop::on_deadline(Connection& c) {
  const bool reading = c.state == Connection::State::head || c.state == Connection::State::body;
  if (!reading) return close(c);
  refuse(c, problem_of(408, "リクエストが時間内に届きませんでした", "the request took too long to arrive"));
}

void EventLoop::wait_for(Connection& c, unsigned events, Clock::time_point deadline) {
  forget_deadline(c);
  c.deadline = deadline;
  c.armed = deadline;
  deadlines_.emplace(deadline, c.channel.socket());
  epoll_event event{};
  event.events = events | EPOLLONESHOT;
  event.data.fd = c.channel.socket();
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, c.channel.socket(), &event);
}

void EventLoop::forget_deadline(Connection& c) {
  if (c.armed) deadlines_.erase({*c.armed, c.channel.socket()});
  c.armed.reset();
}

void EventLoop::close(Connection& c) {
  forget_deadline(c);
  connections_.erase(c.channel.socket());  // the channel closes the socket, which leaves epoll
}

}  // namespace ismap::server
