#include "feed/surface.h"

#include <gtest/gtest.h>

#include "feed/export.h"
#include "feed/files.h"
#include "feed/jwt.h"
#include "feed/log_files.h"
#include "feed/site_folder.h"
#include "feed/stored_feeds.h"
#include "registry/as_of.h"
#include "tests/feed/register_fixture.h"

namespace ismap::feed {
namespace {

using registry::Code;
using registry::Json;

class SurfaceTest : public RegisterFixture {
 protected:
  /// The next generation, and the surface to look at it.
  const Generation& publish(registry::Instant now = kNow) {
    if (!publisher_) publisher_ = publisher();
    generation_ = publisher_->publish(now).value();
    return *generation_;
  }
  std::string body(const std::string& path) {
    const auto document = surface_.document(*generation_, path);
    EXPECT_TRUE(document.ok()) << path;
    return document.ok() ? (*document)->body() : "";
  }
  Code refusal(const std::string& path) {
    const auto document = surface_.document(*generation_, path);
    EXPECT_FALSE(document.ok()) << path;
    return document.errors().front().code;
  }
  /// The payload of evidence, its signature checked with the published key set.
  Json claims(const std::string& compact) {
    const auto set = open_key_set(report_.key_set).value();
    return Json::parse(verify_jwt(compact, set.keys, kStatusType).value().octets);
  }
  /// Whether a proof's text shows the leaf in the log that its checkpoint names, signed by the log.
  bool proves(const std::string& text, const Json& leaf) {
    const auto proof = parse_tlog_proof(text).value();
    const auto set = open_key_set(report_.key_set).value();
    const auto checkpoint = verify_checkpoint(proof.checkpoint, set.log).value();
    EXPECT_EQ(proof.index.value(), leaf.at("seq"));
    return verify_inclusion(registry::leaf_hash(registry::canonical(leaf)), proof.index, checkpoint.size, proof.path,
                            checkpoint.root);
  }

  std::unique_ptr<Publisher> publisher_;
  std::shared_ptr<const Generation> generation_;
  Surface surface_{*env_, names_of(kIss)};
};

TEST_F(SurfaceTest, EvidenceHoldsTheLatestLeafAndItsProof) {
  for (int n = 0; n < 300; ++n) put_service("L24-0001", "改訂" + std::to_string(n));
  put_service("L24-0002", "別のサービス");
  const Generation& generation = publish();
  const std::string compact = body("/v1/records/L24-0001.jwt");
  const Json evidence = claims(compact);
  EXPECT_EQ(evidence.at("event").at("seq"), 300);
  EXPECT_EQ(evidence.at("event").at("record").at("name").at("ja"), "改訂299");
  EXPECT_EQ(evidence.at("iss"), kIss);
  EXPECT_EQ(evidence.at("sub"), std::string(kIss) + "/v1/records/L24-0001.jwt");
  EXPECT_EQ(evidence.at("ver"), generation.ver.value());
  EXPECT_EQ(evidence.at("iat"), generation.signed_at.unix_seconds());
  EXPECT_EQ(evidence.at("rely_until"), generation.expires_at.unix_seconds());
  EXPECT_EQ(evidence.size(), 7U);
  EXPECT_TRUE(proves(evidence.at("proof"), evidence.at("event")));
  EXPECT_EQ(body("/v1/records/L24-0001.jwt"), compact) << "signed once a generation";
  const std::size_t leaf = registry::canonical(evidence.at("event")).size();
  EXPECT_LE(compact.size(), leaf * 4 / 3 + 2048);
  publish();
  EXPECT_EQ(claims(body("/v1/records/L24-0001.jwt")).at("ver"), generation_->ver.value());
}

TEST_F(SurfaceTest, EvidenceOfAPastDayHoldsEveryLeafSoThatTheFoldCanBeRepeated) {
  put_service("L24-0001", "初め");
  put_service("L24-0001", "後");
  publish();
  const auto ask = [&](const std::string& day) {
    const Moment moment{registry::Day::parse(day).value(), generation_->known_until};
    return claims(surface_.past(*generation_, "L24-0001", moment).value()->body());
  };
  const std::string today = kNow.jst_day().iso();
  const Json now = ask(today);
  ASSERT_EQ(now.at("events").size(), 2U);
  ASSERT_EQ(now.at("proofs").size(), 2U);
  std::vector<registry::Event> events;
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(proves(now.at("proofs")[i], now.at("events")[i]));
    events.push_back(registry::parse_leaf(registry::canonical(now.at("events")[i])).value());
  }
  EXPECT_EQ(now.at("state"), registry::state_as_of(events, kNow.jst_day(), generation_->known_until));
  EXPECT_EQ(now.at("state").at("name").at("ja"), "後");
  EXPECT_EQ(now.at("as_of"), today);
  EXPECT_EQ(now.at("known_at"), generation_->known_until.iso());
  EXPECT_EQ(now.at("sub"), std::string(kIss) + "/v1/records/L24-0001.jwt?as_of=" + today +
                               "&known_at=" + generation_->known_until.iso());
  const Json before = ask("2025-01-01");
  EXPECT_TRUE(before.at("state").is_null());
  EXPECT_EQ(before.at("events").size(), 2U);
  EXPECT_FALSE(surface_.past(*generation_, "L24-0009", {kNow.jst_day(), kNow}).ok());
}

TEST_F(SurfaceTest, KnownUntilCoversEveryEventOfTheGeneration) {
  put_service("L24-0001", "サービス");
  publish();
  EXPECT_EQ(generation_->known_until, kNow) << "recorded in the second in which it was signed, after its beginning";
}

TEST_F(SurfaceTest, TilesAndBundlesAreThoseOfTheGenerationAndNoMore) {
  for (int n = 0; n < 259; ++n) put_service("L24-0001", "改訂" + std::to_string(n));
  publish();  // 260 leaves
  put_service("L24-0001", "未公表");
  EXPECT_EQ(body("/log/tile/0/000").size(), 256U * 32);
  EXPECT_EQ(body("/log/tile/0/001.p/4").size(), 4U * 32);
  EXPECT_EQ(body("/log/tile/0/001.p/3").size(), 3U * 32) << "as a smaller tree had it";
  EXPECT_EQ(body("/log/tile/1/000.p/1").size(), 32U);
  EXPECT_EQ(parse_bundle(body("/log/tile/entries/001.p/4"), 4).value().size(), 4U);
  for (const char* absent :
       {"/log/tile/0/001.p/5", "/log/tile/0/001", "/log/tile/1/000", "/log/tile/2/000.p/1", "/log/tile/0/000.p/256",
        "/log/tile/00/000", "/log/tile/entries/001.p/5", "/v1/events/260.json", "/v1/events/01.json",
        "/v1/events/archive/1.atom", "/v1/records/L24-0009.jwt", "/v1/services/keys.atom", "/v1/records/keys.jwt"}) {
    EXPECT_EQ(refusal(absent), Code::not_found) << absent;
  }
  EXPECT_EQ(Json::parse(body("/v1/events/259.json")).at("seq"), 259);
  const auto root = [&] {
    return env_->read([&](const registry::lmdb::ReadTxn& txn) { return root_at(tiles_in(txn), generation_->size); })
        .value();
  };
  const auto set = open_key_set(report_.key_set).value();
  EXPECT_EQ(root(), verify_checkpoint(generation_->checkpoint, set.log).value().root);
}

TEST_F(SurfaceTest, ArchivesAndServiceFeedsAreSignedOnceWhateverKeyComesLater) {
  for (int n = 0; n < 520; ++n) put_service("L24-0001", "改訂" + std::to_string(n));
  put_service("L24-0002", "静か");
  publish();
  const std::string archive = body("/v1/events/archive/0.atom");
  const std::string quiet = body("/v1/services/L24-0002.atom");
  EXPECT_NE(archive.find("fh:archive"), std::string::npos);
  EXPECT_NE(archive.find(":event:0<"), std::string::npos);
  EXPECT_NE(archive.find(":event:255<"), std::string::npos);
  EXPECT_EQ(archive.find(":event:256<"), std::string::npos);
  EXPECT_NE(body("/v1/events.atom").find("/v1/events/archive/1.atom"), std::string::npos) << "links to the newest";
  Generation rotated = *generation_;
  Keys other = *generation_->keys;
  other.atom = PrivateKey::generate(KeyKind::rsa3072);
  other.atom_certificate = other.atom.self_signed_certificate("liu.example.jp", 1, 4102444800);
  rotated.keys = std::make_shared<const Keys>(other);
  EXPECT_EQ(surface_.document(rotated, "/v1/events/archive/0.atom").value()->body(), archive);
  EXPECT_EQ(surface_.document(rotated, "/v1/services/L24-0002.atom").value()->body(), quiet);
  put_service("L24-0002", "もう静かでない");
  publish();
  const std::string louder = body("/v1/services/L24-0002.atom");
  EXPECT_NE(louder, quiet);
  EXPECT_NE(louder.find(":event:521<"), std::string::npos);
  EXPECT_NE(louder.find(":event:522<"), std::string::npos);
}

TEST_F(SurfaceTest, WhatARevokedKeySignedTooLateIsSignedAnew) {
  for (int n = 0; n < 520; ++n) put_service("L24-0001", "改訂" + std::to_string(n));
  put_service("L24-0002", "静か");
  publish();
  const std::string first = body("/v1/events/archive/0.atom");
  const std::string second = body("/v1/events/archive/1.atom");
  const std::string quiet = body("/v1/services/L24-0002.atom");
  KeySet set = open_key_set(report_.key_set).value();
  set.revoked.push_back(
      {generation_->keys->atom.kid(), kNow, "盗難", registry::ListVersion{1}, registry::TreeSize{300}});
  ASSERT_TRUE(forget_unbelievable_feeds(*env_, set).ok());
  EXPECT_EQ(body("/v1/events/archive/0.atom"), first) << "256 events: before the last good size";
  EXPECT_EQ(refusal("/v1/events/archive/1.atom"), Code::not_found) << "until the next publication";
  publish();
  EXPECT_EQ(body("/v1/events/archive/1.atom"), second) << "the same key here, so the same octets";
  EXPECT_EQ(body("/v1/services/L24-0002.atom"), quiet);
}

/// Files of a folder with their octets.
std::map<std::string, std::string> files_of(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files["/" + std::filesystem::relative(entry.path(), folder).generic_string()] = {std::istreambuf_iterator<char>(in),
                                                                                     std::istreambuf_iterator<char>()};
  }
  return files;
}

class ExportTest : public SurfaceTest {
 protected:
  registry::Result<ExportReport> run(const std::string& to = "out") {
    return export_site(*env_, surface_, *generation_, folder_.path() / to);
  }
};

TEST_F(ExportTest, WritesEveryFileOfTheGenerationAndTheCheckpointLast) {
  for (int n = 0; n < 299; ++n) put_service("L24-0001", "改訂" + std::to_string(n));
  put_service("L24-0002", "別");
  publish();
  const auto report = run();
  ASSERT_TRUE(report.ok());
  const auto files = files_of(folder_.path() / "out");
  EXPECT_EQ(files.size(), report->written);
  for (const auto& [path, octets] : files) EXPECT_EQ(octets, body(path)) << path;
  const auto steps = surface_.paths(*generation_);
  EXPECT_EQ(steps.back(), (std::vector<std::string>{"/log/checkpoint"}));
  std::size_t all = 0;
  for (const auto& step : steps) all += step.size();
  EXPECT_EQ(files.size(), all);
  ASSERT_EQ(steps.size(), 5U);
  EXPECT_EQ(steps[1], (std::vector<std::string>{"/v1/keys/1.json"}));
  EXPECT_EQ(steps[2], (std::vector<std::string>{"/v1/keys.json"}));
}

TEST_F(ExportTest, IsTakenUpAgainAndKeepsWhatIsThere) {
  put_service("L24-0001", "サービス");
  publish();
  const auto first = run();
  ASSERT_TRUE(first.ok());
  const auto again = run();
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->written, 0U);
  EXPECT_EQ(again->kept, first->written);
  // A file that a cut-off export or somebody else spoiled is written again.
  std::ofstream(folder_.path() / "out/v1/events/1.json") << "spoiled";
  std::filesystem::create_directory(folder_.path() / "out/.parts");
  std::ofstream(folder_.path() / "out/.parts/0") << "half";
  EXPECT_EQ(run()->written, 1U);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "out/.parts"));
  EXPECT_EQ(files_of(folder_.path() / "out").at("/v1/events/1.json"), body("/v1/events/1.json"));
}

TEST_F(ExportTest, FilesOfOneStepComeIntoPlaceTogether) {
  auto site = SiteFolder::open(folder_.path() / "out").value();
  EXPECT_TRUE(*site.put("/v1/a.json", "a"));
  EXPECT_TRUE(*site.put("/v1/b/c.json", "c"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "out/v1")) << "nothing yet under any path of a publication";
  ASSERT_TRUE(site.sync().ok());
  EXPECT_EQ(files_of(folder_.path() / "out").size(), 2U);
  EXPECT_FALSE(*site.put("/v1/a.json", "a")) << "it is there";
  EXPECT_TRUE(*site.put("/v1/a.json", "b"));
  auto again = SiteFolder::open(folder_.path() / "out");  // the first was cut off
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(files_of(folder_.path() / "out").size(), 2U);
  EXPECT_EQ(*read_file(folder_.path() / "out/v1/a.json"), "a");
}

TEST_F(ExportTest, PartialTilesOfOldSizesGo) {
  for (int n = 0; n < 9; ++n) {
    put_service("L24-0001", "改訂" + std::to_string(n));
    publish();
    ASSERT_TRUE(run().ok());
  }
  const auto files = files_of(folder_.path() / "out");
  EXPECT_EQ(files.count("/log/tile/0/000.p/10"), 1U);
  EXPECT_EQ(files.count("/log/tile/0/000.p/9"), 1U) << "of the checkpoint that readers may still have";
  EXPECT_EQ(files.count("/log/tile/0/000.p/8"), 0U);
  EXPECT_EQ(files.count("/log/tile/entries/000.p/2"), 0U);
}

TEST_F(ExportTest, RefusesAFolderThatItDoesNotContinue) {
  put_service("L24-0001", "サービス");
  publish();
  ASSERT_TRUE(run().ok());
  const auto before = files_of(folder_.path() / "out");
  const auto spoil = [&](const Checkpoint& checkpoint) {
    std::ofstream(folder_.path() / "out/log/checkpoint", std::ios::binary)
        << sign_checkpoint(checkpoint, generation_->keys->log);
    const auto refused = run();
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.errors().front().code, Code::conflict);
  };
  spoil({kOrigin, registry::TreeSize{3}, registry::leaf_hash("later")});
  spoil({kOrigin, registry::TreeSize{2}, registry::leaf_hash("beside")});
  spoil({"other.example.jp/log", registry::TreeSize{1}, registry::leaf_hash("other")});
  auto after = files_of(folder_.path() / "out");
  after["/log/checkpoint"] = before.at("/log/checkpoint");
  EXPECT_EQ(after, before) << "nothing was touched";
}

TEST_F(ExportTest, NamesTheWayOutOfATornCheckpoint) {
  publish();
  ASSERT_TRUE(run().ok());
  const auto before = files_of(folder_.path() / "out");
  const std::filesystem::path checkpoint = folder_.path() / "out/log/checkpoint";
  for (const std::string& torn : {std::string(), before.at("/log/checkpoint").substr(0, 30)}) {
    std::ofstream(checkpoint, std::ios::binary | std::ios::trunc) << torn;
    const auto refused = run();
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.errors().front().code, Code::conflict);
    EXPECT_NE(refused.errors().front().en.find("remove that one file"), std::string::npos);
    std::filesystem::remove(checkpoint);
    EXPECT_EQ(run()->written, 1U);
    EXPECT_EQ(files_of(folder_.path() / "out"), before);
  }
}

TEST_F(ExportTest, FilesGetTheirNamesWhenTheirOctetsAreOnTheDisk) {
  auto folder = SiteFolder::open(folder_.path() / "out").value();
  ASSERT_TRUE(*folder.put("/v1/keys.json", "octets"));
  EXPECT_FALSE(folder.holds("/v1/keys.json"));
  ASSERT_TRUE(folder.sync().ok());
  EXPECT_EQ(files_of(folder_.path() / "out"), (std::map<std::string, std::string>{{"/v1/keys.json", "octets"}}));
  EXPECT_FALSE(*folder.put("/v1/keys.json", "octets"));
}

}  // namespace
}  // namespace ismap::feed
