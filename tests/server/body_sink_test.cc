#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <numeric>
#include <thread>

#include "server/edge/connections.h"
#include "tests/server/raw_client.h"

/// Bodies that do not go to memory: how the event loop hands them on, over real sockets.
namespace ismap::server {
namespace {

using std::chrono::milliseconds;
using test::RawClient;

constexpr std::size_t kTwentyMebibytes = std::size_t{20} << 20U;

/// What a sink was given, as the test sees it.
struct Taken {
  std::atomic<std::size_t> bytes = 0;
  std::atomic<std::size_t> largest = 0;  ///< handed over at once
  std::atomic<std::uint64_t> sum = 0;
  std::atomic<int> open = 0;  ///< sinks that live
};

class CountingSink : public BodySink {
 public:
  explicit CountingSink(Taken& taken) : taken_(taken) { ++taken_.open; }
  ~CountingSink() override { --taken_.open; }
  registry::Result<registry::Done> write(std::string_view bytes) override {
    if (bytes.find("full") != std::string_view::npos) {
      return registry::Error{registry::Code::unavailable, "", "", "空きなし", "no room"};
    }
    if (bytes.find("throw") != std::string_view::npos) throw std::runtime_error("secret of the house");
    taken_.bytes += bytes.size();
    if (bytes.size() > taken_.largest) taken_.largest = bytes.size();
    taken_.sum += std::accumulate(bytes.begin(), bytes.end(), std::uint64_t{0});
    return registry::Done{};
  }

 private:
  Taken& taken_;
};

/// POST /sink goes to a sink, /refused is refused by its head, all else to memory. The answer tells where the body was.
class BodySinks : public ::testing::Test {
 protected:
  std::uint16_t serve(Limits limits = {}) {
    LoopParts parts;
    parts.limits = limits;
    parts.now = [] { return registry::Instant{0}; };
    parts.on_fault = [this](std::string_view) { ++faults; };
    parts.body_place = [this](const Request& request, std::size_t length) -> BodyPlace {
      lengths = length;
      if (request.path == "/thrown") throw std::runtime_error("secret of the house");
      if (request.path == "/refused") return problem_of(401, "だれですか", "who are you");
      if (request.path == "/sink") return std::shared_ptr<BodySink>(std::make_shared<CountingSink>(taken));
      return std::shared_ptr<BodySink>();
    };
    parts.answer = [](const Request& request) {
      const std::string where = request.sink ? "sink" : "memory";
      return response(200, "text/plain", where + " " + std::to_string(request.body.size()) + " " + request.body);
    };
    connections = std::make_unique<Connections>(std::move(parts));
    return connections->start("127.0.0.1", 0).value();
  }
  static std::string head(const std::string& path, std::size_t length, const std::string& more = "") {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n" + more +
           "\r\n";
  }
  /// Waits until `is` holds, for at most five seconds.
  static bool soon(const std::function<bool()>& is) {
    for (int i = 0; i < 500 && !is(); ++i) std::this_thread::sleep_for(milliseconds{10});
    return is();
  }

  Taken taken;
  std::atomic<std::size_t> lengths = 0;
  std::atomic<int> faults = 0;
  std::unique_ptr<Connections> connections;  // after what its threads touch
};

TEST_F(BodySinks, TwentyMebibytesGoThroughAFewKilobytesOfMemory) {
  RawClient client(serve());
  client.send(head("/sink", kTwentyMebibytes));
  const std::string piece(1 << 20, '\x01');
  for (int i = 0; i < 20; ++i) client.send(piece);
  EXPECT_EQ(*client.read().body, "sink 0 ") << "the request itself holds nothing of it";
  EXPECT_EQ(taken.bytes, kTwentyMebibytes);
  EXPECT_EQ(taken.sum, kTwentyMebibytes) << "each byte once";
  EXPECT_LE(taken.largest, std::size_t{32} * 1024) << "never more at once than what is received at once";
  EXPECT_EQ(lengths, kTwentyMebibytes);
  EXPECT_TRUE(soon([&] { return taken.open == 0; }));
}

TEST_F(BodySinks, TheNextRequestBeginsAfterTheBody) {
  RawClient client(serve());
  client.send(head("/sink", 4) + "body" + head("/memory", 2) + "ok" + head("/sink", 0) + head("/sink", 1) + "x");
  EXPECT_EQ(*client.read().body, "sink 0 ");
  EXPECT_EQ(*client.read().body, "memory 2 ok");
  EXPECT_EQ(*client.read().body, "sink 0 ");
  EXPECT_EQ(*client.read().body, "sink 0 ");
  EXPECT_EQ(taken.bytes, 5U);
}

TEST_F(BodySinks, MemoryKeepsItsOwnLimit) {
  const std::uint16_t port = serve();
  EXPECT_EQ(RawClient(port).ask(head("/memory", (1 << 20) + 1)).status, 413);
  EXPECT_EQ(
      RawClient(port).ask("POST /sink HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n").status,
      413);
  EXPECT_EQ(taken.open, 0);
}

TEST_F(BodySinks, ARefusalComesInsteadOf100Continue) {
  const std::uint16_t port = serve();
  const std::string expect = "Expect: 100-continue\r\n";
  RawClient refused(port);
  EXPECT_EQ(refused.ask(head("/refused", kTwentyMebibytes, expect)).status, 401);
  EXPECT_TRUE(refused.closed());
  RawClient welcome(port);
  EXPECT_EQ(welcome.ask(head("/sink", 2, expect)).status, 100);
  EXPECT_EQ(welcome.ask("ok").status, 200);
}

TEST_F(BodySinks, AClientThatSendsAnywayReadsWhyItWasRefused) {
  RawClient client(serve());
  client.send(head("/refused", std::size_t{8} << 20U));
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 8; ++i) client.send(piece);
  EXPECT_EQ(client.read().status, 401);
}

TEST_F(BodySinks, ABodyThatBreaksOffEndsItsSink) {
  const std::uint16_t port = serve();
  {
    RawClient client(port);
    client.send(head("/sink", 1000) + "half");
    EXPECT_TRUE(soon([&] { return taken.bytes == 4; }));
    EXPECT_EQ(taken.open, 1);
  }
  EXPECT_TRUE(soon([&] { return taken.open == 0; }));
}

TEST_F(BodySinks, ABodyThatIsTooSlowEndsItsSink) {
  Limits limits;
  limits.body_time = milliseconds{150};
  RawClient client(serve(limits));
  client.send(head("/sink", 1000) + "half");
  EXPECT_EQ(client.read().status, 408);
  EXPECT_TRUE(soon([&] { return taken.open == 0; }));
}

TEST_F(BodySinks, ALargeBodyHasAsMuchMoreTime) {
  Limits limits;
  limits.body_time = milliseconds{150};
  RawClient client(serve(limits));
  client.send(head("/sink", kTwentyMebibytes));
  std::this_thread::sleep_for(milliseconds{600});  // four times what a small one has
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 20; ++i) client.send(piece);
  EXPECT_EQ(client.read().status, 200);
}

TEST_F(BodySinks, AFaultOfTheSinkIsARefusalAndEndsIt) {
  const std::uint16_t port = serve();
  RawClient full(port);
  EXPECT_EQ(full.ask(head("/sink", 100) + "full").status, 503);
  RawClient thrown(port);
  const Response answer = thrown.ask(head("/sink", 100) + "throw");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body->find("secret"), std::string::npos);
  EXPECT_EQ(RawClient(port).ask(head("/thrown", 1)).status, 503);
  EXPECT_EQ(faults, 2);
  EXPECT_TRUE(soon([&] { return taken.open == 0; }));
}

TEST_F(BodySinks, StopEndsWhatIsStillArriving) {
  const std::uint16_t port = serve();
  RawClient client(port);
  client.send(head("/sink", 1000) + "half");
  EXPECT_TRUE(soon([&] { return taken.bytes == 4; }));
  connections->stop();
  EXPECT_EQ(taken.open, 0);
  EXPECT_TRUE(client.closed());
}

/// A body that is made as it is sent.
class MadeBody : public BodySource {
 public:
  explicit MadeBody(std::size_t size, std::size_t broken_at = SIZE_MAX) : size_(size), broken_at_(broken_at) {}
  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] std::string read(std::size_t offset, std::size_t most) const override {
    if (offset >= broken_at_) return "";
    std::string out(std::min(most, size_ - offset), '\0');
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>((offset + i) % 251);
    return out;
  }

 private:
  const std::size_t size_;
  const std::size_t broken_at_;
};

TEST(BodySources, AreSentWholeAndInOrder) {
  LoopParts parts;
  parts.now = [] { return registry::Instant{0}; };
  parts.answer = [](const Request& request) {
    Response out;
    const std::size_t size = std::size_t{5} << 20U;
    out.source = std::make_shared<const MadeBody>(size, request.path == "/broken" ? size / 2 : SIZE_MAX);
    return out;
  };
  Connections connections(std::move(parts));
  const std::uint16_t port = connections.start("127.0.0.1", 0).value();
  RawClient client(port);
  client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  std::this_thread::sleep_for(milliseconds{100});  // the socket is full by now
  const Response whole = client.read();
  ASSERT_EQ(whole.body->size(), std::size_t{5} << 20U);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < whole.body->size(); ++i) {
    if ((*whole.body)[i] != static_cast<char>(i % 251)) ++wrong;
  }
  EXPECT_EQ(wrong, 0U);
  const Response head = client.ask("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n", true);
  EXPECT_EQ(head.headers.get("Content-Length"), std::to_string(std::size_t{5} << 20U));
  EXPECT_EQ(client.ask("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n").status, 0) << "cut short, and told by the length";
}

}  // namespace
}  // namespace ismap::server
