#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "feed/verify/leaves.h"
#include "feed/verify/octets.h"
#include "registry/canonical_json.h"
#include "registry/event.h"

/// The verifier's light readers take nothing that the register's strict ones refuse.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ismap;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (feed::verify::canonical_members(text)) {
    const auto json = registry::parse_json(text);
    if (!json || !json->is_object() || registry::canonical(*json) != text) std::abort();
  }
  if (feed::verify::read_leaf(text) && !registry::parse_leaf(text)) std::abort();
  return 0;
}
