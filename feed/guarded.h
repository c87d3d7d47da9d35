#pragma once

#include <mutex>
#include <utility>

namespace ismap::feed {

/// A value that can only be reached while its mutex is held: what a thread-safety analysis would check, by type.
/// Nothing of the value may escape `f` by reference.
template <class T>
class Guarded {
 public:
  explicit Guarded(T value = {}) : value_(std::move(value)) {}

  /// Runs `f(T&)` alone and gives what it gives. Thread: any; not from inside another `with` of the same value.
  template <class F>
  auto with(F&& f) {
    const std::lock_guard<std::mutex> alone(mutex_);
    return std::forward<F>(f)(value_);
  }
  template <class F>
  auto with(F&& f) const {
    const std::lock_guard<std::mutex> alone(mutex_);
    return std::forward<F>(f)(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_;
};

}  // namespace ismap::feed
