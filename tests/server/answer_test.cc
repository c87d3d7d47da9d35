#include "server/answer.h"

#include <gtest/gtest.h>

#include "server/edge/wire.h"

namespace ismap::server {
namespace {

Request asking(const std::string& name, const std::string& value) {
  Request request;
  request.headers.add(name, value);
  return request;
}

std::shared_ptr<const feed::Document> document() {
  return std::make_shared<const feed::Document>("application/json", "[" + std::string(2000, ' ') + "]");
}

TEST(Answer, ChoosesTheCodingByItsWeights_9110_12_5_3) {
  const auto codings = [](const std::string& value) { return acceptable_codings(asking("Accept-Encoding", value)); };
  EXPECT_EQ(acceptable_codings(Request{}), (Codings{false, true}));
  EXPECT_EQ(codings(""), (Codings{false, true}));
  EXPECT_EQ(codings("gzip, br"), (Codings{true, true}));
  EXPECT_EQ(codings("GZIP"), (Codings{true, true}));
  EXPECT_EQ(codings("gzip;q=0"), (Codings{false, true}));
  EXPECT_EQ(codings("*;q=0"), (Codings{false, false}));
  EXPECT_EQ(codings("gzip, *;q=0"), (Codings{true, false}));
  EXPECT_EQ(codings("identity;q=0, gzip"), (Codings{true, false}));
  EXPECT_EQ(codings("gzip;q=0.5, identity"), (Codings{false, true}));
  EXPECT_EQ(codings("br"), (Codings{false, true}));
  EXPECT_EQ(codings("*"), (Codings{true, true}));
}

TEST(Answer, EachRepresentationHasItsStrongETag) {
  const auto doc = document();
  const Response plain = answer(Request{}, doc, Caching::minute);
  const Response gzip = answer(asking("Accept-Encoding", "gzip"), doc, Caching::minute);
  EXPECT_EQ(plain.headers.get("ETag"), "\"" + doc->etag() + "\"");
  EXPECT_EQ(gzip.headers.get("ETag"), "\"" + doc->etag() + "-gzip\"");
  EXPECT_EQ(*plain.body, doc->body());
  EXPECT_EQ(*gzip.body, doc->gzip());
  EXPECT_EQ(gzip.headers.get("Content-Encoding"), "gzip");
  EXPECT_EQ(plain.headers.get("Vary"), "Accept-Encoding");
  EXPECT_EQ(plain.headers.get("Cache-Control"), "public, max-age=60");
  EXPECT_EQ(plain.body.get(), &doc->body());  // never copied
}

TEST(Answer, NotModifiedComparesWeakly_9110_13_1_2) {
  const auto doc = document();
  const std::string tag = "\"" + doc->etag() + "\"";
  for (const std::string& value : {tag, "W/" + tag, "\"a,b\", " + tag, std::string("*")}) {
    const Response response = answer(asking("If-None-Match", value), doc, Caching::minute);
    EXPECT_EQ(response.status, 304) << value;
    EXPECT_EQ(response.headers.get("ETag"), tag);
    EXPECT_TRUE(response.headers.has("Cache-Control") && response.headers.has("Vary"));
    EXPECT_FALSE(response.body);
  }
  for (const std::string& value : {std::string("\"other\""), doc->etag(), std::string("\""), std::string("W/")}) {
    EXPECT_EQ(answer(asking("If-None-Match", value), doc, Caching::minute).status, 200) << value;
  }
}

TEST(Answer, NothingAcceptableIs406) {
  EXPECT_EQ(answer(asking("Accept-Encoding", "*;q=0"), document(), Caching::minute).status, 406);
}

TEST(Wire, HeadTellsTheLengthAndSendsNothing) {
  const Response whole = answer(Request{}, document(), Caching::minute);
  const Outgoing out = to_wire(whole, true, true, registry::Instant{784111777000});
  EXPECT_NE(out.head.find("Content-Length: 2002\r\n"), std::string::npos);
  EXPECT_NE(out.head.find("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), std::string::npos);
  EXPECT_FALSE(out.body);
}

TEST(Wire, NotModifiedTellsNoLength_9110_8_6) {
  Response response;
  response.status = 304;
  const Outgoing out = to_wire(response, false, true, registry::Instant{0});
  EXPECT_EQ(out.head.find("Content-Length"), std::string::npos);
}

TEST(Wire, AHeaderValueStaysOnItsLine) {
  Response response;
  response.headers.add("X", "a\r\nY: b");
  EXPECT_NE(to_wire(response, false, true, registry::Instant{0}).head.find("X: aY: b\r\n"), std::string::npos);
}

TEST(Answer, EveryAnswerIsSecured) {
  Response html = response(200, "text/html; charset=utf-8", "");
  secure(html);
  EXPECT_NE(html.headers.get("Content-Security-Policy")->find("default-src 'self'"), std::string::npos);
  Response json = response(200, "application/json", "{}");
  secure(json);
  EXPECT_EQ(json.headers.get("X-Content-Type-Options"), "nosniff");
}

}  // namespace
}  // namespace ismap::server
