#include <gtest/gtest.h>

#include "feed/tiles.h"
#include "feed/verify/site.h"
#include "tests/feed/mirror.h"
#include "tests/feed/register_fixture.h"

namespace ismap::feed {
namespace {

/// What the publisher signed, as a site that does not list its documents.
class Published : public FileSource {
 public:
  using FileSource::FileSource;
  [[nodiscard]] std::optional<std::vector<std::string>> names(const std::string& /*folder*/) const override {
    return std::nullopt;
  }
};

class VerifiedPublication : public RegisterFixture {
 protected:
  /// The documents of a generation, with tiles and leaves from the journal.
  [[nodiscard]] Files files_of(const Generation& generation) const {
    Files files;
    for (const auto& [path, document] : generation.documents) files[path] = document->body();
    std::vector<registry::Digest> hashes;
    std::string bundle;
    const auto read = env_->read([&](const registry::lmdb::ReadTxn& txn) -> registry::Result<registry::Done> {
      for (std::uint64_t seq = 0; seq < generation.size.value(); ++seq) {
        const std::string leaf = registry::journal::leaf(txn, registry::Seq{seq})->value();
        hashes.push_back(registry::leaf_hash(leaf));
        append_entry(bundle, leaf);
        files["/v1/events/" + std::to_string(seq) + ".json"] = leaf;
      }
      return registry::Done{};
    });
    EXPECT_TRUE(read.ok());
    files[path_of(*tile_at(0, 0, generation.size))] = tile_octets(hashes);
    files[path_of(*bundle_at(0, generation.size))] = bundle;
    return files;
  }

  [[nodiscard]] std::string told(const Files& files, registry::Instant now) const {
    verify::SiteOptions options;
    options.trust = data() / "trust";
    options.state = folder_.path() / "state";
    options.now = now;
    const auto report = verify_site(Published(files), options);
    return report.finding ? std::string(code_of(report.finding->fault)) + " " + report.finding->detail : "good";
  }
};

TEST_F(VerifiedPublication, IsWhatThePublisherSigns) {
  put_service("L24-0002", "架空 <その二> & \"引用\"");
  put_service("L24-0001", "架空 その一");
  const auto publisher_ = publisher();
  EXPECT_EQ(told(files_of(**publisher_->publish(kNow)), kNow), "good");
  put_service("L24-0003", "架空 その三", "removed");
  EXPECT_EQ(told(files_of(**publisher_->publish(kNow)), kNow), "good") << "and the next, after it";
  EXPECT_EQ(told(files_of(**publisher_->publish(kNow.plus_seconds(3600))), kNow.plus_seconds(3600)), "good");
}

}  // namespace
}  // namespace ismap::feed
