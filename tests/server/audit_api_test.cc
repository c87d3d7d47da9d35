#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "registry/digest.h"
#include "server/auth.h"
#include "tests/server/office_site.h"
#include "tests/support/book.h"

/// GET /v1/audit and /v1/audit.jsonl: who did what, when and from where, as it is chained.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;
using test::kAlsoMine;
using test::kMine;

constexpr const char* kSecretReason = "個人の氏名を含む理由";

class AuditApi : public test::OfficeSite {
 protected:
  AuditApi() {
    now = test::Book::noon("2026-08-03");
    filing = filed({{"url", "https://new.example.jp/"}});
    now = test::Book::noon("2026-08-05");
    const Json own{
        {"incident_on", "2026-08-01"}, {"conditions", {{"ja", "条件"}}}, {"reason", {{"ja", kSecretReason}}}};
    const Answer done =
        post("committee", std::string("/v1/services/") + kAlsoMine + "/acts", act("suspend", "13.7", own));
    if (done.status() != 201) throw std::runtime_error(done.json.dump());
    suspended = done.json.at("seq");
    case_id = ask("operator", "GET", std::string("/v1/cases?service=") + kAlsoMine)
                  .json.at("items")
                  .at(0)
                  .at("id")
                  .get<std::string>();
  }

  Json audit(const std::string& query, const std::string& role = "operator") {
    const Answer answer = ask(role, "GET", "/v1/audit?" + query);
    EXPECT_EQ(answer.status(), 200) << query << answer.json;
    return answer.json;
  }
  /// The acts of the entries that a question finds, oldest first.
  std::vector<std::string> acts_of(const std::string& query) {
    std::vector<std::string> acts;
    const Json found = audit("order=oldest&limit=1000&" + query);
    for (const Json& item : found.at("items")) acts.push_back(item.at("act"));
    return acts;
  }
  /// The same less the steps that acts and filings are in their cases.
  std::vector<std::string> own_acts_of(const std::string& query) {
    std::vector<std::string> acts = acts_of(query);
    std::erase(acts, "step");
    return acts;
  }
  std::vector<std::string> lines(const std::string& query = "") {
    const Answer answer = ask("operator", "GET", "/v1/audit.jsonl" + query);
    EXPECT_EQ(answer.status(), 200);
    std::istringstream body(*answer.response.body);
    std::vector<std::string> out;
    for (std::string line; std::getline(body, line);) out.push_back(line);
    return out;
  }
  static std::string sha256_of(const std::string& octets) { return registry::hex(registry::sha256(octets)); }

  std::string filing;
  Json suspended;  ///< seq of the suspension
  std::string case_id;
};

TEST_F(AuditApi, EachEntryIsShownAsItIsChained) {
  const Json answer = audit("limit=1000");
  const auto stored = lines();
  ASSERT_EQ(answer.at("items").size(), stored.size());
  std::size_t at = stored.size();
  for (Json item : answer.at("items")) {
    const std::string sha256 = item.at("entry_sha256");
    item.erase("entry_sha256");
    --at;
    EXPECT_EQ(registry::canonical(item), stored[at]) << "newest first, unless asked otherwise";
    EXPECT_EQ(sha256, sha256_of(stored[at]));
  }
  EXPECT_EQ(answer.at("next"), nullptr);
  EXPECT_EQ(answer.at("head"), (Json{{"number", stored.size() - 1}, {"sha256", sha256_of(stored.back())}}));
}

TEST_F(AuditApi, TheLinesAreAChainThatAnyoneCanCheck) {
  const auto stored = lines();
  ASSERT_GT(stored.size(), 5U);
  Json previous;
  for (std::size_t n = 0; n < stored.size(); ++n) {
    const Json entry = Json::parse(stored[n]);
    EXPECT_EQ(entry.at("number"), n);
    EXPECT_EQ(entry.at("previous"), previous);
    EXPECT_TRUE(entry.at("actor").at("role").is_string()) << stored[n];
    EXPECT_TRUE(entry.contains("article")) << stored[n];
    EXPECT_TRUE(registry::Instant::parse(entry.at("at").get<std::string>())) << stored[n];
    previous = sha256_of(stored[n]);
  }
  EXPECT_EQ(lines("?from=2&to=3"), (std::vector<std::string>{stored[2], stored[3]}));
  EXPECT_EQ(lines("?from=999999"), std::vector<std::string>{});
  EXPECT_EQ(ask("operator", "GET", "/v1/audit.jsonl?from=3&to=2").status(), 400);
}

TEST_F(AuditApi, WhoActedAndFromWhereIsInTheEntry) {
  const Json entry = audit("act=suspend").at("items").at(0);
  EXPECT_EQ(entry.at("actor").at("role"), "committee");
  EXPECT_EQ(entry.at("actor").at("token"), office->holder_of(token("committee")).value()->id.value());
  EXPECT_EQ(entry.at("article"), "13.7");
  EXPECT_EQ(entry.at("events"), Json::array({suspended}));
  const Json issued = audit("act=token-issue").at("items").at(0);
  EXPECT_EQ(issued.at("actor").at("role"), "operator");
  EXPECT_EQ(issued.at("actor").at("local_user"), 0) << "who was at the machine";
}

TEST_F(AuditApi, AQuestionFindsWhatItIsAbout) {
  EXPECT_EQ(own_acts_of("filing=" + filing), (std::vector<std::string>{"draft", "file"}));
  EXPECT_EQ(acts_of("event=" + suspended.dump()).back(), "suspend");
  EXPECT_EQ(acts_of("act=file"), std::vector<std::string>{"file"});
  EXPECT_EQ(acts_of("role=committee&act=suspend"), std::vector<std::string>{"suspend"});
  EXPECT_EQ(acts_of("role=ministries"), std::vector<std::string>{});
  const std::string by_organisation = "organisation=" + percent_encoded(test::kRegistrant);
  EXPECT_EQ(own_acts_of(by_organisation), (std::vector<std::string>{"draft", "file"}));
  const std::string id = office->holder_of(token("registrant")).value()->id.value();
  EXPECT_EQ(own_acts_of("token=" + id), (std::vector<std::string>{"token-issue", "draft", "file"}));
  for (const std::string& act : acts_of("case=" + case_id)) EXPECT_EQ(act, "step");
  EXPECT_FALSE(acts_of("case=" + case_id).empty());
  EXPECT_EQ(acts_of("from=0&to=0"), std::vector<std::string>{"key"});
}

TEST_F(AuditApi, AServiceIsNamedByItsEventsFilingsCasesAndTokens) {
  const auto mine = own_acts_of(std::string("service=") + kMine);
  EXPECT_EQ(mine, (std::vector<std::string>{"register", "token-issue", "draft", "file"}));
  const auto other = acts_of(std::string("service=") + kAlsoMine);
  EXPECT_EQ(std::count(other.begin(), other.end(), "suspend"), 1);
  EXPECT_GE(std::count(other.begin(), other.end(), "step"), 1);
  EXPECT_EQ(std::count(other.begin(), other.end(), "file"), 0);
  EXPECT_EQ(acts_of("service=L99-9999"), std::vector<std::string>{});
  const std::string destruction = "/v1/cases/" + case_id + "/steps/1/destruction";
  const Answer destroyed = post("operator", destruction, {{"ground", "公文書管理法 8"}, {"reason", {{"ja", "満了"}}}});
  ASSERT_EQ(destroyed.status(), 200) << destroyed.json;
  EXPECT_EQ(acts_of(std::string("service=") + kAlsoMine).back(), "destroy") << "it is about what was destroyed";
}

TEST_F(AuditApi, DaysAreThoseOfJapanAndBothEndsCount) {
  EXPECT_EQ(acts_of("since=2026-08-03&until=2026-08-03&act=file"), std::vector<std::string>{"file"});
  EXPECT_EQ(acts_of("since=2026-08-04&act=file"), std::vector<std::string>{});
  EXPECT_EQ(acts_of("until=2026-08-02&act=file"), std::vector<std::string>{});
  const std::string noon = "2026-08-03T03:00:00Z";
  EXPECT_EQ(acts_of("since=" + noon + "&until=" + noon + "&act=file"), std::vector<std::string>{"file"});
  EXPECT_EQ(acts_of("since=2026-08-03T03:00:00.001Z&act=file"), std::vector<std::string>{});
}

TEST_F(AuditApi, PagesFollowOneAnotherInBothOrders) {
  for (const std::string order : {"newest", "oldest"}) {
    std::vector<std::uint64_t> numbers;
    std::string next = "/v1/audit?limit=3&order=" + order;
    while (!next.empty()) {
      const Answer page = ask("operator", "GET", next);
      ASSERT_EQ(page.status(), 200) << next;
      EXPECT_LE(page.json.at("items").size(), 3U);
      for (const Json& item : page.json.at("items")) numbers.push_back(item.at("number"));
      next = page.json.at("next").is_null() ? "" : page.json.at("next").get<std::string>();
    }
    if (order == "newest") std::reverse(numbers.begin(), numbers.end());
    ASSERT_EQ(numbers.size(), lines().size()) << order;
    for (std::size_t n = 0; n < numbers.size(); ++n) EXPECT_EQ(numbers[n], n) << order;
  }
}

TEST_F(AuditApi, WhoReadsTheTextsIsAnEntryItself) {
  EXPECT_EQ(audit("act=suspend").dump().find(kSecretReason), std::string::npos) << "texts only where asked for";
  const Json entry = audit("act=suspend&texts=true").at("items").at(0);
  EXPECT_EQ(entry.at("texts").at("reason"), kSecretReason);
  EXPECT_EQ(entry.at("texts_destroyed"), false);
  const Json of_reading = audit("act=audit-read").at("items").at(0);
  EXPECT_EQ(of_reading.at("actor").at("token"), office->holder_of(token("operator")).value()->id.value());
  EXPECT_EQ(of_reading.at("asked"), (Json{{"act", "suspend"}, {"texts", "true"}}));
  EXPECT_EQ(of_reading.at("read"), Json::array({entry.at("number")}));
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(AuditApi, AnAuditorReadsTheChainAndNoTexts) {
  EXPECT_EQ(audit("act=suspend", "auditor").at("items").size(), 1U);
  const Answer refused = ask("auditor", "GET", "/v1/audit?texts=true");
  EXPECT_EQ(refused.status(), 403);
  EXPECT_EQ(test::reasons(refused.json), std::vector<std::string>{"/texts"});
  EXPECT_EQ(acts_of("act=audit-read"), std::vector<std::string>{}) << "nothing was read";
  const std::string chain = *ask("auditor", "GET", "/v1/audit.jsonl").response.body;
  EXPECT_EQ(chain.find(kSecretReason), std::string::npos);
  for (const char* role : {"operator", "committee", "registrant", "auditor"}) {
    EXPECT_EQ(chain.find(token(role)), std::string::npos) << "no secret is in the ledger";
  }
  EXPECT_EQ(get("/v1/audit").status(), 401);
  EXPECT_EQ(get("/v1/audit.jsonl").status(), 401);
}

TEST_F(AuditApi, WhatCannotBeReadIsRefusedByName) {
  for (const char* query : {"since=soon", "until=2026-02-30", "role=emperor", "event=-1", "from=x", "to=1.5", "limit=0",
                            "limit=1001", "cursor=", "order=best", "texts=yes", "act=", "who=me"}) {
    const Answer answer = ask("operator", "GET", std::string("/v1/audit?") + query);
    EXPECT_EQ(answer.status(), 400) << query;
    const std::string name(query, std::string_view(query).find('='));
    EXPECT_EQ(test::reasons(answer.json), std::vector<std::string>{"/" + name}) << query;
  }
  EXPECT_EQ(ask("operator", "GET", "/v1/audit.jsonl?act=file").status(), 400);
}

}  // namespace
}  // namespace ismap::server
