#include "server/edge/connections.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/server/raw_client.h"

namespace ismap::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using test::RawClient;

const std::string kGet = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

/// A server that echoes path and body; /throw throws, /large is 8 MB, /slow takes a while.
class ConnectionsTest : public ::testing::Test {
 protected:
  std::uint16_t serve(Limits limits = {}) {
    LoopParts parts;
    parts.limits = limits;
    parts.now = [] { return registry::Instant{0}; };
    parts.on_fault = [this](std::string_view) { ++faults_; };
    parts.on_read = [this] { return pending_.take([this] { return registry::Instant{clock_}; }); };
    parts.answer = [large = std::make_shared<const std::string>(8 << 20, 'x')](const Request& request) {
      if (request.path == "/read-at") {
        return response(200, "text/plain", request.reading ? request.reading->read_at().iso() : "");
      }
      if (request.path == "/throw") throw std::runtime_error("secret of the house");
      if (request.path == "/slow") std::this_thread::sleep_for(milliseconds{300});
      if (request.path == "/large") return Response{200, {}, large};
      return response(200, "text/plain", request.method + " " + request.path + " " + request.body);
    };
    connections_ = std::make_unique<Connections>(std::move(parts));
    return connections_->start("127.0.0.1", 0).value();
  }

  std::atomic<int> faults_ = 0;
  std::atomic<std::int64_t> clock_ = 0;
  registry::Pending pending_;
  std::unique_ptr<Connections> connections_;  // after what its workers touch
};

TEST_F(ConnectionsTest, AnswersAndKeepsTheConnection) {
  RawClient client(serve());
  for (int i = 0; i < 3; ++i) {
    const Response answer = client.ask(kGet);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(*answer.body, "GET /x ");
    EXPECT_EQ(answer.headers.get("Date"), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_FALSE(answer.headers.has("Server"));
  }
}

TEST_F(ConnectionsTest, PipelinedRequestsAreAnsweredInOrder) {
  RawClient client(serve());
  std::string all;
  for (int i = 0; i < 50; ++i) all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  client.send(all);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(*client.read().body, "GET /" + std::to_string(i) + " ");
}

TEST_F(ConnectionsTest, TheBodyOfAGetIsNotTheNextRequest) {
  RawClient client(serve());
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  client.send("GET /first HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(smuggled.size()) + "\r\n\r\n" +
              smuggled + kGet);
  EXPECT_EQ(*client.read().body, "GET /first ");
  EXPECT_EQ(*client.read().body, "GET /x ");
}

TEST_F(ConnectionsTest, ReadsABodyByItsLengthHoweverItArrives) {
  RawClient client(serve());
  for (const char c : std::string("POST /y HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab\n\nc")) {
    client.send(std::string(1, c));
  }
  EXPECT_EQ(*client.read().body, "POST /y ab\n\nc");
  EXPECT_EQ(*client.ask("POST /z HTTP/1.1\r\nHost: a\r\n\r\n").body, "POST /z ");  // no length: no body
}

TEST_F(ConnectionsTest, ARequestThatMayChangeSomethingCountsFromWhenItIsWhole_12_1) {
  RawClient client(serve());
  const std::string post = "POST /read-at HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n";
  EXPECT_EQ(*client.ask(post + "{}").body, "1970-01-01T00:00:00.000Z");
  client.send(post + "{");
  std::this_thread::sleep_for(milliseconds{50});  // its beginning is there, and does not count
  clock_ = 1000;
  client.send("}");
  EXPECT_EQ(*client.read().body, "1970-01-01T00:00:01.000Z");
  EXPECT_EQ(*client.ask("GET /read-at HTTP/1.1\r\nHost: a\r\n\r\n").body, "") << "what only reads holds nothing up";
  connections_->stop();
  EXPECT_EQ(pending_.settled_until(registry::Instant{2000}), registry::Instant{2000}) << "all are settled";
}

TEST_F(ConnectionsTest, RefusalsAreProblemsAndEndTheConnection) {
  const std::uint16_t port = serve();
  const std::pair<std::string, int> refused[] = {
      {"nonsense\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\nHost: a\n\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + kGet, 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + kGet, 501},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n" + std::string(1 << 20, 'x'), 413},
      {"GET /" + std::string(1 << 20, 'a'), 414},
      {"GET / HTTP/1.1\r\nX: " + std::string(4 << 20, 'a'), 431},
  };
  for (const auto& [bytes, status] : refused) {
    RawClient client(port);
    const Response answer = client.ask(bytes);
    EXPECT_EQ(answer.status, status) << bytes.substr(0, 60);
    EXPECT_EQ(answer.headers.get("Content-Type"), "application/problem+json");
    EXPECT_EQ(answer.headers.get("Connection"), "close");
    EXPECT_TRUE(client.closed());
  }
}

TEST_F(ConnectionsTest, ASlowHeadAndASlowBodyTimeOut) {
  Limits limits;
  limits.head_time = milliseconds{150};
  limits.body_time = milliseconds{150};
  const std::uint16_t port = serve(limits);
  RawClient head(port);
  RawClient body(port);
  body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  for (int i = 0; i < 10; ++i) {  // a trickle does not push the deadline on
    head.send(i == 0 ? "GET / HTTP/1.1\r\nX: " : "y");
    body.send("y");
    std::this_thread::sleep_for(milliseconds{30});
  }
  EXPECT_EQ(head.read().status, 408);
  EXPECT_EQ(body.read().status, 408);
}

TEST_F(ConnectionsTest, AnIdleConnectionIsClosedWithoutAWord) {
  Limits limits;
  limits.idle_time = milliseconds{100};
  RawClient client(serve(limits));
  EXPECT_TRUE(client.closed());
}

TEST_F(ConnectionsTest, IdleAndSlowClientsDoNotKeepOthersWaiting) {
  const std::uint16_t port = serve();
  std::vector<std::unique_ptr<RawClient>> others;
  for (int i = 0; i < 300; ++i) {
    others.push_back(std::make_unique<RawClient>(port));
    if (i % 3 == 1) others.back()->send("GET / HTTP/1.1\r\nX");                     // slow head
    if (i % 3 == 2) others.back()->send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");  // never read
  }
  const auto begun = steady_clock::now();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(RawClient(port).ask(kGet).status, 200);
  EXPECT_LT(steady_clock::now() - begun, std::chrono::seconds{4});
}

TEST_F(ConnectionsTest, AFullHouseMakesRoomForTheNext) {
  Limits limits;
  limits.connections = 8;
  const std::uint16_t port = serve(limits);
  std::vector<std::unique_ptr<RawClient>> idle;
  for (int i = 0; i < 20; ++i) idle.push_back(std::make_unique<RawClient>(port));
  EXPECT_EQ(RawClient(port).ask(kGet).status, 200);
}

TEST_F(ConnectionsTest, ALargeAnswerReachesASlowReaderWhole) {
  RawClient client(serve());
  client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n" + kGet);
  std::this_thread::sleep_for(milliseconds{100});
  EXPECT_EQ(client.read().body->size(), std::size_t{8} << 20);
  EXPECT_EQ(*client.read().body, "GET /x ");
}

TEST_F(ConnectionsTest, WhatAHandlerThrowsStaysInside) {
  RawClient client(serve());
  const Response answer = client.ask("GET /throw HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body->find("secret"), std::string::npos);
  for (const auto& field : answer.headers.all()) EXPECT_EQ(field.second.find("secret"), std::string::npos);
  EXPECT_EQ(faults_, 1);
  EXPECT_EQ(client.ask(kGet).status, 200);
}

TEST_F(ConnectionsTest, AnswersAnExpectation) {
  RawClient client(serve());
  EXPECT_EQ(client.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n").status, 100);
  EXPECT_EQ(*client.ask("ok").body, "POST / ok");
}

TEST_F(ConnectionsTest, HeadHasTheLengthAndNoBody) {
  RawClient client(serve());
  const Response head = client.ask("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n", true);
  EXPECT_EQ(head.headers.get("Content-Length"), "8");  // "HEAD /x "
  EXPECT_EQ(*client.ask(kGet).body, "GET /x ");
}

TEST_F(ConnectionsTest, ConnectionsEndWhenTheyShould) {
  Limits limits;
  limits.requests_per_connection = 2;
  const std::uint16_t port = serve(limits);
  RawClient old(port);
  EXPECT_EQ(old.ask("GET /x HTTP/1.0\r\n\r\n").headers.get("Connection"), "close");
  EXPECT_TRUE(old.closed());
  RawClient closing(port);
  EXPECT_EQ(closing.ask("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").status, 200);
  EXPECT_TRUE(closing.closed());
  RawClient busy(port);
  EXPECT_EQ(busy.ask(kGet).headers.get("Connection"), "keep-alive");
  EXPECT_EQ(busy.ask(kGet).headers.get("Connection"), "close");
}

TEST_F(ConnectionsTest, ATakenPortIsRefused) {
  const std::uint16_t port = serve();
  LoopParts parts;
  parts.answer = [](const Request&) { return Response{}; };
  parts.now = [] { return registry::Instant{0}; };
  Connections second(std::move(parts));
  const auto started = second.start("127.0.0.1", port);
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.errors().front().code, registry::Code::unavailable);
}

TEST_F(ConnectionsTest, StopFinishesWhatIsUnderWay) {
  const std::uint16_t port = serve();
  RawClient working(port);
  RawClient idle(port);
  EXPECT_EQ(idle.ask(kGet).status, 200);
  working.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  std::this_thread::sleep_for(milliseconds{50});
  const auto begun = steady_clock::now();
  connections_->stop();
  EXPECT_LT(steady_clock::now() - begun, std::chrono::seconds{2});
  EXPECT_EQ(working.read().status, 200);
  EXPECT_TRUE(working.closed());
  EXPECT_TRUE(idle.closed());
  EXPECT_THROW(RawClient{port}, std::runtime_error);
}

}  // namespace
}  // namespace ismap::server
