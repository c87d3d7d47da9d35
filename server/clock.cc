#include "server/clock.h"

#include <chrono>

namespace ismap::server {

registry::Instant system_now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return registry::Instant{std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

}  // namespace ismap::server
