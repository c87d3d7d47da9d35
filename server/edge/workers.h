#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ismap::server {

/// A fixed number of threads that run handed-over work in order of arrival, and a bounded queue before them.
/// Thread: any, but for stop, which must not be called by a worker.
class Workers {
 public:
  Workers(std::size_t threads, std::size_t longest_queue);
  ~Workers() { stop(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Hands over `work`, which must not throw; false when the queue is full or the workers have been stopped.
  [[nodiscard]] bool post(std::function<void()> work);
  /// Finishes what is queued and joins the threads. May be called twice.
  void stop();

 private:
  void run();

  const std::size_t longest_queue_;
  std::mutex mutex_;  ///< guards what follows, but for threads_
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace ismap::server
