#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>

#include "registry/time.h"

namespace ismap::registry {

/// The requests that were read whole and are not settled yet. The time that counts for a renewal application is when
/// the whole request was read; so what 12.1 removes at midnight waits for requests that were read before it.
/// Thread: any.
class Pending {
 public:
  /// One request, from when it was read until what it asks for is recorded or refused.
  class Ticket {
   public:
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    ~Ticket() { settle(); }
    [[nodiscard]] Instant read_at() const { return read_at_; }
    /// Nothing waits for the request any more. May be called twice. Thread: the one that answers the request.
    void settle();

   private:
    friend class Pending;
    Ticket(Pending& of, std::multiset<Instant>::iterator place) : of_(&of), place_(place), read_at_(*place) {}
    Pending* of_;  ///< null once settled
    std::multiset<Instant>::iterator place_;
    Instant read_at_;
  };

  /// A request was read just now. The clock is asked under the lock of settled_until: who learned there that nothing
  /// before his own time is pending, will not find it there later. REQUIRES: the ticket does not outlive this.
  std::shared_ptr<Ticket> take(const std::function<Instant()>& now);

  /// Until when every request that was read is settled: `now`, or when the oldest pending one was read.
  [[nodiscard]] Instant settled_until(Instant now) const;

 private:
  mutable std::mutex mutex_;  ///< guards read_
  std::multiset<Instant> read_;
};

}  // namespace ismap::registry
