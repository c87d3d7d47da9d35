#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "registry/acts.h"
#include "registry/filings/filing.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/tokens.h"
#include "server/http.h"
#include "server/office.h"

/// Who speaks: the holder of a bearer token (RFC 6750), or the user of this machine at the local socket.
namespace ismap::server {

/// Whom a request speaks for. What it may do is for the table of acts (registry/acts.h).
struct Caller {
  registry::Actor actor;
  std::vector<registry::ServiceId> services;  ///< a registrant's own
};

/// The caller that a request proves to be; nothing when it proves nothing (401).
/// At the local socket the header ISMAP-Role asserts the role; it means nothing over TCP.
/// Errors: unavailable, when the tokens cannot be read.
registry::Result<std::optional<Caller>> identify(const Request& request, const Office& office);

/// An actor at the machine itself: a role asserted, for the body that has it, by a user of the machine.
registry::Actor local_actor(registry::Role role, std::uint32_t user);

/// Whether the caller may know of this service's affairs: a registrant of its own only; the operator, the committee and
/// the ministries of all; nobody else of any.
bool concerns(const Caller& caller, const registry::ServiceId& service);
/// Likewise of a filing; a registrant's organisation must be the one that filed.
bool concerns(const Caller& caller, const registry::Filing& filing);

}  // namespace ismap::server
