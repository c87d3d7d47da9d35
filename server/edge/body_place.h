#pragma once

#include <memory>
#include <variant>

#include "server/edge/http.h"
#include "server/problem.h"

namespace ismap::server {

/// Where the body of a request goes: null is to memory; or why it is not read at all.
using BodyPlace = std::variant<std::shared_ptr<BodySink>, Problem>;

}  // namespace ismap::server
