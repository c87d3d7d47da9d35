#include "server/routes.h"

#include <gtest/gtest.h>

#include "server/edge/http_server.h"
#include "tests/server/raw_client.h"
#include "tests/server/site.h"

namespace ismap::server {
namespace {

using registry::Json;
using test::RawClient;
using test::Site;

using Captures = std::vector<std::string>;

TEST(Match, CapturesSegments) {
  EXPECT_EQ(match("/v1/services/{id}", "/v1/services/L24-0001"), Captures{"L24-0001"});
  EXPECT_EQ(match("/v1/services/{id}.atom", "/v1/services/L24-0001.atom"), Captures{"L24-0001"});
  EXPECT_EQ(match("/v1/services/{id}/history", "/v1/services/x/history"), Captures{"x"});
  EXPECT_EQ(match("/log/tile/{path*}", "/log/tile/0/x001/067.p/3"), Captures{"0/x001/067.p/3"});
  EXPECT_EQ(match("/", "/"), Captures{});
  for (const char* path : {"/v1/services/", "/v1/services/a/b", "/v1/services/a.atom", "/v1/services/a%", "/v1",
                           "/v1/services/../keys", "/v1/services/\xE5"}) {
    EXPECT_FALSE(match("/v1/services/{id}", path)) << path;
  }
}

TEST(Dispatch, ServesTheDocumentsOfTheGeneration) {
  Site site;
  const std::pair<const char*, const char*> expected[] = {
      {"/v1/list.json", "public, max-age=60"},
      {"/v1/keys/1.json", "public, max-age=31536000, immutable"},
      {"/log/checkpoint", "no-store"},
      {"/log/tile/0/000.p/5", "public, max-age=31536000, immutable"},
  };
  for (const auto& [path, caching] : expected) {
    const Response answer = site.get(path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.headers.get("Cache-Control"), caching);
    EXPECT_EQ(*answer.body, site.generation->find(path)->body());
    EXPECT_EQ(answer.headers.get("Access-Control-Allow-Origin"), "*");
  }
  EXPECT_EQ(site.get("/v1/keys/2.json").status, 404);
  EXPECT_EQ(site.get("/v1/list.jwt").status, 404);
}

TEST(Dispatch, UnknownPathsAndWrongMethodsAreProblems) {
  Site site;
  const Response missing = site.get("/v1/nothing");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(Json::parse(*missing.body).at("type"), "/problems/not-found");
  EXPECT_EQ(missing.headers.get("Content-Language"), "ja");
  for (const char* method : {"POST", "DELETE", "PATCH", "BREW"}) {
    const Response wrong = site.get("/v1/services", {}, method);
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.headers.get("Allow"), "GET, HEAD, OPTIONS");
    EXPECT_FALSE(wrong.headers.has("Access-Control-Allow-Origin"));
  }
  EXPECT_EQ(site.get("/v1/list.json?x=1").status, 400);
}

TEST(Dispatch, EnglishForWhoPrefersIt) {
  Site site;
  Headers english;
  english.add("Accept-Language", "ja;q=0.5, en-GB");
  EXPECT_EQ(Json::parse(*site.get("/v1/nothing", english).body).at("title"), "Not found");
}

TEST(Dispatch, OptionsTellTheMethods) {
  Site site;
  const Response known = site.get("/v1/services", {}, "OPTIONS");
  EXPECT_EQ(known.status, 204);
  EXPECT_EQ(known.headers.get("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(known.headers.get("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(site.get("/v1/nothing", {}, "OPTIONS").status, 404);
  EXPECT_EQ(site.get("*", {}, "OPTIONS").status, 204);
}

TEST(Dispatch, NothingPublishedIsUnavailable) {
  Site site;
  site.generation.reset();
  EXPECT_EQ(site.get("/v1/services").status, 503);
  EXPECT_EQ(site.get("/v1/services").headers.get("Retry-After"), "5");
  EXPECT_EQ(site.get("/").status, 503);
  EXPECT_EQ(site.get("/healthz").status, 200);
  EXPECT_EQ(site.get("/readyz").status, 503);
}

TEST(Dispatch, ReadyUntilHalfOfTheLifeIsGone) {
  Site site;
  site.now = site.generation->signed_at.plus_seconds(24 * 3600);
  EXPECT_EQ(site.get("/readyz").status, 200);
  site.now = site.now.plus_seconds(1);
  EXPECT_EQ(site.get("/readyz").status, 503);
  EXPECT_EQ(site.get("/healthz").status, 200);
}

TEST(Dispatch, EachPatternStandsOnceAMethod) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const Route& route : routes()) {
    EXPECT_TRUE(seen.emplace(route.method, route.pattern).second) << route.pattern;
    EXPECT_NE(route.handler, nullptr);
  }
}

TEST(HttpServer, AnswersOverTheWire) {
  Site site;
  HttpServer server(site.context, {});
  RawClient client(server.start("127.0.0.1", 0).value());
  const Response whole = client.ask("GET /v1/services HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.headers.get("Date"), "Sat, 01 Aug 2026 03:00:00 GMT");
  const Response head = client.ask("HEAD /v1/services HTTP/1.1\r\nHost: a\r\n\r\n", true);
  EXPECT_EQ(head.headers.get("Content-Length"), whole.headers.get("Content-Length"));
  EXPECT_EQ(head.headers.get("ETag"), whole.headers.get("ETag"));
  const std::string condition = "If-None-Match: " + std::string(*whole.headers.get("ETag")) + "\r\n\r\n";
  EXPECT_EQ(client.ask("GET /v1/services HTTP/1.1\r\nHost: a\r\n" + condition).status, 304);
  const Response gzip = client.ask("GET /v1/list.json HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
  EXPECT_EQ(gzip.headers.get("Content-Encoding"), "gzip");
  EXPECT_EQ(gzip.body->substr(0, 2), "\x1f\x8b");
  const Response plain = client.ask("GET /v1/list.json HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip;q=0, br\r\n\r\n");
  EXPECT_FALSE(plain.headers.has("Content-Encoding"));
  server.stop();
}

}  // namespace
}  // namespace ismap::server
