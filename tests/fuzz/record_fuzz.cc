#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "registry/canonical_json.h"
#include "registry/service.h"

/// A record that is taken in comes back the same from its own canonical form, whatever bytes it came as.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ismap::registry;
  const auto json = parse_json({reinterpret_cast<const char*>(data), size});
  if (!json.ok()) return 0;
  const auto again = parse_json(canonical(*json));
  if (!again.ok() || *again != *json) std::abort();
  const auto service = parse_service(*json);
  if (!service.ok()) {
    if (service.errors().empty()) std::abort();
    return 0;
  }
  const auto back = parse_service(to_json(*service));
  if (!back.ok() || *back != *service) std::abort();
  return 0;
}
