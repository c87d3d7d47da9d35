#pragma once

#include <functional>

#include "registry/time.h"

namespace ismap::server {

/// What time it is. Everything below main asks the one that it was given. Thread: any.
using Clock = std::function<registry::Instant()>;

/// The machine's clock; the one place where it is read.
registry::Instant system_now();

/// A clock that stands at `start` now and runs on from there, whatever becomes of the machine's clock.
Clock clock_from(registry::Instant start);

}  // namespace ismap::server
