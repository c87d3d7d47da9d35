#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "registry/event.h"

/// A leaf that is read is written back as the same octets.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ismap::registry;
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const auto event = parse_leaf(octets);
  if (!event.ok()) return 0;
  const auto leaf = to_leaf(*event);
  if (leaf.ok() && leaf->value() != octets) std::abort();
  return 0;
}
