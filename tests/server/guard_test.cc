#include "server/edge/guard.h"

#include <gtest/gtest.h>

namespace ismap::server {
namespace {

const Limits kLimits;

/// Status of the refusal; 0 when the head is accepted.
int refusal(const std::string& head) {
  const auto read = read_head(head, kLimits);
  const auto* problem = std::get_if<Problem>(&read);
  return problem != nullptr ? problem->status : 0;
}

Head accepted(const std::string& head) { return std::get<Head>(read_head(head, kLimits)); }

std::string with(const std::string& lines) { return "POST /v1/filings HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n"; }
std::string asking_for(const std::string& line) { return line + "\r\nHost: a\r\n\r\n"; }

TEST(Guard, ReadsAWholeHead) {
  const Head head = accepted(
      "GET /services/L24-0001?q=%E5%AE%89%E5%90%A6+x&q=2 HTTP/1.1\r\nHOST: a:80\r\nAccept:  text/html \r\n\r\n");
  EXPECT_EQ(head.request.method, "GET");
  EXPECT_EQ(head.request.path, "/services/L24-0001");
  EXPECT_EQ(head.request.query, (std::vector<Parameter>{{"q", "安否 x"}, {"q", "2"}}));
  EXPECT_EQ(head.request.headers.get("accept"), "text/html");
  EXPECT_TRUE(head.keep_alive);
  EXPECT_EQ(head.content_length, 0U);
}

TEST(Guard, RefusesMalformedRequestLines) {
  for (const char* line : {"GET / HTTP/1.1 ",
                           " GET / HTTP/1.1",
                           "GET  / HTTP/1.1x",
                           "GET /",
                           "GET",
                           "G(T / HTTP/1.1",
                           "GET x HTTP/1.1",
                           "GET /a b HTTP/1.1",
                           "GET /\x01 HTTP/1.1",
                           "GET /# HTTP/1.1",
                           "GET /\xE5 HTTP/1.1",
                           "GET /%zz HTTP/1.1",
                           "GET /%0d%0aX:y HTTP/1.1",
                           "GET /%00 HTTP/1.1",
                           "GET /%ff HTTP/1.1",
                           "GET /?q=%c0%80 HTTP/1.1",
                           "GET /?q=%ed%a0%80 HTTP/1.1",
                           "GET /% HTTP/1.1",
                           "GET * HTTP/1.1",
                           "GET / http/1.1",
                           "GET / HTTP/1.1\rX: y"}) {
    EXPECT_EQ(refusal(asking_for(line)), 400) << line;
  }
  EXPECT_EQ(refusal(asking_for("GET / HTTP/2.0")), 505);
  EXPECT_EQ(refusal("\r\n"), 400);
}

TEST(Guard, TakesTheAbsoluteForm) {
  EXPECT_EQ(accepted(asking_for("GET http://a/v1/services?limit=1 HTTP/1.1")).request.target, "/v1/services?limit=1");
  EXPECT_EQ(accepted(asking_for("GET http://a HTTP/1.1")).request.path, "/");
  EXPECT_EQ(accepted(asking_for("OPTIONS * HTTP/1.1")).request.path, "*");
}

TEST(Guard, RefusesMalformedHeaderLines) {
  for (const char* line : {"X : y", ": y", "X", "X: y\r\n folded", "X: y\r\n\tfolded: z", "X: a\x01", "X: a\rY: b",
                           "X: a%0d%0aY: b", "X: %0A", "X: %00", "X\x80: y"}) {
    EXPECT_EQ(refusal(with(std::string(line) + "\r\n")), 400) << line;
  }
  EXPECT_EQ(refusal(with(std::string("X: a\0b\r\n", 8))), 400);
}

TEST(Guard, WantsExactlyOneHost) {
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 400);
  EXPECT_FALSE(accepted("GET / HTTP/1.0\r\n\r\n").keep_alive);
}

TEST(Guard, LengthOfTheBodyIsToldInOneWay) {
  EXPECT_EQ(accepted(with("Content-Length: 17\r\n")).content_length, 17U);
  for (const char* length : {"-1", "+1", "0x10", "1 ", "1, 1", "", "1.0", "１"}) {
    const int status = refusal(with("Content-Length: " + std::string(length) + "\r\n"));
    EXPECT_EQ(status, std::string_view(length) == "1 " ? 0 : 400) << length;
  }
  EXPECT_EQ(refusal(with("Content-Length: 3\r\nContent-Length: 3\r\n")), 400);
  EXPECT_EQ(refusal(with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")), 400);
  EXPECT_EQ(refusal(with("Transfer-Encoding: chunked\r\n")), 501);
  EXPECT_EQ(refusal(with("Content-Length: 1048577\r\n")), 413);
  EXPECT_EQ(refusal(with("Content-Length: 99999999999999999999999\r\n")), 413);
  EXPECT_EQ(refusal(with("Content-Length: 1048576\r\n")), 0);
}

TEST(Guard, RefusesWhatItDoesNotServe) {
  EXPECT_EQ(refusal(with("Content-Encoding: gzip\r\n")), 415);
  EXPECT_EQ(refusal(with("Content-Encoding: identity\r\n")), 0);
  EXPECT_EQ(refusal(with("Expect: 200-ok\r\n")), 417);
  EXPECT_TRUE(accepted(with("Expect: 100-Continue\r\n")).expects_continue);
  EXPECT_FALSE(accepted(with("Connection: x, Close\r\n")).keep_alive);
}

TEST(Guard, DropsRangesAndNamesThatPassForVariables) {
  const Headers& headers =
      accepted(with("Range: bytes=0-1,1-2\r\nIf-Range: x\r\nREMOTE_ADDR: 6.6.6.6\r\nX-Ok: 1\r\n")).request.headers;
  EXPECT_FALSE(headers.has("Range"));
  EXPECT_FALSE(headers.has("If-Range"));
  EXPECT_FALSE(headers.has("REMOTE_ADDR"));
  EXPECT_TRUE(headers.has("X-Ok"));
}

TEST(Guard, HeadsHaveLimits) {
  std::string lines;
  for (int i = 0; i < 63; ++i) lines += "X: y\r\n";
  EXPECT_EQ(refusal(with(lines)), 0);
  EXPECT_EQ(refusal(with(lines + "X: y\r\n")), 431);
  EXPECT_EQ(refusal(with("X: " + std::string(16 * 1024, 'a') + "\r\n")), 431);
  EXPECT_EQ(refusal(asking_for("GET /" + std::string(8 * 1024, 'a') + " HTTP/1.1")), 414);
  EXPECT_EQ(over_limit("GET /" + std::string(9000, 'a'), kLimits)->status, 414);
  EXPECT_FALSE(over_limit("GET /", kLimits));
}

TEST(Guard, FindsTheEndOfAHeadHoweverItArrives) {
  const std::string head = asking_for("GET / HTTP/1.1");
  for (std::size_t cut = 0; cut < head.size(); ++cut) {
    EXPECT_FALSE(scan_head(head.substr(0, cut), 0).end);
    EXPECT_EQ(scan_head(head, cut).end, head.size());
  }
  EXPECT_TRUE(scan_head("GET / HTTP/1.1\nHost: a\n\n", 0).bare_line_feed);
}

}  // namespace
}  // namespace ismap::server
