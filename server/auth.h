#pragma once

#include <cstdint>
#include <vector>

#include "registry/acts.h"
#include "registry/filings/filing.h"
#include "registry/strong.h"

/// Who speaks, and what of the register's affairs is its business. How a request shows it: server/identity.h.
namespace ismap::server {

/// Whom a request speaks for. What it may do is for the table of acts (registry/acts.h).
struct Caller {
  registry::Actor actor;
  std::vector<registry::ServiceId> services;  ///< a registrant's own
};

/// An actor at the machine itself: a role asserted, for the body that has it, by a user of the machine.
registry::Actor local_actor(registry::Role role, std::uint32_t user);

/// Whether the caller may know of this service's affairs: a registrant of its own only; the operator, the committee and
/// the ministries of all; nobody else of any.
bool concerns(const Caller& caller, const registry::ServiceId& service);
/// Likewise of a filing; a registrant's organisation must be the one that filed.
bool concerns(const Caller& caller, const registry::Filing& filing);

}  // namespace ismap::server
