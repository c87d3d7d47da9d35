#pragma once

#include "registry/time.h"

namespace ismap::server {

/// The machine's clock; the one place where it is read.
registry::Instant system_now();

}  // namespace ismap::server
