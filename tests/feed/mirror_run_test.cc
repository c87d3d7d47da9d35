#include "feed/mirror.h"

#include "tests/feed/hostile_mirror.h"

namespace ismap::feed {
namespace {

class MirrorRun : public HostileMirror {
 protected:
  [[nodiscard]] std::filesystem::path copy() const { return folder_.path() / "copy"; }

  /// "good", or the code of the first failure.
  std::string told_to_mirror(const Files& origin, std::int64_t now = Mirror::kNow + 60) {
    const auto report = mirror(FileSource(origin), copy(), {trust(), Instant{now * 1000}, {}, false});
    EXPECT_TRUE(report.ok());
    if (!report->verification.finding) return "good";
    return std::string(verify::code_of(report->verification.finding->fault));
  }
  [[nodiscard]] std::string held(const std::string& path) const { return *read_file(copy() / path.substr(1)); }

  static constexpr const char* kArchive = "/v1/events/archive/0.atom";
};

TEST_F(MirrorRun, AnArchiveThatIsSignedAgainAfterARevocationIsTakenAnew) {
  Mirror before(*keys_);
  fill(before);
  Mirror after = before;
  const Files first = before.files();
  ASSERT_EQ(told_to_mirror(first), "good");
  after.next_keys();
  KeySet& set = after.set();
  set.atom = {{keys_->atom2.kid(), keys_->certificate2}};
  set.revoked.push_back(
      {keys_->atom.kid(), Instant{Mirror::kNow * 1000}, "盗難", registry::ListVersion{7}, registry::TreeSize{100}});
  after.publish_keys({keys_->root});
  Signing signing;
  signing.ver = 8;
  signing.second_atom = true;
  const Files second = after.files(signing);
  ASSERT_NE(second.at(kArchive), first.at(kArchive));
  ASSERT_EQ(told(second), "good");
  EXPECT_EQ(told_to_mirror(second), "good");
  EXPECT_EQ(held(kArchive), second.at(kArchive));
  EXPECT_EQ(held("/log/checkpoint"), second.at("/log/checkpoint"));
}

TEST_F(MirrorRun, AnArchiveOfTheOriginThatNobodyBelievesIsRefusedAndTheMirrorStays) {
  ASSERT_EQ(told_to_mirror(*files_), "good");
  ASSERT_TRUE(replace_file(copy() / "v1/events/archive/0.atom", "spoiled").ok());
  Files lying = *files_;
  lying[kArchive] = "lie";
  EXPECT_EQ(told_to_mirror(lying), told(lying));
  EXPECT_EQ(held(kArchive), "spoiled");
  EXPECT_EQ(told_to_mirror(*files_), "good");
  EXPECT_EQ(held(kArchive), files_->at(kArchive));
}

}  // namespace
}  // namespace ismap::feed
