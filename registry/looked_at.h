#pragma once

#include <optional>
#include <vector>

#include "registry/digest.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "registry/strong.h"

namespace ismap::registry {

/// The states of a service that the caller says it looked at, by the leaf hash of their event (its ETag); nothing when
/// it says nothing. Source: If-Match, RFC 9110 §13.1.1.
using LookedAt = std::optional<std::vector<Digest>>;

/// Whether the list still shows what was looked at. Errors: stale.
Result<Done> still_shows(const lmdb::ReadTxn& txn, const ServiceId& service, const LookedAt& looked_at);

/// The leaf hash of the service's last event; nothing when it never had one.
std::optional<Digest> shown(const lmdb::ReadTxn& txn, const ServiceId& service);

}  // namespace ismap::registry
