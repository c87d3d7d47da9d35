#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/config.h"
#include "server/edge/address.h"

/// Whatever a client writes into X-Forwarded-For, its address is one in normal form or that of the proxy; settings are
/// read or refused, and what is read has rates that let somebody in.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ismap::server;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Request request;
  request.peer = "127.0.0.1";
  request.headers.add("X-Forwarded-For", std::string(bytes));
  const std::string address = client_address(request, {"127.0.0.1"});
  if (normal_address(address) != address || counted_as(address).empty()) std::abort();
  const auto config = parse_config(bytes);
  if (!config.ok()) {
    if (config.errors().empty()) std::abort();
    return 0;
  }
  if (config->token.burst < 1 || config->address.burst < 1 || config->token.per_second < 1) std::abort();
  for (const std::string& proxy : config->trusted_proxies) {
    if (normal_address(proxy) != proxy) std::abort();
  }
  return 0;
}
