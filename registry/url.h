#pragma once

#include <string_view>

#include "registry/result.h"
#include "registry/strong.h"

namespace ismap::registry {

/// A URL is at most this many bytes.
inline constexpr std::size_t kMaxUrlBytes = 2'000;

/// Reads an absolute http or https URL as it is to be published: a host (international names too) and perhaps a port,
/// no user name, nothing that breaks out of an attribute or a header, whole percent escapes. Japanese in the path and
/// the query is left as it is.
/// Errors: invalid, article 11.5(2), one: the first mistake.
/// Source: RFC 3986 §3, RFC 3987 §2.2, UTS #46.
Result<Url> parse_url(std::string_view text);

}  // namespace ismap::registry
