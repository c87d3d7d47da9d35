#include "server/office/clock.h"

#include <chrono>

namespace ismap::server {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

registry::Instant system_now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return registry::Instant{duration_cast<milliseconds>(since_epoch).count()};
}

Clock clock_from(registry::Instant start) {
  return [start, began = std::chrono::steady_clock::now()] {
    const auto passed = duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
    return registry::Instant{start.unix_milliseconds() + passed.count()};
  };
}

}  // namespace ismap::server
