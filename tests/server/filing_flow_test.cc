#include <gtest/gtest.h>

#include "feed/jwt.h"
#include "feed/keyset.h"
#include "registry/digest.h"
#include "tests/server/office_site.h"

/// A filing on its way through the API: draft, receipt, decision, and what the public sees of it.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;
using test::kMine;

const Json kNewUrl{{"url", "https://new.example.jp/"}};

class Filings : public test::OfficeSite {
 protected:
  Answer submit(const std::string& id, const std::string& key) {
    return post("registrant", "/v1/filings/" + id + "/submission", nullptr, key);
  }
  Answer rule(const std::string& id, const std::string& decision, const Json& article = "14.2") {
    return post("operator", "/v1/filings/" + id + "/decision",
                {{"decision", decision}, {"article", article}, {"reason", "確認した"}});
  }
  /// The JWT keys of the published key set.
  Json published_keys() { return feed::open_key_set(*get("/v1/keys.json").response.body).value().keys; }
};

TEST_F(Filings, ADraftSaysWhereItIsAndIsReadBack) {
  const Json wanted{{"form", "2-11"}, {"service", kMine}, {"changes", kNewUrl}, {"reason", {{"ja", "移転\r\nした"}}}};
  const Answer made = post("registrant", "/v1/filings", wanted);
  ASSERT_EQ(made.status(), 201) << made.json;
  EXPECT_EQ(made.json.at("state"), "draft");
  EXPECT_EQ(made.json.at("receipt"), nullptr);
  EXPECT_EQ(made.json.at("payload").at("effective"), "2026-08-01") << "today, unless it says";
  EXPECT_EQ(made.json.at("payload").at("reason").at("ja"), "移転\nした");
  EXPECT_EQ(made.response.headers.get("Cache-Control"), "no-store");
  const std::string location(made.response.headers.get("Location").value());
  EXPECT_EQ(location, "/v1/filings/" + made.json.at("id").get<std::string>());
  Json read = ask("registrant", "GET", location).json;
  read["notices"] = Json::array();
  EXPECT_EQ(read, made.json);
  const Answer second = post("registrant", "/v1/filings", wanted);
  EXPECT_EQ(second.status(), 409);
  EXPECT_NE(second.json.at("detail").get<std::string>().find(location), std::string::npos) << "names the open draft";
}

TEST_F(Filings, ASubmissionNeedsAnIdempotencyKeyThatCanBeOne) {
  const std::string id = drafted(kNewUrl);
  const std::string path = "/v1/filings/" + id + "/submission";
  for (const std::string& key : {std::string(), std::string("a b"), std::string(256, 'k'), std::string("鍵")}) {
    const test::Fields fields = key.empty() ? test::Fields{} : test::Fields{{"Idempotency-Key", key}};
    EXPECT_EQ(ask("registrant", "POST", path, "", fields).status(), 400) << key;
  }
  EXPECT_EQ(ask("registrant", "POST", path, "", {{"Idempotency-Key", ""}}).status(), 400);
  EXPECT_EQ(ask("registrant", "GET", "/v1/filings/" + id).json.at("state"), "draft");
  EXPECT_EQ(submit(id, std::string(255, 'k')).status(), 202);
}

TEST_F(Filings, ARepeatedSubmissionGetsTheSameAnswer) {
  const std::string id = drafted(kNewUrl);
  const Answer first = submit(id, "k");
  ASSERT_EQ(first.status(), 202) << first.json;
  now = now.plus_seconds(3600);
  const Answer again = submit(id, "k");
  EXPECT_EQ(again.status(), 202);
  EXPECT_EQ(*again.response.body, *first.response.body);
  ASSERT_EQ(rule(id, "accept").status(), 200);
  EXPECT_EQ(*submit(id, "k").response.body, *first.response.body) << "also after the decision";
  EXPECT_EQ(submit(id, "other").status(), 409);
}

TEST_F(Filings, AKeyIsGoodForOneRequestOnly) {
  ASSERT_EQ(submit(drafted(kNewUrl), "k").status(), 202);
  const std::string other = drafted(kNewUrl, test::kAlsoMine);
  const Answer refused = submit(other, "k");
  EXPECT_EQ(refused.status(), 422);
  EXPECT_EQ(ask("registrant", "GET", "/v1/filings/" + other).json.at("state"), "draft");
  const Json usage = act("usage", "11.5(13)", {{"agencies_using", 4}});
  Json more = usage;
  more["agencies_using"] = 5;
  const std::string acts = std::string("/v1/services/") + kMine + "/acts";
  ASSERT_EQ(post("operator", acts, usage, "k").status(), 201) << "another organisation's key";
  EXPECT_EQ(post("operator", acts, more, "k").status(), 422) << "another body";
  EXPECT_EQ(post("operator", "/v1/services/L24-0002/acts", usage, "k").status(), 422) << "another service";
  const std::uint64_t before = size();
  const Answer again = post("operator", acts, usage, "k");
  EXPECT_EQ(again.status(), 200);
  EXPECT_EQ(again.json.at("seq"), before - 1);
  EXPECT_EQ(size(), before);
}

TEST_F(Filings, TheReceiptIsSignedByAPublishedKeyOverWhatWasFiled) {
  const std::string id = drafted(kNewUrl);
  const Json received = submit(id, "k").json;
  const auto checked =
      feed::verify_jwt(received.at("receipt").get<std::string>(), published_keys(), feed::kReceiptType);
  ASSERT_TRUE(checked.ok()) << checked.errors().front().en;
  const Json claims = Json::parse(checked->octets);
  const std::string digest = registry::hex(registry::sha256(registry::canonical(received.at("payload"))));
  EXPECT_EQ(claims, (Json{{"article", "14.2"},
                          {"filing", id},
                          {"form", "2-11"},
                          {"iat", now.unix_seconds()},
                          {"iss", "https://liu.example.jp"},
                          {"payload_sha256", digest},
                          {"received_at", now.iso()},
                          {"sub", "https://liu.example.jp/v1/filings/" + id}}));
  EXPECT_EQ(received.at("payload_sha256"), digest);
  EXPECT_FALSE(feed::verify_jwt(received.at("receipt").get<std::string>(), published_keys(), feed::kListType).ok());
}

TEST_F(Filings, AnAcceptedFilingIsInEveryDocumentWithItsReceipt_14_2) {
  const std::string id = drafted(kNewUrl);
  const std::string receipt = submit(id, "k").json.at("receipt").get<std::string>();
  EXPECT_EQ(get("/v1/services/L24-0001").json.at("url"), "https://service.example.jp/") << "not before the decision";
  const Answer accepted = rule(id, "accept");
  ASSERT_EQ(accepted.status(), 200) << accepted.json;
  const auto seq = accepted.json.at("seq").get<std::uint64_t>();
  EXPECT_EQ(seq, size() - 1);
  EXPECT_EQ(accepted.json.at("filing").at("state"), "accepted");
  EXPECT_EQ(accepted.json.at("filing").at("seq"), seq);

  const Answer leaf = get("/v1/events/" + std::to_string(seq) + ".json");
  EXPECT_EQ(leaf.json.at("receipt"), registry::hex(registry::sha256(receipt)));
  EXPECT_EQ(leaf.json.at("event"), "changed");
  EXPECT_EQ(leaf.json.at("article"), "14.2");
  const Json history = get("/v1/services/L24-0001/history").json;
  EXPECT_EQ(history.at("total"), 2);
  EXPECT_EQ(history.at("events").at(1), leaf.json);
  const Json list = get("/v1/list.json").json;
  EXPECT_EQ(list.at("ver"), accepted.json.at("list_ver"));
  EXPECT_EQ(list.at("records").at(0), leaf.json);
  EXPECT_EQ(get("/v1/services/L24-0001").json.at("url"), "https://new.example.jp/");
  const std::string entry = "<id>tag:liu.example.jp,2024:event:" + std::to_string(seq) + "</id>";
  EXPECT_NE(get("/v1/events.atom").response.body->find(entry), std::string::npos);
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(Filings, AReturnedFilingChangesNothingPublic) {
  const std::string id = filed(kNewUrl);
  const std::uint64_t before = size();
  const std::string list = *get("/v1/list.json").response.body;
  const Answer returned = rule(id, "return");
  ASSERT_EQ(returned.status(), 200) << returned.json;
  EXPECT_EQ(returned.json.at("seq"), nullptr);
  EXPECT_EQ(returned.json.at("filing").at("state"), "returned");
  EXPECT_EQ(size(), before);
  EXPECT_EQ(*get("/v1/list.json").response.body, list) << "not even a new version";
  EXPECT_EQ(get("/v1/services/L24-0001/history").json.at("total"), 1);
  EXPECT_EQ(rule(id, "accept").status(), 409) << "decided once";
  EXPECT_EQ(submit(drafted(kNewUrl), "k2").status(), 202) << "a mended filing may follow";
}

TEST_F(Filings, ADecisionIsRefusedWithItsArticle) {
  const std::string draft = drafted(kNewUrl);
  EXPECT_EQ(rule(draft, "accept").status(), 409) << "not submitted";
  ASSERT_EQ(submit(draft, "k").status(), 202);
  const Answer wrong = rule(draft, "accept", "14.1");
  EXPECT_EQ(wrong.status(), 422);
  EXPECT_EQ(test::reasons(wrong.json), std::vector<std::string>{"/article 14.2"});
  EXPECT_EQ(rule(draft, "return", "99.9").status(), 422);
  EXPECT_EQ(rule("F999999999", "accept").status(), 404);
  EXPECT_EQ(rule("x", "accept").status(), 404);
  EXPECT_EQ(ask("operator", "GET", "/v1/filings/" + draft).json.at("state"), "received");
}

TEST_F(Filings, AFilingForALaterDayWaitsForIt) {
  const Answer made = post("registrant", "/v1/filings",
                           {{"form", "2-11"},
                            {"service", kMine},
                            {"changes", kNewUrl},
                            {"effective", "2026-08-02"},
                            {"reason", {{"ja", "移転"}}}});
  const std::string id = made.json.at("id").get<std::string>();
  ASSERT_EQ(submit(id, "k").status(), 202);
  const Answer early = rule(id, "accept");
  EXPECT_EQ(early.status(), 409);
  EXPECT_EQ(test::reasons(early.json), std::vector<std::string>{"/effective 14.2"});
  now = now.plus_seconds(24 * 3600);
  EXPECT_EQ(rule(id, "accept").status(), 200);
}

TEST_F(Filings, ADraftCanBeWithdrawnAndMadeAnew) {
  const std::string id = drafted(kNewUrl);
  const std::string path = "/v1/filings/" + id;
  ASSERT_EQ(
      post("operator", std::string("/v1/services/") + kMine + "/acts", act("change", "14.2", {{"changes", kNewUrl}}))
          .status(),
      201);
  EXPECT_EQ(submit(id, "k").status(), 409) << "the list says it already";
  const Answer withdrawn = ask("registrant", "DELETE", path);
  EXPECT_EQ(withdrawn.status(), 200);
  EXPECT_EQ(withdrawn.json.at("state"), "withdrawn");
  EXPECT_EQ(ask("registrant", "DELETE", path).json, withdrawn.json) << "as often as one likes";
  EXPECT_EQ(submit(id, "k2").status(), 409);
  EXPECT_EQ(rule(id, "accept").status(), 409);
  const std::string next = drafted({{"url", "https://newer.example.jp/"}});
  ASSERT_EQ(submit(next, "k3").status(), 202);
  EXPECT_EQ(ask("registrant", "DELETE", "/v1/filings/" + next).status(), 409) << "what was received stays";
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(Filings, AnotherOrganisationsDraftStandsInNobodysWay) {
  drafted(kNewUrl);
  const test::Fields other{{"Authorization", "Bearer " + new_token("registrant", "承継会社", {kMine})}};
  const Json wanted{{"form", "2-11"}, {"service", kMine}, {"changes", kNewUrl}, {"reason", {{"ja", "移転"}}}};
  EXPECT_EQ(ask("registrant", "POST", "/v1/filings", wanted.dump(), other).status(), 201);
}

TEST_F(Filings, ARepeatedDecisionGetsTheSameAnswer) {
  const std::string id = filed(kNewUrl);
  const std::string path = "/v1/filings/" + id + "/decision";
  const Json accept{{"decision", "accept"}, {"article", "14.2"}, {"reason", "確認した"}};
  const Answer first = post("operator", path, accept, "d");
  ASSERT_EQ(first.status(), 200) << first.json;
  const Answer again = post("operator", path, accept, "d");
  EXPECT_EQ(again.status(), 200);
  EXPECT_EQ(again.json, first.json);
  EXPECT_EQ(post("operator", path, accept, "e").status(), 409) << "decided once";
  Json other = accept;
  other["reason"] = "別の理由";
  EXPECT_EQ(post("operator", path, other, "d").status(), 422);
}

TEST_F(Filings, TheListShowsEachPartyItsOwn) {
  const std::string one = filed(kNewUrl);
  const std::string two = drafted(kNewUrl, test::kAlsoMine);
  const Json mine = ask("registrant", "GET", "/v1/filings").json;
  EXPECT_EQ(mine.at("total"), 2);
  EXPECT_EQ(mine.at("items").at(0).at("id"), one);
  EXPECT_EQ(mine.at("items").at(1).at("id"), two);
  EXPECT_EQ(ask("operator", "GET", "/v1/filings").json, mine);
  EXPECT_EQ(ask("agency", "GET", "/v1/filings").json.at("items"), Json::array());
}

}  // namespace
}  // namespace ismap::server
