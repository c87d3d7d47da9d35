#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "feed/verify/fault.h"

/// docs/formats.md says what the code says.
namespace ismap::feed {
namespace {

/// A row "| `code` | result | … |" of the table of docs/formats.md.
TEST(Formats, TableOfFaultsIsThatOfTheCode) {
  std::ifstream in(ISMAP_TEST_DATA "/../../docs/formats.md");
  std::stringstream text;
  text << in.rdbuf();
  const std::map<verify::Ending, std::string> words{{verify::Ending::refused, "refused, 1"},
                                                    {verify::Ending::usage, "usage, 2"},
                                                    {verify::Ending::unreachable, "unreachable, 3"},
                                                    {verify::Ending::unknown, "unknown, 4"}};
  std::size_t rows = 0;
  for (int n = 0; n <= static_cast<int>(verify::Fault::feed_cover); ++n) {
    const auto fault = static_cast<verify::Fault>(n);
    const std::string row = fmt::format("\n| `{}` | {} | {} |", verify::code_of(fault),
                                        words.at(verify::ending_of(fault)), verify::en_of(fault));
    EXPECT_NE(text.str().find(row), std::string::npos) << row;
    ++rows;
  }
  std::size_t documented = 0;
  std::string line;
  while (std::getline(text, line)) {
    const bool is_row = line.starts_with("| `") && std::any_of(words.begin(), words.end(), [&](const auto& word) {
                          return line.find("` | " + word.second + " |") != std::string::npos;
                        });
    documented += is_row ? 1 : 0;
  }
  EXPECT_EQ(documented, rows) << "a row of no fault";
}

}  // namespace
}  // namespace ismap::feed
