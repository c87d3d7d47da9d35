#include "server/edge/gate.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "registry/ledger.h"
#include "server/request_log.h"
#include "tests/server/office_site.h"

/// What stands before the routes: how often an address and a token may come, who is slowed down, and what the log says.
namespace ismap::server {
namespace {

using registry::Json;
using std::chrono::seconds;
using test::Answer;
using test::kMine;

class GateOfSite : public test::OfficeSite {
 protected:
  GateOfSite() {
    context->gate = &gate;
    context->on_answer = [this](const AnswerRecord& record) { lines.push_back("{" + log_members(record) + "}"); };
  }

  static Request asked(const std::string& secret, const std::string& path, const std::string& peer) {
    Request request;
    request.method = "GET";
    request.target = request.path = path;
    request.peer = peer;
    if (!secret.empty()) request.headers.add("Authorization", "Bearer " + secret);
    return request;
  }
  Answer from(const std::string& peer, const std::string& secret, const std::string& path = "/v1/filings") {
    return send(asked(secret, path, peer));
  }
  /// How many of `wanted` such requests are let in.
  int let_through(int wanted, const std::string& peer, const std::string& secret,
                  const std::string& path = "/v1/filings") {
    int out = 0;
    for (int n = 0; n < wanted; ++n) out += from(peer, secret, path).status() == 200 ? 1 : 0;
    return out;
  }
  static void expect_wait(const Answer& answer, const char* wait) {
    EXPECT_EQ(answer.status(), 429);
    EXPECT_EQ(answer.response.headers.get("Retry-After"), wait);
    EXPECT_EQ(answer.response.headers.get("Cache-Control"), "no-store");
    EXPECT_EQ(answer.json.at("type"), "/problems/too-many-requests");
    ASSERT_EQ(answer.json.at("errors").size(), 1U);
    const Json& detail = answer.json.at("errors").front().at("detail");
    EXPECT_FALSE(detail.at("ja").get<std::string>().empty() || detail.at("en").get<std::string>().empty());
  }

  SteadyTime steady{std::chrono::hours{1}};
  Gate gate{Config{{1, 3}, {2, 10}, {"127.0.0.1", "::1"}}, [this] { return steady; }};
  std::vector<std::string> lines;  ///< of the log
};

TEST_F(GateOfSite, ATokenMayComeSoOften) {
  const std::string one = token("operator");
  EXPECT_EQ(let_through(5, "192.0.2.1", one), 3);
  expect_wait(from("192.0.2.2", one), "1");
  EXPECT_EQ(let_through(1, "192.0.2.1", token("committee")), 1) << "another token";
  steady += seconds{2};
  EXPECT_EQ(let_through(5, "192.0.2.1", one), 2);
}

TEST_F(GateOfSite, AnAddressMayComeSoOften) {
  EXPECT_EQ(let_through(20, "192.0.2.1", "", "/v1/services"), 10);
  expect_wait(from("192.0.2.1", "", "/v1/services"), "1");
  expect_wait(from("192.0.2.1", ""), "1");
  EXPECT_EQ(from("192.0.2.1", token("operator")).status(), 200) << "a token that holds is let in all the same";
  EXPECT_EQ(let_through(1, "192.0.2.2", "", "/v1/services"), 1) << "another address";
  steady += seconds{1};
  EXPECT_EQ(let_through(5, "192.0.2.1", "", "/v1/services/L24-0001/history"), 2);
  EXPECT_EQ(let_through(20, "192.0.2.1", "", "/v1/services/L24-0001"), 20) << "a document of the generation";
  EXPECT_EQ(let_through(20, "127.0.0.1", "", "/v1/services"), 20) << "this machine itself";
}

TEST_F(GateOfSite, InIPv6AllOfASubscriberCountsAsOne) {
  EXPECT_EQ(let_through(6, "2001:db8:1:2::1", "", "/v1/services"), 6);
  EXPECT_EQ(let_through(6, "2001:db8:1:2:ffff::9", "", "/v1/services/L24-0001/history"), 4);
  EXPECT_EQ(let_through(1, "2001:db8:1:3::1", "", "/v1/services"), 1);
}

TEST_F(GateOfSite, ReadsOfMemoryAreNotCounted) {
  EXPECT_EQ(let_through(11, "192.0.2.1", "", "/v1/services"), 10);
  for (const char* path :
       {"/v1/list.json", "/v1/keys.json", "/log/checkpoint", "/", "/services/L24-0001", "/healthz"}) {
    EXPECT_EQ(let_through(20, "192.0.2.1", "", path), 20) << path;
  }
}

TEST_F(GateOfSite, TheLocalSocketIsNotCounted) {
  Request request = asked("", "/v1/filings", "");
  request.local_user = 1000;
  for (int n = 0; n < 50; ++n) ASSERT_EQ(send(request).status(), 200);
  request.headers.add("ISMAP-Role", "emperor");
  for (int n = 0; n < 50; ++n) ASSERT_EQ(send(request).status(), 401);
}

TEST_F(GateOfSite, BehindATrustedProxyClientsAreToldApart) {
  const auto through = [&](const std::string& peer, const std::string& forwarded) {
    Request request = asked("", "/v1/services", peer);
    request.headers.add("X-Forwarded-For", forwarded);
    return send(request).status();
  };
  for (int n = 0; n < 10; ++n) ASSERT_EQ(through("127.0.0.1", "192.0.2.1"), 200);
  EXPECT_EQ(through("127.0.0.1", "192.0.2.1"), 429);
  EXPECT_EQ(through("127.0.0.1", "192.0.2.9, 192.0.2.1"), 429) << "what a client writes itself does not count";
  EXPECT_EQ(through("127.0.0.1", "192.0.2.2"), 200);
  EXPECT_EQ(through("192.0.2.1", "192.0.2.3"), 429) << "no proxy of ours";
}

TEST_F(GateOfSite, TheLedgerNamesTheClientBehindTheProxy) {
  Request request = asked(token("operator"), "/v1/services/L24-0001/acts", "127.0.0.1");
  request.method = "POST";
  request.headers.add("X-Forwarded-For", "192.0.2.77");
  request.headers.add("Content-Type", "application/json");
  request.body = act("usage", "11.5(13)", {{"agencies_using", 7}}).dump();
  const Answer answer = send(request);
  ASSERT_EQ(answer.status(), 201) << answer.json;
  const registry::Seq seq{answer.json.at("seq").get<std::uint64_t>()};
  const Json entry = folder->env()
                         .read([&](const registry::lmdb::ReadTxn& txn) -> registry::Result<Json> {
                           return registry::ledger::entry_of(txn, seq);
                         })
                         .value();
  EXPECT_EQ(entry.at("actor").at("from"), "192.0.2.77");
}

TEST_F(GateOfSite, TokensThatDoNotHoldAreSlowedDown) {
  const std::string good = token("operator");
  steady += seconds{60};
  for (int n = 0; n < 5; ++n) EXPECT_EQ(from("192.0.2.1", "guess").status(), 401);
  expect_wait(from("192.0.2.1", "guess"), "1");
  expect_wait(from("192.0.2.1", "another"), "2");
  expect_wait(from("192.0.2.1", "guess"), "4");
  EXPECT_EQ(from("192.0.2.1", good).status(), 200) << "a neighbour behind the same address";
  EXPECT_EQ(from("192.0.2.2", "guess").status(), 401) << "another address";
  steady += seconds{1000};
  EXPECT_EQ(from("192.0.2.1", "guess").status(), 401) << "forgotten";
}

TEST_F(GateOfSite, ExpiredAndRevokedTokensCountAsNoTokenDoesNot) {
  const std::string revoked = new_token("agency", "試験省");
  const std::string expired = new_token("agency", "試験省", {}, 1);
  const auto id = office->holder_of(revoked).value()->id;
  ASSERT_TRUE(office->revoke_token(id, local_actor(registry::Role::operator_, 0)).ok());
  now = now.plus_seconds(86'400);
  for (int n = 0; n < 4; ++n) EXPECT_EQ(from("192.0.2.1", "").status(), 401) << "nothing was shown";
  for (int n = 0; n < 2; ++n) EXPECT_EQ(from("192.0.2.1", expired).status(), 401);
  for (int n = 0; n < 3; ++n) EXPECT_EQ(from("192.0.2.1", revoked).status(), 401);
  steady += seconds{10};
  expect_wait(from("192.0.2.1", expired), "1");
  EXPECT_EQ(from("192.0.2.1", "").status(), 401);
}

TEST_F(GateOfSite, TheLogSaysWhoWasAnsweredAndNothingThatWasSent) {
  const std::string secret = token("operator");
  const std::string id = office->holder_of(secret).value()->id.value();
  EXPECT_EQ(from("192.0.2.1", secret, "/v1/filings/F987654321").status(), 404);
  ASSERT_EQ(lines.size(), 1U);
  Json line = Json::parse(lines.front());
  EXPECT_TRUE(line.at("ms").is_number());
  line.erase("ms");
  EXPECT_EQ(line, (Json{{"event", "answered"},
                        {"method", "GET"},
                        {"route", "/v1/filings/{id}"},
                        {"status", 404},
                        {"token", id},
                        {"address", "192.0.2.1"}}));
}

TEST_F(GateOfSite, TheLogHasALineForCallersAndForRefusals) {
  EXPECT_EQ(from("192.0.2.1", "", "/v1/services").status(), 200);
  EXPECT_EQ(from("192.0.2.1", "", "/v1/list.json").status(), 200);
  EXPECT_TRUE(lines.empty()) << "public reads";
  EXPECT_EQ(from("192.0.2.1", token("operator")).status(), 200);
  EXPECT_EQ(from("192.0.2.1", "").status(), 401);
  EXPECT_EQ(from("192.0.2.1", "", "/v1/nothing/of/ours").status(), 404);
  Request odd = asked("", "/v1/filings", "192.0.2.1");
  odd.method = "SECRET";
  EXPECT_EQ(send(odd).status(), 405);
  Request local = asked("", "/v1/filings", "");
  local.local_user = 1000;
  EXPECT_EQ(send(local).status(), 200);
  std::vector<std::string> told;
  for (const std::string& line : lines) {
    const Json json = Json::parse(line);
    told.push_back(json.at("method").dump() + json.at("status").dump() + json.at("route").dump() +
                   json.value("user", Json()).dump());
  }
  EXPECT_EQ(told, (std::vector<std::string>{R"("GET"200"/v1/filings"null)", R"("GET"401"/v1/filings"null)",
                                            R"("GET"404nullnull)", R"("other"405"/v1/filings"null)",
                                            R"("GET"200"/v1/filings"1000)"}));
}

TEST_F(GateOfSite, TheLogHasNoBodyNoTokenNoQueryNoPath) {
  const std::string mark = "mark7f3a";
  const std::string secret = token("operator");
  Request request = asked(secret, "/v1/services/" + mark + "/acts", "192.0.2.1");
  request.method = "POST";
  request.headers.add("Content-Type", "application/json");
  request.headers.add("Idempotency-Key", mark);
  request.headers.add("User-Agent", mark);
  request.body = act("usage", "11.5(13)", {{"agencies_using", mark}}).dump();
  EXPECT_GE(send(request).status(), 400);
  EXPECT_EQ(from("192.0.2.1", mark).status(), 401);
  Request query = asked(secret, "/v1/cases", "192.0.2.1");
  query.query = {{"service", mark}, {mark, "1"}};
  EXPECT_EQ(send(query).status(), 400);
  EXPECT_EQ(from("192.0.2.1", "", "/v1/" + mark).status(), 404);
  EXPECT_EQ(lines.size(), 4U);
  for (const std::string& line : lines) {
    EXPECT_EQ(line.find(mark), std::string::npos) << line;
    EXPECT_EQ(line.find(secret), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace ismap::server
