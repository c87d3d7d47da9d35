#include "server/office/witness_client.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/feed/tile_log.h"
#include "tests/server/dripping_server.h"
#include "tests/support/temp_folder.h"
#include "tests/support/witness.h"

namespace ismap::server {
namespace {

constexpr const char* kOrigin = "liu.example.jp/log";
const registry::Instant kNow{1'780'000'000'000};

/// A witness that listens on 127.0.0.1.
class Listening {
 public:
  Listening(const std::string& name, const std::vector<feed::VerifierKey>& logs) : witness(name, logs) {
    http_.Post("/w/add-checkpoint", [this](const httplib::Request& request, httplib::Response& response) {
      ++asked;
      const auto answer = witness.add_checkpoint(request.body, kNow);
      response.status = answer.status;
      response.set_content(answer.body, answer.status == 409 ? "text/x.tlog.size" : "text/plain");
    });
    port_ = http_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { http_.listen_after_bind(); });
    while (!http_.is_running()) std::this_thread::yield();
  }
  ~Listening() {
    http_.stop();
    thread_.join();
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  [[nodiscard]] std::string prefix() const { return "http://127.0.0.1:" + std::to_string(port_) + "/w"; }

  TestWitness witness;
  std::atomic<int> asked = 0;

 private:
  httplib::Server http_;
  int port_ = 0;
  std::thread thread_;
};

class WitnessClientTest : public testing::Test {
 protected:
  WitnessClientTest() { listen_to(client_); }

  void listen_to(WitnessClient& client) {
    client.on_trouble([this](std::string_view name, std::string_view why) {
      const std::lock_guard<std::mutex> alone(mutex_);
      troubles_.push_back(std::string(name) + ": " + std::string(why));
    });
  }

  feed::CosignRequest request(std::uint64_t size, std::uint64_t published) {
    feed::CosignRequest request;
    const auto root = registry::root_of(log_.leaves().subspan(0, size));
    request.checkpoint = feed::sign_checkpoint({kOrigin, registry::TreeSize{size}, root}, key_);
    request.size = registry::TreeSize{size};
    request.published = registry::TreeSize{published};
    request.now = kNow;
    request.proof = [this, size](registry::TreeSize from) {
      return feed::consistency_path(log_.read(), from, registry::TreeSize{size});
    };
    for (const auto& listening : listening_) request.witnesses.push_back(listening->witness.key());
    return request;
  }

  void listen(const std::string& name) { listening_.push_back(std::make_unique<Listening>(name, logs_)); }
  void tell_where(const std::string& more = "") {
    std::ofstream file(folder_.path() / "witnesses.json");
    file << "{\"none\":1" << more;
    for (const auto& one : listening_) file << ",\"" << one->witness.key().name << "\":\"" << one->prefix() << "\"";
    file << "}";
  }
  [[nodiscard]] std::size_t signed_by(const feed::CosignRequest& request, const std::string& lines) const {
    const auto seen = feed::verify_cosignatures(request.checkpoint + lines, request.witnesses, 0);
    return seen.ok() ? seen->size() : 0;
  }

  feed::TileLog log_{700};
  feed::PrivateKey key_ = feed::PrivateKey::generate(feed::KeyKind::ed25519);
  std::vector<feed::VerifierKey> logs_{feed::parse_vkey(feed::vkey(kOrigin, key_)).value()};
  test::TempFolder folder_;
  std::vector<std::unique_ptr<Listening>> listening_;
  std::vector<std::string> troubles_;
  std::mutex mutex_;  ///< guards troubles_
  /// A machine under load may be slow; what is tested here is who answers what.
  WitnessClient client_{folder_.path(), {std::chrono::seconds(60), std::chrono::seconds(60), std::chrono::seconds(60)}};
};

TEST_F(WitnessClientTest, AsksAllAndRemembersWhatTheySaw) {
  listen("w1.example");
  listen("w2.example");
  tell_where();
  auto first = request(300, 0);
  EXPECT_EQ(signed_by(first, client_.cosign(first)), 2U);
  auto second = request(700, 300);
  EXPECT_EQ(signed_by(second, client_.cosign(second)), 2U);
  EXPECT_EQ(listening_.front()->asked, 2) << "once each";
  EXPECT_TRUE(troubles_.empty());
}

TEST_F(WitnessClientTest, AsksOnceMoreFromTheSizeThatAWitnessNames) {
  listen("w1.example");
  tell_where();
  auto first = request(300, 300);
  EXPECT_EQ(signed_by(first, client_.cosign(first)), 1U) << "it had seen nothing";
  EXPECT_EQ(listening_.front()->asked, 2);
}

TEST_F(WitnessClientTest, OneThatIsAwayOrRefusesCostsItsLineOnly) {
  listen("w1.example");
  listen("w2.example");
  listen("w3.example");
  tell_where();
  auto all = request(300, 0);
  listening_.pop_back();
  listening_.front()->witness.set_seen(kOrigin, {registry::TreeSize{100}, registry::Digest{}});
  const std::string lines = client_.cosign(all);
  EXPECT_EQ(signed_by(all, lines), 1U);
  EXPECT_EQ(troubles_.size(), 2U);
}

TEST_F(WitnessClientTest, OneWithoutAnAddressIsNamed) {
  listen("w1.example");
  auto first = request(300, 0);
  EXPECT_EQ(client_.cosign(first), "");
  EXPECT_EQ(troubles_.size(), 1U);
}

TEST_F(WitnessClientTest, OneThatNeverEndsItsAnswerIsGivenUp) {
  listen("w1.example");
  httplib::Server slow;
  slow.Post("/add-checkpoint", [](const httplib::Request&, httplib::Response& response) {
    response.set_chunked_content_provider("text/plain", [](std::size_t, httplib::DataSink& sink) {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      return sink.write("x", 1);
    });
  });
  const int port = slow.bind_to_any_port("127.0.0.1");
  std::thread thread([&] { slow.listen_after_bind(); });
  while (!slow.is_running()) std::this_thread::yield();
  std::ofstream(folder_.path() / "witnesses.json") << "{\"w1.example\":\"http://127.0.0.1:" << port << "\"}";
  WitnessPatience short_one;
  short_one.answer = std::chrono::seconds(1);
  WitnessClient impatient(folder_.path(), short_one);
  listen_to(impatient);
  auto first = request(300, 0);
  EXPECT_EQ(impatient.cosign(first), "") << "and it comes to an end";
  EXPECT_EQ(troubles_.size(), 1U);
  slow.stop();
  thread.join();
}

TEST_F(WitnessClientTest, OneWhoseHeadDripsIsGivenUp) {
  listen("w1.example");
  const test::DrippingServer slow;
  std::ofstream(folder_.path() / "witnesses.json") << "{\"w1.example\":\"" << slow.base() << "\"}";
  WitnessPatience short_one;
  short_one.answer = std::chrono::seconds(1);
  WitnessClient impatient(folder_.path(), short_one);
  listen_to(impatient);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(impatient.cosign(request(300, 0)), "");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  EXPECT_EQ(troubles_.size(), 1U);
  EXPECT_GT(slow.sent(), 1) << "it dripped";
}

}  // namespace
}  // namespace ismap::server
