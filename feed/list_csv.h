#pragma once

#include <span>
#include <string>
#include <string_view>

#include "registry/result.h"
#include "registry/service.h"

/// The list for a spreadsheet, RFC 4180: a byte order mark, the header, one row a registered service, lines ended by
/// CRLF. Needs no database, so that a verifier makes it too.
namespace ismap::feed {

/// The byte order mark and the header.
std::string csv_start();
/// A service's line, without its end.
std::string csv_row(const registry::Service& service);
/// Adds the row of a service that is registered; a removed one has none.
void add_csv_row(std::string& csv, registry::State state, std::string_view row);

/// /v1/list.csv of a list's leaves, in their order. Errors: corrupt.
registry::Result<std::string> csv_of_leaves(std::span<const std::string_view> leaves);

}  // namespace ismap::feed
