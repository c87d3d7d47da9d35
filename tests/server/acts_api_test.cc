#include <gtest/gtest.h>

#include "registry/ledger.h"
#include "tests/server/office_site.h"
#include "tests/support/book.h"

/// POST /v1/services/{id}/acts: each act that comes this way, done and refused with its article.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;
using test::kMine;

using Reasons = std::vector<std::string>;

class Acts : public test::OfficeSite {
 protected:
  Answer does(const std::string& role, const Json& body, const std::string& service = kMine) {
    return post(role, "/v1/services/" + service + "/acts", body);
  }
  Answer does(const Json& body) { return does("operator", body); }

  /// The act stands: 201 with its number, shown by the generation that the answer names. Returns the leaf.
  Json done(const std::string& role, const Json& body, const std::string& service = kMine) {
    const Answer answer = does(role, body, service);
    EXPECT_EQ(answer.status(), 201) << answer.json;
    if (answer.status() != 201) return nullptr;
    const Json list = get("/v1/list.json").json;
    EXPECT_EQ(answer.json.at("list_ver"), list.at("ver"));
    EXPECT_EQ(answer.json.at("seqs").back(), answer.json.at("seq"));
    const Json leaf = get("/v1/events/" + answer.json.at("seq").dump() + ".json").json;
    EXPECT_EQ(get("/v1/services/" + service + "/history").json.at("events").back(), leaf);
    return leaf;
  }
  Json done(const Json& body) { return done("operator", body); }

  void refused(int status, const Reasons& why, const std::string& role, const Json& body,
               const std::string& service = kMine) {
    const std::uint64_t before = size();
    const Answer answer = does(role, body, service);
    EXPECT_EQ(answer.status(), status) << answer.json;
    EXPECT_EQ(test::reasons(answer.json), why) << answer.json;
    for (const Json& reason : answer.json.value("errors", Json::array())) {
      EXPECT_NE(reason.at("detail").at("ja"), "");
      EXPECT_NE(reason.at("detail").at("en"), "");
    }
    EXPECT_EQ(size(), before);
  }
  void refused(int status, const Reasons& why, const Json& body) { refused(status, why, "operator", body); }
};

TEST_F(Acts, Usage_11_5_13) {
  const Json leaf = done(act("usage", "11.5(13)", {{"agencies_using", 7}}));
  EXPECT_EQ(leaf.at("event"), "usage-updated");
  EXPECT_EQ(leaf.at("article"), "11.5(13)");
  EXPECT_EQ(leaf.at("effective"), "2026-08-01");
  EXPECT_EQ(leaf.at("record").at("agencies_using"), 7);
  EXPECT_EQ(get("/v1/services/L24-0001").json.at("agencies_using"), 7);
  refused(409, {"/agencies_using 11.5(13)"}, act("usage", "11.5(13)", {{"agencies_using", 7}}));
  for (const Json& bad : {Json(-1), Json(10'000'000), Json("7"), Json(nullptr), Json(true)}) {
    refused(422, {"/agencies_using 11.5(13)"}, act("usage", "11.5(13)", {{"agencies_using", bad}}));
  }
  refused(422, {"/agencies_using 11.5(13)"}, act("usage", "11.5(13)"));
  refused(422, {"/article 11.2"}, act("usage", "11.2", {{"agencies_using", 8}}));
  refused(422, {"/article"}, act("usage", nullptr, {{"agencies_using", 8}}));
}

TEST_F(Acts, Change_14_2) {
  const Json leaf =
      done(act("change", "14.2", {{"changes", {{"url", "https://b.example.jp/"}}}, {"effective", "2026-07-20"}}));
  EXPECT_EQ(leaf.at("event"), "changed");
  EXPECT_EQ(leaf.at("effective"), "2026-07-20");
  EXPECT_EQ(get("/v1/services/L24-0001?as_of=2026-07-19").json.at("url"), "https://service.example.jp/");
  EXPECT_EQ(get("/v1/services/L24-0001?as_of=2026-07-20").json.at("url"), "https://b.example.jp/");
  done(act("change", "14.1", {{"changes", {{"improvement_plan", true}}}}));
  const auto change = [](const Json& changes) { return act("change", "14.2", {{"changes", changes}}); };
  refused(409, {" 14.2"}, change({{"url", "https://b.example.jp/"}}));
  refused(422, {" 14.2"}, change(Json::object()));
  refused(422, {"/registered_on 11.5(4)"}, change({{"registered_on", "2026-04-02"}}));
  refused(422, {"/expires_on 11.5(5)"}, change({{"expires_on", "2029-04-30"}}));
  refused(422, {"/agencies_using 11.5(13)"}, change({{"agencies_using", 1}}));
  refused(409, {"/effective"},
          act("change", "14.2", {{"changes", {{"url", "https://c.example.jp/"}}}, {"effective", "2026-07-01"}}));
}

TEST_F(Acts, RenewalIsAppliedForAndGranted_12_1_11_2) {
  const Json items{{"expires_on", "2028-04-30"}, {"audit_period", {{"from", "2026-01-01"}, {"to", "2026-12-31"}}}};
  refused(409, {"/service 12.1"}, act("renew", "11.2", {{"items", items}}));
  const Json filed = done("registrant", act("file-renewal", "12.1"));
  EXPECT_EQ(filed.at("event"), "renewal-filed");
  EXPECT_EQ(filed.at("record").at("renewals").at(0).at("filed_on"), "2026-08-01");
  refused(409, {"/service 12.1"}, act("file-renewal", "12.1"));
  refused(422, {"/items/expires_on 11.5(5)"}, act("renew", "11.2", {{"items", {{"expires_on", "2027-04-30"}}}}));
  refused(422, {"/items/registered_on 11.2"}, act("renew", "11.2", {{"items", {{"registered_on", "2027-04-30"}}}}));
  refused(403, {"/role 11.2"}, "registrant", act("renew", "11.2", {{"items", items}}));
  const Json renewed = done(act("renew", "11.2", {{"items", items}}));
  EXPECT_EQ(renewed.at("event"), "renewed");
  EXPECT_EQ(renewed.at("record").at("expires_on"), "2028-04-30");
  EXPECT_EQ(renewed.at("record").at("renewals").at(0).at("decided").at("result"), "renewed");
}

TEST_F(Acts, ARenewalIsAppliedForByTheExpiry_12_1) {
  now = test::Book::noon("2026-08-31");
  EXPECT_EQ(done("registrant", act("file-renewal", "12.1"), test::kAlsoMine).at("event"), "renewal-filed");
  now = test::Book::noon("2026-09-01");
  const Answer late = does("operator", act("file-renewal", "12.1"), test::kTheirs);
  EXPECT_EQ(late.status(), 409);
  EXPECT_EQ(test::reasons(late.json), Reasons{"/service 12.1"});
  ASSERT_TRUE(folder->publisher().publish(now).ok());
  EXPECT_EQ(get("/v1/services/L24-0004").json.at("removal"), (Json{{"article", "12.1"}, {"on", "2026-09-01"}}));
  EXPECT_EQ(get("/v1/services/L24-0002").json.at("state"), "registered") << "its application is open";
}

TEST_F(Acts, CloseRenewalFitsItsArticleAndItsRole_9_6_18_2) {
  const auto close = [](const Json& article, const char* result) {
    return act("close-renewal", article, {{"result", result}});
  };
  refused(409, {"/service 12.1"}, close("9.6", "not-accepted"));
  done("registrant", act("file-renewal", "12.1"));
  refused(422, {"/result 9.6"}, close("9.6", "withdrawn"));
  refused(422, {"/result"}, close(nullptr, "gone"));
  refused(403, {"/role 18.2(3)"}, close("18.2(3)", "dismissed"));
  refused(403, {"/role 9.6"}, "committee", close("9.6", "not-accepted"));
  const Json withdrawn = done("registrant", close(nullptr, "withdrawn"));
  EXPECT_EQ(withdrawn.at("article"), nullptr);
  done("registrant", act("file-renewal", "12.1"));
  EXPECT_EQ(done("ministries", close("9.6", "not-accepted")).at("event"), "renewal-closed");
  done("registrant", act("file-renewal", "12.1"));
  const Json dismissed = done("committee", close("18.2(3)", "dismissed"));
  EXPECT_EQ(dismissed.at("event"), "removed") << "18.2(3) removes at once";
  refused(409, {"/service 18.2(3)"}, act("usage", "11.5(13)", {{"agencies_using", 9}}));
}

TEST_F(Acts, CorrectNamesWhatItCorrects) {
  const std::uint64_t wrong = done(act("usage", "11.5(13)", {{"agencies_using", 70}})).at("seq");
  const auto correct = [](const Json& seq, const Json& changes) {
    return act("correct", nullptr, {{"seq", seq}, {"changes", changes}});
  };
  const Json leaf = done(correct(wrong, {{"agencies_using", 7}}));
  EXPECT_EQ(leaf.at("event"), "corrected");
  EXPECT_EQ(leaf.at("corrects"), wrong);
  EXPECT_EQ(leaf.at("changes"), (Json{{"agencies_using", 7}}));
  EXPECT_EQ(get("/v1/services/L24-0001").json.at("agencies_using"), 7);
  refused(409, {"/changes"}, correct(wrong, {{"agencies_using", 7}}));
  refused(404, {"/seq"}, correct(2, {{"agencies_using", 1}}));  // another service's
  refused(404, {"/seq"}, correct(999, {{"agencies_using", 1}}));
  refused(422, {"/changes/url"}, correct(wrong, {{"url", "https://x.example.jp/"}}));
  refused(422, {"/changes"}, correct(wrong, Json::object()));
  refused(422, {"/seq", "/changes"}, correct("1", "x"));
  refused(403, {"/role 11.5(13)"}, "committee", correct(wrong, {{"agencies_using", 1}}));
}

TEST_F(Acts, RegisterIsForANewNumberInItsUrl_11_1) {
  const auto enter = [](const char* id) { return act("register", "11.1", {{"record", test::Book::record(id)}}); };
  Json record = test::Book::record("L24-0009");
  EXPECT_EQ(done("operator", enter("L24-0009"), "L24-0009").at("event"), "registered");
  refused(409, {"/record/id 11.1"}, "operator", enter("L24-0009"), "L24-0009");
  refused(422, {"/record/id"}, "operator", enter("L24-0010"), "L24-0011");
  record["id"] = "L24-0010";
  record["registered_on"] = "2026-08-02";
  refused(422, {"/record/registered_on"}, "operator", act("register", "11.1", {{"record", record}}), "L24-0010");
}

TEST_F(Acts, WhatDoesNotComeThisWayIsSaid) {
  for (const char* name : {"delete", "unsuspend", ""}) refused(422, {"/act"}, act(name, "14.3"));
  refused(404, {"/service 11.1"}, "operator", act("usage", "11.5(13)", {{"agencies_using", 1}}), "L99-9999");
  refused(422, {"/effective"}, act("usage", "11.5(13)", {{"agencies_using", 1}, {"effective", "2026-08-02"}}));
  refused(422, {"/effective S2024-03-01.1"},
          act("usage", "11.5(13)", {{"agencies_using", 1}, {"effective", "2024-02-29"}}));
}

TEST_F(Acts, EveryMistakeIsSaidAtOnce) {
  refused(422, {"/zz", "/effective", "/agencies_using 11.5(13)", "/article 14.2"},
          act("usage", "14.2", {{"agencies_using", "x"}, {"effective", "2026-99-99"}, {"zz", 1}}));
  refused(422, {"/zz", "/article 11.1"}, act("suspend", "11.1", {{"zz", 1}}));
}

TEST_F(Acts, SuspendAndReinstate_13_5_13_6) {
  const Json suspended = done(act("suspend", "13.5", {{"known_on", "2026-07-20"}}));
  EXPECT_EQ(suspended.at("event"), "suspended");
  EXPECT_EQ(suspended.at("record").at("suspensions").at(0).at("article"), "13.5");
  EXPECT_TRUE(get("/services/L24-0001").response.body->find("登録は一時停止中です") != std::string::npos) << "13.12";
  refused(403, {"/role 13.6"}, "committee", act("reinstate", "13.6"));
  refused(409, {"/service 13.7"}, "committee", act("reinstate", "13.10"));
  const Json lifted = done(act("reinstate", "13.6", {{"opening", suspended.at("seq")}}));
  EXPECT_EQ(lifted.at("event"), "reinstated");
  EXPECT_EQ(get("/services/L24-0001").response.body->find("登録は一時停止中です"), std::string::npos);
  EXPECT_EQ(get("/v1/services/L24-0001?as_of=2026-08-01").json.at("part_of_day").size(), 1U);
}

TEST_F(Acts, SuspendKeepsIncidentAndConditionsInTheLedger_13_7_13_8) {
  const Json own{{"incident_on", "2026-07-20"}, {"conditions", {{"ja", "秘密の解除条件"}, {"en", "secret"}}}};
  refused(403, {"/role 13.7"}, act("suspend", "13.7", own));
  refused(422, {"/incident_on 13.7", "/conditions 13.8"}, "committee", act("suspend", "13.7"));
  refused(422, {"/part", "/incident_on", "/known_on", "/incident_estimated", "/conditions"}, "committee",
          act("suspend", "13.7",
              {{"part", "x"},
               {"incident_on", "1.7.2026"},
               {"known_on", 20260701},
               {"incident_estimated", "yes"},
               {"conditions", {{"ja", " "}}}}));
  refused(422, {"/effective 13.7"}, "committee",
          act("suspend", "13.7", {{"effective", "2026-07-31"}, {"incident_on", "2026-07-20"}, {"conditions", "x"}}));
  const Json leaf = done("committee", act("suspend", "13.7", own));
  EXPECT_EQ(leaf.dump().find("秘密"), std::string::npos);
  EXPECT_EQ(leaf.at("record").at("suspensions").at(0).size(), 4U) << "opening, article, since, lifted";
  const auto entry = folder->env().read([&](const registry::lmdb::ReadTxn& txn) -> registry::Result<Json> {
    return registry::ledger::entry_of(txn, registry::Seq{leaf.at("seq").get<std::uint64_t>()});
  });
  EXPECT_EQ(entry->at("details"), (Json{{"incident_on", "2026-07-20"},
                                        {"incident_estimated", false},
                                        {"conditions", {{"ja", "秘密の解除条件"}, {"en", "secret"}}}}));
  EXPECT_EQ(findings(), Reasons{});
}

TEST_F(Acts, ReAuditStartsAndEnds_16_1_16_4) {
  const Json own{{"part", {{"ja", "秘密の箇所"}}}, {"due_on", "2026-10-31"}};
  refused(422, {"/part 16.1", "/due_on 16.2"}, act("start-re-audit", "16.1"));
  refused(422, {"/part", "/due_on"}, act("start-re-audit", "16.1", {{"part", {{"en", "x"}}}, {"due_on", nullptr}}));
  refused(409, {"/service 13.11"}, act("start-re-audit", "16.5", own));
  const Json leaf = done(act("start-re-audit", "16.1", own));
  EXPECT_EQ(leaf.at("event"), "re-audit-started");
  EXPECT_EQ(leaf.dump().find("秘密"), std::string::npos);
  EXPECT_TRUE(get("/").response.body->find("再監査中（16.1）") != std::string::npos) << "16.8";
  refused(422, {"/result"}, act("end-re-audit", "16.3", {{"result", "good"}}));
  refused(422, {"/opening", "/result"}, act("end-re-audit", "16.3", {{"opening", "1"}}));
  refused(404, {"/opening 16.1"}, act("end-re-audit", "16.3", {{"result", "confirmed"}, {"opening", 1}}));
  const Json ended = done(act("end-re-audit", "16.4", {{"result", "not-confirmed"}}));
  EXPECT_EQ(ended.at("record").at("re_audits").at(0).at("ended"), (Json{{"article", "16.4"}, {"on", "2026-08-01"}}));
  EXPECT_EQ(get("/").response.body->find("再監査中"), std::string::npos);
}

TEST_F(Acts, RemoveIsTheCommittees_18_2) {
  refused(403, {"/role 18.2(5)"}, act("remove", "18.2(5)"));
  refused(422, {"/article 12.2"}, "committee", act("remove", "12.2"));
  refused(409, {"/service 18.2(1)"}, "committee", act("remove", "18.2(1)"));
  refused(422, {"/conditions"}, "committee", act("remove", "18.2(5)", {{"conditions", "x"}}));
  done(act("suspend", "14.3"));
  done(act("suspend", "13.5"));
  const auto list = *get("/").response.body;
  EXPECT_TRUE(list.find("一時停止中（14.3）") != std::string::npos &&
              list.find("一時停止中（13.5）") != std::string::npos);
  const Json leaf = done("committee", act("remove", "18.2(5)"));
  EXPECT_EQ(leaf.at("event"), "removed");
  EXPECT_EQ(leaf.at("record").at("suspensions").at(0).at("lifted"), nullptr) << "unlifted in the record";
  EXPECT_EQ(get("/services/L24-0001").response.body->find("登録は一時停止中です"), std::string::npos);
  refused(409, {"/service 18.2(5)"}, "committee", act("remove", "18.2(7)"));
  refused(409, {"/service 18.2(5)"}, act("suspend", "14.3"));
  EXPECT_TRUE(get("/services/L24-0001").response.body->find("登録は削除されました") != std::string::npos);
}

TEST_F(Acts, NoticesComeWithTheAnswerAndItsReplay_5_1_4) {
  done("committee", act("remove", "18.2(5)"));
  const Json entering = act("register", "11.1", {{"record", test::Book::record("L24-0009")}});
  const Answer first = post("operator", "/v1/services/L24-0009/acts", entering, "once");
  ASSERT_EQ(first.status(), 201) << first.json;
  ASSERT_EQ(first.json.at("notices").size(), 1U);
  EXPECT_EQ(first.json.at("notices").at(0).at("article"), "5.1(4)");
  const Answer again = post("operator", "/v1/services/L24-0009/acts", entering, "once");
  EXPECT_EQ(again.status(), 200);
  EXPECT_EQ(again.json.at("notices"), first.json.at("notices"));
  EXPECT_EQ(again.json.at("seqs"), first.json.at("seqs"));
}

TEST_F(Acts, TheKeysOfTheLogAreNoService) {
  const Json acts[] = {act("usage", "11.5(13)", {{"agencies_using", 1}}),
                       act("correct", nullptr, {{"seq", 0}, {"changes", {{"ver", 2}}}}),
                       act("change", "14.2", {{"changes", {{"url", "https://x.example.jp/"}}}}),
                       act("file-renewal", "12.1")};
  for (const Json& body : acts) {
    const Answer answer = does("operator", body, "keys");
    EXPECT_EQ(answer.status(), 404) << body.at("act") << answer.json;
  }
  EXPECT_EQ(findings(), Reasons{});
}

TEST_F(Acts, ABasisIsOneThatIsThere) {
  Json body = act("usage", "11.5(13)", {{"agencies_using", 12}});
  body["basis"] = {{"filing", "F000000009"}};
  refused(422, {"/basis/filing"}, body);
  body["basis"] = {{"case", "C1"}, {"step", 1}};
  refused(422, {"/basis/case"}, body);
  body["basis"] = {{"filing", filed({{"url", "https://d.example.jp/"}}, test::kAlsoMine)}};
  refused(422, {"/basis/filing"}, body);  // another service's
  body["basis"] = {{"filing", filed({{"url", "https://d.example.jp/"}})}};
  done(body);
}

}  // namespace
}  // namespace ismap::server
