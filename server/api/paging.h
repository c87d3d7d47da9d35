#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "registry/canonical_json.h"
#include "server/routes.h"

/// Lists in pages: how long a page is, after which item it begins, and where the next one is.
namespace ismap::server {

/// The parameter `limit`: 100 unless it says otherwise. Errors: malformed unless it is 1 to 1000.
registry::Result<std::size_t> read_limit(const Call& call);

/// The parameter `cursor` of a list whose items are numbered by this letter and nine digits or more; nothing: the list
/// begins at its beginning. Errors: malformed.
registry::Result<std::optional<std::string>> read_cursor(const Call& call, char letter);

/// The URL of the page after the item `last`: the same question with another cursor; null where there is none.
registry::Json next_page(const Call& call, const registry::Json& last);

}  // namespace ismap::server
