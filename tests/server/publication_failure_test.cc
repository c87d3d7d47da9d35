#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "server/office/scheduler.h"
#include "tests/server/office_site.h"

/// A publication that fails after its commit: told, retried, and never hidden (formats: Publishing).
namespace ismap::server {
namespace {

using feed::PublishStep;
using registry::Code;
using registry::Done;
using registry::Error;
using registry::Json;
using registry::Result;
using test::Answer;

class PublisherFailure : public test::OfficeSite {
 protected:
  PublisherFailure() {
    reopen([this](PublishStep step) -> Result<Done> {
      if (failing && step == PublishStep::before_guard) return Error{Code::unavailable, "", "", "試験", "test"};
      return Done{};
    });
    EXPECT_TRUE(folder->publisher().publish(now).ok());
    EXPECT_EQ(get("/readyz").status(), 200);
  }
  Answer usage(int n, const std::string& key) {
    return post("operator", "/v1/services/L24-0001/acts", act("usage", "11.5(13)", {{"agencies_using", n}}), key);
  }
  std::uint64_t published_version() { return get("/v1/list.json").json.at("ver"); }
  /// 503 that names the event, which is recorded and not published.
  void expect_recorded_only(const Answer& answer, std::uint64_t seq) {
    EXPECT_EQ(answer.status(), 503);
    EXPECT_EQ(answer.json.at("seq"), seq);
    EXPECT_EQ(answer.json.at("recorded"), true);
    EXPECT_EQ(answer.json.at("type"), "/problems/unavailable");
    EXPECT_EQ(answer.response.headers.get("Content-Type"), "application/problem+json");
    EXPECT_TRUE(answer.response.headers.has("Retry-After"));
    EXPECT_EQ(size(), seq + 1);
    EXPECT_EQ(get("/v1/events/" + std::to_string(seq) + ".json").status(), 404);
    EXPECT_EQ(get("/readyz").status(), 503);
    EXPECT_EQ(get("/healthz").status(), 200);
  }

  std::atomic<bool> failing = false;
};

TEST_F(PublisherFailure, IsToldWithTheSeqAndMendedByARepeatedRequest) {
  const std::uint64_t seq = size();
  const std::uint64_t ver = published_version();
  failing = true;
  expect_recorded_only(usage(21, "k"), seq);
  EXPECT_EQ(published_version(), ver) << "the old generation is served on";
  expect_recorded_only(usage(21, "k"), seq);  // still failing, and not done twice
  failing = false;
  const Answer mended = usage(21, "k");
  EXPECT_EQ(mended.status(), 200);
  EXPECT_EQ(mended.json.at("seq"), seq);
  EXPECT_EQ(mended.json.at("list_ver"), published_version());
  EXPECT_EQ(get("/v1/events/" + std::to_string(seq) + ".json").json.at("record").at("agencies_using"), 21);
  EXPECT_EQ(get("/readyz").status(), 200);
  EXPECT_EQ(size(), seq + 1);
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(PublisherFailure, IsRetriedInTheBackground) {
  const std::uint64_t seq = size();
  failing = true;
  expect_recorded_only(usage(22, "k"), seq);
  failing = false;
  const Scheduler scheduler({folder->publisher(), [this] { return now; }, [](registry::Instant) { return false; },
                             [](const registry::Errors&) {}});
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (get("/readyz").status() != 200 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_EQ(get("/readyz").status(), 200);
  EXPECT_EQ(get("/v1/events/" + std::to_string(seq) + ".json").status(), 200);
  EXPECT_EQ(usage(22, "k").status(), 200);
  EXPECT_EQ(size(), seq + 1);
}

TEST_F(PublisherFailure, OfADecisionKeepsTheDecision) {
  const std::string id = filed({{"url", "https://new.example.jp/"}});
  const std::string path = "/v1/filings/" + id;
  const Json ruling{{"decision", "accept"}, {"article", "14.2"}, {"reason", "確認した"}};
  const std::uint64_t seq = size();
  failing = true;
  expect_recorded_only(post("operator", path + "/decision", ruling), seq);
  EXPECT_EQ(ask("registrant", "GET", path).json.at("state"), "accepted") << "the filing tells what became of it";
  EXPECT_EQ(ask("registrant", "GET", path).json.at("seq"), seq);
  failing = false;
  EXPECT_EQ(post("operator", path + "/decision", ruling).status(), 409);
  ASSERT_TRUE(folder->publisher().publish(now).ok());
  EXPECT_EQ(get("/v1/events/" + std::to_string(seq) + ".json").status(), 200);
}

TEST_F(PublisherFailure, WhatIsRecordedMeanwhileComesOutTogether) {
  const std::uint64_t first = size();
  failing = true;
  expect_recorded_only(usage(23, "a"), first);
  expect_recorded_only(usage(24, "b"), first + 1);
  failing = false;
  const Answer third = usage(25, "c");
  EXPECT_EQ(third.status(), 201);
  for (std::uint64_t seq = first; seq <= first + 2; ++seq) {
    EXPECT_EQ(get("/v1/events/" + std::to_string(seq) + ".json").status(), 200) << seq;
  }
  EXPECT_EQ(usage(23, "a").json.at("list_ver"), third.json.at("list_ver"));
  EXPECT_EQ(get("/readyz").status(), 200);
}

TEST_F(PublisherFailure, SigningThatIsNotAllowedRecordsNothing) {
  const std::uint64_t before = size();
  now = now.plus_seconds(-1);
  const Answer refused = usage(26, "k");
  EXPECT_EQ(refused.status(), 503);
  EXPECT_FALSE(refused.json.contains("seq"));
  EXPECT_EQ(size(), before);
  now = now.plus_seconds(1);
  EXPECT_EQ(usage(26, "k").status(), 201);
}

}  // namespace
}  // namespace ismap::server
