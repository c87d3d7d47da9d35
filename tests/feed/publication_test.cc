#include "feed/publication.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <thread>

#include "feed/files.h"
#include "feed/jwt.h"
#include "tests/feed/register_fixture.h"

namespace ismap::feed {
namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Instant;
using registry::Json;
using registry::Result;
using registry::TreeSize;

class Publication : public RegisterFixture {
 protected:
  [[nodiscard]] Json list_of(const Generation& generation) const {
    const auto list =
        verify_jwt(generation.find("/v1/list.jwt")->body(), Json::array({keys_->jwt.front().jwk()}), kListType);
    return list ? *registry::parse_json(list->octets) : Json();
  }
  static Result<Done> fail() { return Error{Code::unavailable, "", "", "故障", "fault"}; }
};

std::string inflated(const std::string& gzip) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
  stream.avail_in = static_cast<uInt>(gzip.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST_F(Publication, AGenerationIsOneVersionAndOneCheckpoint) {
  put_service("L24-0002", "架空 その二");
  put_service("L24-0001", "架空 その一");
  const auto publisher_ = publisher();
  const auto generation = publisher_->publish(kNow);
  ASSERT_TRUE(generation.ok()) << generation.errors().front().en;
  EXPECT_EQ(publisher_->current(), *generation);
  const Generation& g = **generation;
  for (const char* path : {"/v1/list.jwt", "/v1/list.json", "/v1/list.csv", "/v1/events.atom", "/v1/keys.json",
                           "/v1/keys/1.json", "/log/checkpoint"}) {
    EXPECT_NE(g.find(path), nullptr) << path;
  }
  EXPECT_EQ(g.documents.size(), 7U);
  const Json list = list_of(g);
  EXPECT_EQ(registry::canonical(list), g.find("/v1/list.json")->body());
  EXPECT_EQ(list.size(), 8U);
  EXPECT_EQ(list.at("iss"), kIss);
  EXPECT_EQ(list.at("sub"), std::string(kIss) + "/v1/list.jwt");
  EXPECT_EQ(list.at("ver"), 1);
  EXPECT_EQ(list.at("iat"), 1'780'000'000);
  EXPECT_EQ(list.at("exp"), 1'780'000'000 + 48 * 3600);
  EXPECT_EQ(list.at("ttl"), 3600);
  EXPECT_EQ(list.at("checkpoint"), g.checkpoint);
  EXPECT_EQ(g.find("/log/checkpoint")->body(), g.checkpoint);
  EXPECT_NE(g.find("/v1/events.atom")->body().find(base64(g.checkpoint)), std::string::npos);
  EXPECT_EQ(g.find("/v1/keys.json")->body(), report_.key_set);
  const std::vector<VerifierKey> log{parse_vkey(vkey(kOrigin, keys_->log.front())).value()};
  EXPECT_EQ(verify_checkpoint(g.checkpoint, log)->size, TreeSize{3});
}

TEST_F(Publication, RecordsAreTheLeavesInOrderOfIdAndCsvShowsTheRegistered) {
  put_service("L24-0003", "架空 消えた", "removed");
  put_service("L24-0001", "架空 その一");
  const auto generation = publisher()->publish(kNow).value();
  ASSERT_EQ(generation->services.size(), 2U);
  const Json records = list_of(*generation).at("records");
  EXPECT_EQ(records[0].at("record").at("id"), "L24-0001");
  EXPECT_EQ(records[1].at("record").at("id"), "L24-0003");
  EXPECT_EQ(registry::canonical(records[1]), generation->services[1]->leaf.value());
  const std::string& csv = generation->find("/v1/list.csv")->body();
  EXPECT_TRUE(csv.starts_with("\xEF\xBB\xBF"));
  EXPECT_TRUE(csv.ends_with("\r\n"));
  EXPECT_NE(csv.find("L24-0001"), std::string::npos);
  EXPECT_EQ(csv.find("L24-0003"), std::string::npos);
  ASSERT_NE(generation->service("L24-0003"), nullptr);
  EXPECT_EQ(generation->service("L24-0002"), nullptr);
  EXPECT_NE(generation->service("L24-0001")->search_text.find("l24-0001"), std::string::npos);
}

TEST_F(Publication, VersionsIncreaseOverRestarts) {
  const auto first = publisher();
  EXPECT_EQ(first->publish(kNow).value()->ver.value(), 1U);
  EXPECT_EQ(first->publish(kNow).value()->ver.value(), 2U) << "in the same second too";
  EXPECT_EQ(publisher()->publish(kNow).value()->ver.value(), 3U);
}

TEST_F(Publication, AnOlderGuardUnderTheSameDatabaseBringsNothingBack) {
  const auto first = publisher();
  ASSERT_TRUE(first->publish(kNow).ok());
  const Guard old = read_guard(data()).value();
  put_service("L24-0001", "架空");
  ASSERT_EQ(first->publish(kNow.plus_seconds(60)).value()->ver.value(), 2U);
  ASSERT_TRUE(write_guard(data(), old).ok());
  const auto second = publisher();
  EXPECT_FALSE(second->may_sign(kNow.plus_seconds(59)).ok()) << "before what the database knows was signed";
  EXPECT_EQ(second->publish(kNow.plus_seconds(60)).value()->ver.value(), 3U);
  EXPECT_EQ(read_guard(data())->ver.value(), 3U);
}

TEST_F(Publication, OnlyWhatChangedIsReadAgain) {
  put_service("L24-0001", "架空 その一");
  put_service("L24-0002", "架空 その二");
  const auto publisher_ = publisher();
  const auto before = publisher_->publish(kNow).value();
  put_service("L24-0002", "架空 その二改");
  const auto after = publisher_->publish(kNow).value();
  EXPECT_EQ(before->services[0], after->services[0]);
  EXPECT_NE(before->services[1], after->services[1]);
  EXPECT_EQ(before->find("/v1/keys.json"), after->find("/v1/keys.json"));
  const auto fresh = publisher()->publish(kNow).value();
  EXPECT_EQ(fresh->find("/v1/list.csv")->body(), after->find("/v1/list.csv")->body());
  EXPECT_EQ(list_of(*fresh).at("records"), list_of(*after).at("records"));
}

TEST_F(Publication, TheFeedReachesBackToTheLastFullArchive) {
  EXPECT_EQ(first_in_feed(TreeSize{1}).value(), 0U);
  EXPECT_EQ(first_in_feed(TreeSize{255}).value(), 0U);
  EXPECT_EQ(first_in_feed(TreeSize{256}).value(), 224U);
  EXPECT_EQ(first_in_feed(TreeSize{288}).value(), 256U);
  EXPECT_EQ(first_in_feed(TreeSize{289}).value(), 256U);
  const auto publisher_ = publisher();
  for (int i = 0; i < 40; ++i) put_service("L24-0001", "架空 " + std::to_string(i));
  const std::string body = publisher_->publish(kNow).value()->find("/v1/events.atom")->body();
  EXPECT_LT(body.find("tag:liu.example.jp,2024:event:40<"), body.find("tag:liu.example.jp,2024:event:39<"));
  EXPECT_NE(body.find("tag:liu.example.jp,2024:event:0<"), std::string::npos);
}

TEST_F(Publication, AFaultBeforeTheGuardLeavesNoTraceOneAfterItCostsAVersion) {
  std::optional<PublishStep> broken;
  PublisherSettings settings;
  settings.at = [&](PublishStep step) -> Result<Done> { return broken == step ? fail() : Done{}; };
  const auto publisher_ = publisher(settings);
  const auto good = publisher_->publish(kNow).value();
  const Guard before = read_guard(data()).value();
  put_service("L24-0001", "架空");
  broken = PublishStep::before_guard;
  EXPECT_FALSE(publisher_->publish(kNow).ok());
  EXPECT_EQ(*read_guard(data()), before);
  EXPECT_EQ(publisher_->current(), good);
  broken = PublishStep::before_swap;
  EXPECT_FALSE(publisher_->publish(kNow).ok());
  EXPECT_EQ(read_guard(data())->ver.value(), 2U);
  EXPECT_EQ(publisher_->current(), good);
  broken = std::nullopt;
  EXPECT_EQ(publisher_->publish(kNow).value()->ver.value(), 3U);
  EXPECT_EQ(publisher()->publish(kNow).value()->ver.value(), 4U);
}

TEST_F(Publication, AFailingHookEndsItBeforeAnythingIsSigned) {
  PublisherSettings settings;
  settings.before = [](Instant) { return fail(); };
  const auto publisher_ = publisher(settings);
  EXPECT_FALSE(publisher_->publish(kNow).ok());
  EXPECT_EQ(publisher_->current(), nullptr);
  EXPECT_EQ(read_guard(data())->ver.value(), 0U);
}

TEST_F(Publication, NothingIsSignedWithoutOrBesideTheGuard) {
  put_service("L24-0001", "架空");
  const auto publisher_ = publisher();
  ASSERT_TRUE(publisher_->publish(kNow).ok());
  const Guard good = read_guard(data()).value();
  const auto refused = [&](Publisher& one) {
    const auto may = one.may_sign(kNow);
    return !may.ok() && may.errors().front().code == Code::unavailable && !one.publish(kNow).ok() &&
           !publisher()->may_sign(kNow).ok();
  };
  Guard ahead = good;
  ahead.size = TreeSize{3};
  ASSERT_TRUE(write_guard(data(), ahead).ok());
  EXPECT_TRUE(refused(*publisher_));
  Guard beside = good;
  beside.root = registry::sha256("other");
  ASSERT_TRUE(write_guard(data(), beside).ok());
  EXPECT_TRUE(refused(*publisher_));
  ASSERT_TRUE(replace_file(guard_path(data()), "torn").ok());
  EXPECT_TRUE(refused(*publisher_));
  std::filesystem::remove(guard_path(data()));
  EXPECT_TRUE(refused(*publisher_));
  ASSERT_TRUE(write_guard(data(), first_guard(kNow)).ok());
  EXPECT_TRUE(publisher_->may_sign(kNow).ok()) << "a guard further back is extended";
}

TEST_F(Publication, TheClockAndTheKeySetMustAllowIt) {
  const auto publisher_ = publisher();
  ASSERT_TRUE(publisher_->publish(kNow.plus_seconds(60)).ok());
  EXPECT_TRUE(publisher_->may_sign(kNow.plus_seconds(60)).ok());
  EXPECT_FALSE(publisher_->may_sign(kNow.plus_seconds(59)).ok());
  EXPECT_FALSE(publisher_->publish(kNow.plus_seconds(59)).ok());
  EXPECT_TRUE(publisher_->may_sign(kNow.plus_seconds(kKeySetLifeSeconds - 1)).ok());
  EXPECT_FALSE(publisher_->may_sign(kNow.plus_seconds(kKeySetLifeSeconds)).ok());
}

TEST_F(Publication, ForeignKeysOrAnotherIssuerDoNotSign) {
  ASSERT_TRUE(make_keys(folder_.path() / "foreign", "liu.example.jp", kNow).ok());
  keys_.emplace(load_keys(folder_.path() / "foreign").value());
  EXPECT_EQ(publisher()->may_sign(kNow).errors().size(), 3U);
  keys_.emplace(load_keys(data() / "keys").value());
  PublisherSettings settings;
  settings.iss = "https://other.example.jp";
  EXPECT_FALSE(publisher(settings)->may_sign(kNow).ok());
}

TEST_F(Publication, WaitingActsShareOneGeneration) {
  const auto publisher_ = publisher();
  const auto first = publisher_->publish_covering(TreeSize{1}, kNow).value();
  EXPECT_EQ(publisher_->publish_covering(TreeSize{1}, kNow).value(), first);
  put_service("L24-0001", "架空");
  EXPECT_EQ(publisher_->publish_covering(TreeSize{2}, kNow).value()->ver.value(), 2U);
}

TEST_F(Publication, ConcurrentPublicationsComeOneAfterTheOther) {
  const auto publisher_ = publisher();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(publisher_->publish(kNow).ok());
        EXPECT_FALSE(publisher_->current()->find("/v1/list.json")->gzip().empty());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(publisher_->current()->ver.value(), 20U);
  EXPECT_EQ(read_guard(data())->ver.value(), 20U);
}

TEST(GeneratedDocument, IsCompressedOnceWithoutATime) {
  const Document document("text/plain", std::string(5000, 'x'));
  EXPECT_EQ(document.etag().size(), 32U);
  EXPECT_EQ(&document.gzip(), &document.gzip());
  EXPECT_EQ(document.gzip().substr(0, 8), std::string("\x1F\x8B\x08\0\0\0\0\0", 8));
  EXPECT_EQ(inflated(document.gzip()), document.body());
}

}  // namespace
}  // namespace ismap::feed
