#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/edge/http.h"

/// Network addresses of clients, as text.
namespace ismap::server {

/// An IPv4 or IPv6 address in the one form that compares equal; an IPv4 address in IPv6 form (::ffff:…) as IPv4.
/// Nothing when the text is neither. Source: RFC 5952 §4, RFC 4291 §2.5.5.2.
std::optional<std::string> normal_address(std::string_view text);

/// Whose address a request comes from: the other end of its socket; when that is one of the trusted proxies and the
/// request has X-Forwarded-For, the last element of all its lines (RFC 9110 §5.3), which this proxy put there, without
/// a port. Whatever stands before it is the client's own word; one that is no address is ignored. REQUIRES:
/// `trusted_proxies` are normal addresses.
std::string client_address(const Request& request, const std::vector<std::string>& trusted_proxies);

/// What an address is counted as: itself; one in IPv6 as its /64, of which a subscriber has all (RFC 6177).
std::string counted_as(std::string_view address);

}  // namespace ismap::server
