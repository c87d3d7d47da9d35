#include "server/edge/time_limit.h"

#include <gtest/gtest.h>

#include "server/command/url_source.h"
#include "tests/server/dripping_server.h"

namespace ismap::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

TEST(TimeLimit, AHeadThatDripsEndsWithTheDocumentsTime) {
  const test::DrippingServer site;
  SitePatience patience;
  patience.document = milliseconds(300);
  const auto source = UrlSource::open(site.base(), patience);
  for (int n = 0; n < 2; ++n) {
    const auto begin = steady_clock::now();
    const auto document = source->get("/v1/list.jwt");
    ASSERT_FALSE(document);
    EXPECT_EQ(document.finding().fault, feed::verify::Fault::unreachable);
    EXPECT_EQ(document.finding().detail, "it does not end in time");
    EXPECT_GE(steady_clock::now() - begin, milliseconds(300));
    EXPECT_LT(steady_clock::now() - begin, seconds(10)) << "the time of a read alone would never end it";
  }
  EXPECT_GT(site.sent(), 2) << "it dripped";
}

TEST(TimeLimit, OneThatIsInTimeEndsNothing) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  LimitedSocket socket;
  socket.take(ends[0]);
  { const TimeLimit limit(socket, seconds(60)); }
  EXPECT_EQ(::send(ends[0], "x", 1, MSG_NOSIGNAL), 1);
  {
    TimeLimit limit(socket, milliseconds(1));
    while (!limit.passed()) std::this_thread::yield();
  }
  EXPECT_EQ(::send(ends[0], "x", 1, MSG_NOSIGNAL), -1) << "the time is up";
  for (const int end : ends) ::close(end);
}

}  // namespace
}  // namespace ismap::server
