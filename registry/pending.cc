#include "registry/pending.h"

#include <algorithm>

namespace ismap::registry {

void Pending::Ticket::settle() {
  if (of_ == nullptr) return;
  const std::lock_guard<std::mutex> lock(of_->mutex_);
  of_->read_.erase(place_);
  of_ = nullptr;
}

std::shared_ptr<Pending::Ticket> Pending::take(const std::function<Instant()>& now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::shared_ptr<Ticket>(new Ticket(*this, read_.insert(now())));
}

Instant Pending::settled_until(Instant now) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return read_.empty() ? now : std::min(now, *read_.begin());
}

}  // namespace ismap::registry
