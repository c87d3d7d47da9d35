#include "feed/large_text.h"

#include <sys/mman.h>

#include <cstdint>

namespace ismap::feed {

namespace {

constexpr std::uintptr_t kHugePage = std::uintptr_t{2} << 20U;
/// Below, the allocator keeps and gives out the same pages again.
constexpr std::size_t kLeastLarge = std::size_t{8} << 20U;

}  // namespace

void reserve_large(std::string& text, std::size_t octets) {
  text.reserve(octets);
  if (octets < kLeastLarge) return;
  // Whole huge pages inside the text; what is there before and behind them stays as it is.
  const auto begin = reinterpret_cast<std::uintptr_t>(text.data());
  const std::uintptr_t first = (begin + kHugePage - 1) / kHugePage * kHugePage;
  const std::uintptr_t last = (begin + text.capacity()) / kHugePage * kHugePage;
  if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
}

}  // namespace ismap::feed
