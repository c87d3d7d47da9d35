#pragma once

#include <map>
#include <string>
#include <vector>

#include "registry/event.h"
#include "registry/time.h"

/// The as-of fold done the plain way: records as flat maps of path → value, one map copied a step.
namespace ismap::test {

/// "/provider/name/ja" → "\"…\""; members of an interval stand under "/suspensions/#41/…".
using Flat = std::map<std::string, std::string>;

Flat flatten(const registry::Json& record);

/// What state_as_of should say, flattened; empty when nothing holds.
Flat slow_state_as_of(const std::vector<registry::Event>& history, registry::Day day, registry::Instant known_at);

}  // namespace ismap::test
