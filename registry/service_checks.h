#pragma once

#include "registry/item_readers.h"
#include "registry/service.h"

/// What the items of a record must be to each other. Each check looks only at items that were sound by themselves, and
/// none of them asks what day it is.
namespace ismap::registry {

/// The order of the days: registration before expiry, the audit period in order and before the expiry.
/// Article: 11.5(4), 11.5(5), 11.5(8)
void check_order_of_days(const Items& items, Refusals& refusals);

/// The audit period lasts one year at most: 2025-02-19 to 2026-02-18.
/// Article: 11.5(8). Source: facts §2.
void check_length_of_period(const Items& items, Refusals& refusals);

/// The audit period ends before the registration. A renewal brings a new audit period and leaves `registered_on` as it
/// was; that a service was renewed shows as an expiry later than 16 months after the registration, which no first
/// registration can have: then nothing is refused here.
/// Article: 11.5(8), 12.1
void check_period_before_registration(const Items& items, Refusals& refusals);

/// A removed service has its removal, a registered one has none. Article: 18.2
void check_removal(const Service& service, Refusals& refusals);

}  // namespace ismap::registry
