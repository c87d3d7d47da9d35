#include "feed/large_text.h"

#include <gtest/gtest.h>

namespace ismap::feed {
namespace {

TEST(LargeText, HasItsRoomAndKeepsWhatItHeld) {
  for (const std::size_t octets : {std::size_t{100}, std::size_t{8} << 20U, (std::size_t{9} << 20U) + 4097}) {
    std::string text = "before";
    reserve_large(text, octets);
    ASSERT_GE(text.capacity(), octets);
    EXPECT_EQ(text, "before");
    const char* const place = text.data();
    text.append(octets - text.size(), 'x');
    EXPECT_EQ(text.data(), place) << "nothing moved";
    EXPECT_EQ(text.substr(0, 7), "beforex");
    EXPECT_EQ(text.find_first_not_of('x', 6), std::string::npos);
  }
}

}  // namespace
}  // namespace ismap::feed
