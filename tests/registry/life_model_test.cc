#include <gtest/gtest.h>

#include <map>

#include "tests/support/life.h"

/// Random acts over years against a slow, plain reading of chapters 11 to 18 (tests/support/law_twin.h): the register
/// and its twin agree on what is refused and by which article, and on what the public sees, after every step.
namespace ismap::registry {
namespace {

using test::Life;

constexpr unsigned kLives = 6;
constexpr int kSteps = 350;

/// Lives one life; what it did is added up.
void live(unsigned seed, std::map<std::string, int>& done, std::map<std::string, int>& refused) {
  Life life(seed);
  for (int step = 0; step < kSteps; ++step) {
    const std::vector<std::string> found = life.step();
    ASSERT_TRUE(found.empty()) << "seed " << seed << ", step " << step << ": " << found.front();
    if (step % 70 != 69) continue;
    ASSERT_EQ(life.book().fsck(), std::vector<std::string>{}) << "seed " << seed;
  }
  ASSERT_EQ(life.book().fsck(), std::vector<std::string>{}) << "seed " << seed;
  EXPECT_GT(life.today(), "2028-01-01") << "a life lasts for years";
  for (const auto& [what, times] : life.done()) done[what] += times;
  for (const auto& [article, times] : life.refused()) refused[article] += times;
}

TEST(Lives, AgreeWithThePlainReadingOfTheLaw) {
  std::map<std::string, int> done;
  std::map<std::string, int> refused;
  for (unsigned seed = 1; seed <= kLives && !HasFatalFailure(); ++seed) live(seed, done, refused);
  for (const char* what : {"register 11.1",         "renew 11.2",        "file-renewal 12.1", "close-renewal 9.6",
                           "close-renewal 18.2(3)", "close-renewal ",    "change 14.1",       "change 14.2",
                           "usage 11.5(13)",        "suspend 13.5",      "suspend 13.7",      "suspend 14.3",
                           "reinstate 13.6",        "reinstate 13.10",   "reinstate 14.4",    "start-re-audit 16.1",
                           "start-re-audit 16.5",   "end-re-audit 16.3", "end-re-audit 16.4", "end-re-audit 16.7",
                           "remove 18.2(2)",        "remove 18.2(4)",    "remove 18.2(5)",    "remove 18.2(6)",
                           "remove 18.2(7)",        "correct ",          "correct since",     "on a case"}) {
    EXPECT_GT(done[what], 0) << what << " was never done";
  }
  for (const char* article : {"", "11.1", "11.5(5)", "12.1", "13.5", "13.7", "13.8", "13.11", "14.2", "14.3", "16.1",
                              "18.2(1)", "18.2(6)", "correct since", "correct article", "correct same",
                              "correct strike-other", "correct lift-other", "correct decide"}) {
    EXPECT_GT(refused[article], 0) << article << " never refused";
  }
}

}  // namespace
}  // namespace ismap::registry
