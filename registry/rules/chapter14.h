#pragma once

#include "registry/decide.h"

/// Chapter 14 重大な統制変更等の届出: changes of listed items.
namespace ismap::registry::rules {

/// Changes items of the list after a notification. Which items: all but the date of registration (4), the expiry (5)
/// and the number of agencies (13), which have acts of their own. Article: 14.1, 14.2
Result<std::vector<Draft>> change_items(const Situation& situation, const Command& command, const ChangeItems& doing);

}  // namespace ismap::registry::rules
