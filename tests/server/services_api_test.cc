#include "server/api/services_api.h"

#include <gtest/gtest.h>

#include "registry/digest.h"
#include "tests/server/site.h"

namespace ismap::server {
namespace {

using registry::Json;
using test::Site;

std::vector<std::string> ids(const Json& answer) {
  std::vector<std::string> out;
  for (const Json& item : answer.at("items")) out.push_back(item.at("id").get<std::string>());
  return out;
}

using Ids = std::vector<std::string>;

TEST(ListServices, ShowsTheRegisteredOnesByDefault) {
  Site site;
  const Json answer = site.json("/v1/services");
  EXPECT_EQ(ids(answer), (Ids{"L24-0001", "L24-0002", "L24-0004"}));
  EXPECT_EQ(answer.at("total"), 3);
  EXPECT_EQ(answer.at("list_ver"), 7);
  EXPECT_EQ(answer.at("tree_size"), site.book.size());
  EXPECT_FALSE(answer.contains("next"));
  EXPECT_EQ(answer.at("items")[1].at("seq"), 2);
  EXPECT_EQ(ids(site.json("/v1/services?state=removed")), Ids{"L24-0003"});
  EXPECT_EQ(site.json("/v1/services?state=all").at("total"), 4);
}

TEST(ListServices, FindsByNumberByProviderAndByText) {
  Site site;
  EXPECT_EQ(ids(site.json("/v1/services?provider=4011001098993")), Ids{"L24-0004"});
  EXPECT_EQ(site.json("/v1/services?provider=%E6%9E%B6%E7%A9%BA").at("total"), 2);             // 架空
  EXPECT_EQ(site.json("/v1/services?q=%E5%AE%89%E5%90%A6%E7%A2%BA%E8%AA%8D").at("total"), 3);  // 安否確認: in the scope
  EXPECT_EQ(ids(site.json("/v1/services?q=l24-0002")), Ids{"L24-0002"});
  EXPECT_EQ(site.json("/v1/services?q=").at("total"), 3);
  EXPECT_EQ(site.json("/v1/services?q=nowhere").at("items"), Json::array());
}

TEST(ListServices, PagesFollowEachOther) {
  Site site;
  const Response first = site.get("/v1/services?limit=2&state=all");
  const Json answer = Json::parse(*first.body);
  EXPECT_EQ(ids(answer), (Ids{"L24-0001", "L24-0002"}));
  EXPECT_EQ(answer.at("total"), 4);
  const std::string next = answer.at("next").get<std::string>();
  EXPECT_EQ(first.headers.get("Link"), "<" + next + ">; rel=\"next\"");
  const Json second = site.json(next);
  EXPECT_EQ(ids(second), (Ids{"L24-0003", "L24-0004"}));
  EXPECT_FALSE(second.contains("next"));
  const std::string cursor = next.substr(next.find("cursor=") + 7);
  EXPECT_EQ(site.get("/v1/services?limit=1&state=all&cursor=" + cursor).status, 200);  // the size may change
  EXPECT_EQ(site.get("/v1/services?state=removed&cursor=" + cursor).status, 400);      // the question may not
}

TEST(ListServices, BadParametersAreNamed) {
  Site site;
  for (const char* text :
       {"limit=0", "limit=1001", "limit=x", "limit=", "state=none", "state=", "cursor=x", "as_of=2026-02-30",
        "as_of=2026-8-1", "as_of=2026-08-02", "as_of=", "known_at=2026-08-01", "known_at=2026-08-01T00:00:00%2B09:00",
        "known_at=2027-01-01T00:00:00Z", "sort=name", "limit=1&limit=1"}) {
    const std::string name = text;
    const Response answer = site.get("/v1/services?" + name);
    EXPECT_EQ(answer.status, 400) << name;
    const Json problem = Json::parse(*answer.body);
    EXPECT_EQ(problem.at("errors")[0].at("pointer"), "/" + name.substr(0, name.find('='))) << name;
    EXPECT_EQ(problem.at("status"), 400);
  }
  EXPECT_EQ(Json::parse(*site.get("/v1/services?limit=x&state=y").body).at("errors").size(), 2U);
}

TEST(ListServices, AnswersForAPastDay) {
  Site site;
  EXPECT_EQ(ids(site.json("/v1/services?as_of=2026-06-30")), (Ids{"L24-0001", "L24-0002", "L24-0003", "L24-0004"}));
  EXPECT_EQ(ids(site.json("/v1/services?as_of=2026-07-01")), (Ids{"L24-0001", "L24-0002", "L24-0004"}));
  EXPECT_EQ(site.json("/v1/services?as_of=2026-03-31").at("total"), 0);
  EXPECT_EQ(site.json("/v1/services?known_at=2026-04-01T02:59:59Z").at("total"), 0);
  const Json then = site.json("/v1/services?as_of=2026-06-09&q=L24-0001");
  EXPECT_EQ(then.at("items")[0].at("suspensions"), Json::array());
  EXPECT_EQ(then.at("items")[0].at("seq"), 1);
  const Json page = site.json("/v1/services?as_of=2026-06-30&limit=3");
  site.now = site.now.plus_seconds(60);
  EXPECT_EQ(ids(site.json(page.at("next").get<std::string>())), Ids{"L24-0004"});  // the instant is kept
}

TEST(OneService, IsTheRecordWithItsSeq) {
  Site site;
  const Response answer = site.get("/v1/services/L24-0001");
  Json body = Json::parse(*answer.body);
  EXPECT_EQ(body.at("seq"), 5);
  body.erase("seq");
  const auto listed = site.generation->service("L24-0001");
  EXPECT_EQ(body, Json::parse(listed->leaf.value()).at("record"));
  const std::string etag = "\"" + registry::hex(registry::leaf_hash(listed->leaf.value())) + "\"";
  EXPECT_EQ(answer.headers.get("ETag"), etag);
  EXPECT_EQ(answer.headers.get("Access-Control-Allow-Origin"), "*");
  Headers conditional;
  conditional.add("If-None-Match", etag);
  EXPECT_EQ(site.get("/v1/services/L24-0001", conditional).status, 304);
}

TEST(OneService, ARemovedOneAnswersWithItsRemoval_18_2) {
  Site site;
  const Json body = site.json("/v1/services/L24-0003");
  EXPECT_EQ(body.at("state"), "removed");
  EXPECT_EQ(body.at("removal"), (Json{{"article", "12.1"}, {"on", "2026-07-01"}}));
}

TEST(OneService, SaysWhetherItWasValidAndSuspendedThen) {
  Site site;
  const Json before = site.json("/v1/services/L24-0001?as_of=2026-06-09");
  EXPECT_EQ(before.at("valid"), true);
  EXPECT_EQ(before.at("suspended"), false);
  EXPECT_EQ(before.at("as_of"), "2026-06-09");
  EXPECT_EQ(before.at("known_at"), site.now.iso());
  EXPECT_EQ(before.at("part_of_day"), Json::array());
  const Json on = site.json("/v1/services/L24-0001?as_of=2026-06-10");
  EXPECT_EQ(on.at("suspended"), true);
  EXPECT_EQ(on.at("re_audit"), false);
  EXPECT_EQ(site.json("/v1/services/L24-0001?as_of=2026-06-10&known_at=2026-06-10T02:59:59Z").at("suspended"), false);
  EXPECT_EQ(site.json("/v1/services/L24-0003?as_of=2026-06-30").at("valid"), true);
  EXPECT_EQ(site.json("/v1/services/L24-0003?as_of=2026-07-01").at("valid"), false);
}

TEST(OneService, TellsAnUnknownIdFromATimeBeforeAll) {
  Site site;
  const Json early = Json::parse(*site.get("/v1/services/L24-0001?as_of=2026-03-31").body);
  EXPECT_EQ(early.at("status"), 404);
  EXPECT_NE(early.at("errors")[0].at("detail").at("en").get<std::string>().find("2026-04-01"), std::string::npos);
  for (const char* target : {"/v1/services/L99-9999", "/v1/services/L99-9999?as_of=2026-05-01", "/v1/services/keys",
                             "/v1/services/keys?as_of=2026-05-01", "/v1/services/keys/history"}) {
    EXPECT_EQ(site.get(target).status, 404) << target;
  }
}

TEST(History, HoldsTheExactLeaves) {
  Site site;
  const std::string body = *site.get("/v1/services/L24-0001/history").body;
  const Json answer = Json::parse(body);
  EXPECT_EQ(answer.at("total"), 2);
  EXPECT_EQ(answer.at("events")[0].at("event"), "registered");
  EXPECT_EQ(answer.at("events")[1].at("event"), "suspended");
  EXPECT_NE(body.find(site.generation->service("L24-0001")->leaf.value()), std::string::npos);
}

TEST(Events, AreTheExactOctets) {
  Site site;
  const Response answer = site.get("/v1/events/5.json");
  EXPECT_EQ(*answer.body, site.generation->service("L24-0001")->leaf.value());
  EXPECT_EQ(answer.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(site.get("/v1/events/0.json").status, 200);
  for (const char* seq : {"7", "99999999999999999999999", "05", "-1", "x"}) {
    EXPECT_EQ(site.get("/v1/events/" + std::string(seq) + ".json").status, 404) << seq;
  }
}

TEST(Events, WhatIsNotYetPublishedIsNotShown) {
  Site site;
  registry::Command change = test::Book::command("L24-0002", registry::UpdateUsage{9}, "11.5(13)");
  ASSERT_TRUE(site.book.act(change, "2026-07-20").ok());
  EXPECT_EQ(site.get("/v1/events/7.json").status, 404);
  EXPECT_EQ(site.json("/v1/services/L24-0002/history").at("total"), 1);
  EXPECT_EQ(site.json("/v1/services/L24-0002?as_of=2026-08-01").at("agencies_using"), 3);
  site.publish();
  EXPECT_EQ(site.get("/v1/events/7.json").status, 200);
  EXPECT_EQ(site.json("/v1/services/L24-0002?as_of=2026-08-01").at("agencies_using"), 9);
}

}  // namespace
}  // namespace ismap::server
