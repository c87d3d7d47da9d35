#include "server/edge/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace ismap::server {

namespace {

std::string address_text(int family, const void* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return ::inet_ntop(family, bytes, text.data(), text.size()) == nullptr ? std::string() : std::string(text.data());
}

/// An address without the port that some proxies write: 203.0.113.7:4711, [2001:db8::1]:4711.
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
  const auto colon = text.find(':');
  const bool one_colon = colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
  return one_colon ? text.substr(0, colon) : text;
}

}  // namespace

std::optional<std::string> normal_address(std::string_view text) {
  const std::string wanted(text);
  if (wanted.find('\0') != std::string::npos) return std::nullopt;  // what follows would not be looked at
  in_addr four{};
  if (::inet_pton(AF_INET, wanted.c_str(), &four) == 1) return address_text(AF_INET, &four);
  in6_addr six{};
  if (::inet_pton(AF_INET6, wanted.c_str(), &six) != 1) return std::nullopt;
  if (IN6_IS_ADDR_V4MAPPED(&six) == 0) return address_text(AF_INET6, &six);
  return address_text(AF_INET, &six.s6_addr[12]);
}

std::string client_address(const Request& request, const std::vector<std::string>& trusted_proxies) {
  std::string peer = normal_address(request.peer).value_or(request.peer);
  const bool trusted = std::find(trusted_proxies.begin(), trusted_proxies.end(), peer) != trusted_proxies.end();
  if (!trusted) return peer;
  const std::string forwarded = request.headers.joined("X-Forwarded-For");
  const std::vector<std::string_view> elements = list_elements(forwarded);
  if (elements.empty()) return peer;
  return normal_address(without_port(elements.back())).value_or(peer);
}

std::string counted_as(std::string_view address) {
  std::string whole(address);
  in6_addr six{};
  if (::inet_pton(AF_INET6, whole.c_str(), &six) != 1) return whole;
  std::memset(&six.s6_addr[8], 0, 8);
  return address_text(AF_INET6, &six) + "/64";
}

}  // namespace ismap::server
