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
  const std::uintptr_t past = reinterpret_cast<std::uintptr_t>(text.data()) % kHugePage;
  const std::size_t skipped = past == 0 ? 0 : kHugePage - past;
  const std::size_t length = (text.capacity() - skipped) / kHugePage * kHugePage;
  ::madvise(text.data() + skipped, length, MADV_HUGEPAGE);
}

}  // namespace ismap::feed
