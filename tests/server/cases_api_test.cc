#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "registry/ledger.h"
#include "registry/tables.h"
#include "tests/server/office_site.h"
#include "tests/support/book.h"

/// Cases and deadlines over HTTP: what each role may see and do, and how it is told what is wrong. Today is 2026-08-01.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;
using test::kMine;
using test::kTheirs;

class Cases : public test::OfficeSite {
 protected:
  static Json step(const std::string& name, const std::string& article, const Json& own = {}) {
    Json out{{"step", name}, {"article", article}, {"reason", {{"ja", "所内の理由"}}}};
    if (own.is_object()) out.update(own);
    return out;
  }
  /// The operator judges an incident serious (13.1(2)), known on 30 July.
  static Json incident(const std::string& service = kMine) {
    return step("judged", "13.1(2)", {{"procedure", "incident"}, {"service", service}, {"known_on", "2026-07-30"}});
  }
  std::string opened(const Json& body, const std::string& role = "operator") {
    const Answer made = post(role, "/v1/cases", body, new_key());
    EXPECT_EQ(made.status(), 201) << made.json.dump();
    return made.json.value("id", "");
  }
  Answer step_in(const std::string& role, const std::string& id, const Json& body, const std::string& key = "") {
    return post(role, "/v1/cases/" + id + "/steps", body, key.empty() ? new_key() : key);
  }
  Answer destroy(const std::string& role, const std::string& id, const std::string& step, const Json& body) {
    return post(role, "/v1/cases/" + id + "/steps/" + step + "/destruction", body);
  }
  std::string new_key() { return "request-" + std::to_string(++keys_); }
  Answer see(const std::string& role, const std::string& target) { return ask(role, "GET", target); }
  static Json channel() { return {{"channel", "電子メール"}, {"received_on", "2026-07-31"}}; }

 private:
  int keys_ = 0;
};

TEST_F(Cases, AnIncidentKnowsWhatIsDueAndWhyThen_13_2_13_3) {
  const Answer made = post("operator", "/v1/cases", incident());
  ASSERT_EQ(made.status(), 201) << made.json.dump();
  const std::string id = made.json.at("id");
  EXPECT_EQ(made.response.headers.get("Location"), "/v1/cases/" + id);
  EXPECT_EQ(made.response.headers.get("Cache-Control"), "no-store");
  EXPECT_FALSE(made.response.headers.has("Access-Control-Allow-Origin"));
  const Json due = see("operator", "/v1/deadlines?service=" + std::string(kMine) + "&role=registrant").json;
  ASSERT_GE(due.at("items").size(), 2U) << due.dump();
  EXPECT_EQ(due.at("items").at(0).at("article"), "13.2");
  EXPECT_EQ(due.at("items").at(0).at("due"), "2026-08-04") << "31 July, 3 and 4 August";
  EXPECT_EQ(due.at("items").at(1).at("article"), "13.3");
  EXPECT_EQ(due.at("items").at(1).at("due"), "2026-08-29");
  EXPECT_NE(due.at("items").at(0).at("arithmetic").get<std::string>().find("2026-07-30"), std::string::npos);
  EXPECT_EQ(see("operator", "/v1/cases/" + id).json.at("steps").size(), 1U);
}

TEST_F(Cases, DeadlinesAreFilteredByDayRoleServiceAndWhatIsOverdue) {
  opened(incident());
  const auto total = [&](const std::string& query) {
    return see("operator", "/v1/deadlines" + query).json.at("total").get<int>();
  };
  const std::string mine = "?service=" + std::string(kMine);
  EXPECT_EQ(total(mine + "&until=2026-08-03"), 0);
  EXPECT_EQ(total(mine + "&until=2026-08-04&role=registrant"), 1);
  EXPECT_EQ(total(mine + "&role=ministries"), 0);
  EXPECT_LT(total(mine), total(""));
  EXPECT_EQ(total(mine + "&overdue=true"), 0);
  now = test::Book::noon("2026-08-05");
  const Json overdue = see("operator", "/v1/deadlines" + mine + "&overdue=true").json.at("items");
  ASSERT_EQ(overdue.size(), 1U);
  EXPECT_EQ(overdue.at(0).at("state"), "overdue");
  EXPECT_EQ(overdue.at(0).at("article"), "13.2");
}

TEST_F(Cases, DeadlinesAreACalendarToo) {
  opened(incident());
  for (const auto& [target, accept] : std::vector<std::pair<std::string, std::string>>{
           {"/v1/deadlines.ics", ""}, {"/v1/deadlines", "text/calendar"}}) {
    const Answer answer = ask("operator", "GET", target + "?role=registrant", "", {{"Accept", accept}});
    EXPECT_EQ(answer.status(), 200);
    EXPECT_EQ(answer.response.headers.get("Content-Type"), "text/calendar; charset=utf-8");
    EXPECT_EQ(answer.response.headers.get("Cache-Control"), "no-store");
    EXPECT_TRUE(answer.response.body->starts_with("BEGIN:VCALENDAR\r\n"));
    EXPECT_NE(answer.response.body->find("DTSTART;VALUE=DATE:20260804\r\n"), std::string::npos);
    EXPECT_NE(answer.response.body->find("@liu.example.jp\r\n"), std::string::npos);
  }
}

TEST_F(Cases, ARepeatedRequestOpensNoSecondCase) {
  const Answer first = post("operator", "/v1/cases", incident(), "key-1");
  const Answer again = post("operator", "/v1/cases", incident(), "key-1");
  EXPECT_EQ(first.status(), 201);
  EXPECT_EQ(again.status(), 200);
  EXPECT_EQ(first.json, again.json);
  const std::string id = first.json.at("id");
  const Json report = step("preliminary-report", "13.2", {{"basis", channel()}});
  EXPECT_EQ(step_in("operator", id, report, "key-2").status(), 201);
  EXPECT_EQ(step_in("operator", id, report, "key-2").status(), 200);
  EXPECT_EQ(see("operator", "/v1/cases/" + id).json.at("steps").size(), 2U);
  EXPECT_EQ(see("operator", "/v1/cases").json.at("items").size(), 1U);
}

TEST_F(Cases, ARegistrantsStepNeedsAnIdempotencyKeyAndIsMadeOnce) {
  const Json own =
      step("judged", "13.1(1)", {{"procedure", "incident"}, {"service", kMine}, {"known_on", "2026-07-30"}});
  EXPECT_EQ(post("registrant", "/v1/cases", own).status(), 400);
  EXPECT_EQ(see("operator", "/v1/cases").json.at("items"), Json::array()) << "nothing was recorded";
  const Answer first = post("registrant", "/v1/cases", own, "open-1");
  ASSERT_EQ(first.status(), 201) << first.json.dump();
  const Answer again = post("registrant", "/v1/cases", own, "open-1");
  EXPECT_EQ(again.status(), 200);
  EXPECT_EQ(again.json.at("id"), first.json.at("id"));
  const std::string steps = "/v1/cases/" + first.json.at("id").get<std::string>() + "/steps";
  const Json report = step("preliminary-report", "13.2");
  EXPECT_EQ(post("registrant", steps, report).status(), 400);
  EXPECT_EQ(post("registrant", steps, report, "step-1").status(), 201);
  EXPECT_EQ(post("registrant", steps, report, "step-1").status(), 200);
  EXPECT_EQ(see("operator", steps.substr(0, steps.rfind('/'))).json.at("steps").size(), 2U);
  EXPECT_EQ(post("operator", "/v1/cases", incident()).status(), 201) << "for the offices it is optional";
}

TEST_F(Cases, TextsAreDestroyedForGoodOnTheRecord) {
  const Json secret{{"summary", {{"ja", "個人の氏名"}}}, {"basis", channel()}};
  Json first = incident();
  first.update(secret);
  const Answer made = post("operator", "/v1/cases", first, "destroyed-1");
  ASSERT_EQ(made.status(), 201) << made.json.dump();
  const std::string id = made.json.at("id");
  ASSERT_NE(made.json.dump().find("個人の氏名"), std::string::npos);
  const Json why{{"ground", "公文書管理法 8"}, {"reason", {{"ja", "保存期間の満了"}}}};
  ASSERT_EQ(step_in("operator", id, step("report-demanded", "13.1(2)")).status(), 201);
  for (const char* role : {"registrant", "committee", "ministries"}) {
    const Answer refused = destroy(role, id, "1", why);
    EXPECT_EQ(refused.status(), 403) << role;
    EXPECT_EQ(test::reasons(refused.json), std::vector<std::string>{"/role"}) << role;
  }
  for (const char* stranger : {"auditor", "agency"}) EXPECT_EQ(destroy(stranger, id, "1", why).status(), 404);
  EXPECT_EQ(post("operator", "/v1/cases/" + id + "/steps/1/destruction", Json::object()).status(), 422);
  EXPECT_EQ(test::reasons(destroy("operator", id, "1", {{"ground", 7}, {"colour", "red"}}).json).size(), 3U);
  for (const char* none : {"0", "3", "x", "99999999999999999999"}) {
    EXPECT_EQ(destroy("operator", id, none, why).status(), 404) << none;
  }
  EXPECT_NE(see("operator", "/v1/cases/" + id).response.body->find("個人の氏名"), std::string::npos);

  const Answer done = destroy("operator", id, "1", why);
  ASSERT_EQ(done.status(), 200) << done.json.dump();
  EXPECT_EQ(done.json.at("steps").at(0).at("texts_destroyed"), true);
  EXPECT_EQ(done.json.at("steps").at(1).at("texts_destroyed"), false);
  for (const std::string& target : {"/v1/cases/" + id, std::string("/v1/cases"), std::string("/v1/deadlines")}) {
    EXPECT_EQ(see("operator", target).response.body->find("個人の氏名"), std::string::npos) << target;
  }
  const Answer repeated = post("operator", "/v1/cases", first, "destroyed-1");
  EXPECT_EQ(repeated.status(), 200);
  EXPECT_EQ(repeated.json.at("id"), id);
  EXPECT_EQ(repeated.json.dump().find("個人の氏名"), std::string::npos) << "nor in what is kept for a repeated request";
  EXPECT_EQ(destroy("operator", id, "1", why).status(), 409) << "gone already";
  EXPECT_EQ(findings(), std::vector<std::string>{}) << "the chain is whole";
}

TEST_F(Cases, ADestructionIsRecordedWithItsRoleOrganisationAndGround) {
  const std::string id = opened(incident());
  const auto entries = [&] {
    return folder->env()
        .read([](const registry::lmdb::ReadTxn& txn) -> registry::Result<std::uint64_t> {
          return registry::ledger::size(txn);
        })
        .value();
  };
  const std::uint64_t before = entries();
  const Json why{{"ground", "公文書管理法 8"}, {"reason", {{"ja", "保存期間の満了"}}}};
  ASSERT_EQ(destroy("operator", id, "1", why).status(), 200);
  EXPECT_EQ(entries(), before + 1);
  const Json last = folder->env()
                        .read([](const registry::lmdb::ReadTxn& txn) -> registry::Result<Json> {
                          return Json::parse(txn.last(registry::tables::kLedger)->second);
                        })
                        .value();
  EXPECT_EQ(last.at("act"), "destroy") << last.dump();
  EXPECT_EQ(last.at("ground"), "公文書管理法 8");
  EXPECT_EQ(last.at("reason"), "保存期間の満了");
  EXPECT_EQ(last.at("actor").at("role"), "operator");
  EXPECT_EQ(last.at("actor").at("organisation"), test::kOperator);
}

TEST_F(Cases, ADeadlineIsToldOnlyWithItsCase) {
  const std::string id = opened(incident());
  EXPECT_EQ(see("registrant", "/v1/cases/" + id).status(), 404) << "the operator's judgement is the offices' own";
  EXPECT_EQ(see("registrant", "/v1/deadlines").response.body->find(id), std::string::npos);
  EXPECT_EQ(see("registrant", "/v1/deadlines.ics").response.body->find(id), std::string::npos);
  EXPECT_NE(see("operator", "/v1/deadlines").response.body->find(id), std::string::npos);
}

TEST_F(Cases, AreForTheOfficesAndTheRegistrantOfTheService) {
  const std::string id = opened(incident());
  const std::string theirs = opened(incident(kTheirs));
  const Json report = step("preliminary-report", "13.2");
  for (const char* role : {"operator", "committee", "ministries"}) {
    EXPECT_EQ(see(role, "/v1/cases").json.at("items").size(), 2U) << role;
    EXPECT_EQ(see(role, "/v1/cases/" + theirs).status(), 200) << role;
  }
  for (const char* stranger : {"auditor", "agency", "applicant"}) {
    EXPECT_EQ(see(stranger, "/v1/cases").json.at("items"), Json::array()) << stranger;
    EXPECT_EQ(see(stranger, "/v1/cases?service=" + std::string(kMine)).json.at("items"), Json::array()) << stranger;
    EXPECT_EQ(see(stranger, "/v1/deadlines").json.at("total"), 0) << stranger;
    EXPECT_EQ(see(stranger, "/v1/cases/" + id).status(), 404) << stranger;
    EXPECT_EQ(step_in(stranger, id, report).status(), 404) << stranger;
    EXPECT_EQ(post(stranger, "/v1/cases", incident()).status(), 404) << stranger;
  }
  EXPECT_EQ(see("registrant", "/v1/cases/" + theirs).status(), 404);
  const auto without_number = [](Json problem) {
    problem.erase("detail");
    problem.erase("errors");
    return problem;
  };
  EXPECT_EQ(without_number(see("registrant", "/v1/cases/" + theirs).json),
            without_number(see("registrant", "/v1/cases/C999999999").json))
      << "as if it were not";
  EXPECT_EQ(step_in("registrant", theirs, report).status(), 404);
  EXPECT_EQ(post("registrant", "/v1/cases", incident(kTheirs)).status(), 404);
  EXPECT_EQ(see("registrant", "/v1/deadlines?service=" + std::string(kTheirs)).json.at("total"), 0);
  EXPECT_EQ(get("/v1/cases").status(), 401);
  EXPECT_EQ(get("/v1/deadlines.ics").status(), 401);
}

TEST_F(Cases, EachStepBelongsToItsRole) {
  const std::string id = opened(incident());
  const Answer demanded = step_in("operator", id, step("report-demanded", "13.1(2)"));
  EXPECT_EQ(demanded.status(), 201) << demanded.json.dump();
  for (const char* role : {"registrant", "committee", "ministries"}) {
    const Answer refused = step_in(role, id, step("report-demanded", "13.1(2)"));
    EXPECT_EQ(refused.status(), 403) << role << refused.json.dump();
    EXPECT_EQ(test::reasons(refused.json), std::vector<std::string>{"/role 13.1(2)"});
  }
  EXPECT_EQ(step_in("registrant", id, step("preliminary-report", "13.2")).status(), 201);
  EXPECT_EQ(step_in("committee", id, step("preliminary-report", "13.2")).status(), 403);
}

TEST_F(Cases, ARegistrantIsToldItsOwnStepsAndItsNoticesAlone) {
  const Json own =
      step("judged", "13.1(1)", {{"procedure", "incident"}, {"service", kMine}, {"known_on", "2026-07-30"}});
  const std::string id = opened(own, "registrant");
  ASSERT_EQ(step_in("registrant", id, step("preliminary-report", "13.2")).status(), 201);
  ASSERT_EQ(
      step_in("operator", id, step("further-report-demanded", "13.4", {{"matters", {{"ja", "求める事項"}}}})).status(),
      201);
  const Answer consulted = step_in("operator", id, step("monitoring-started", "13.13"));
  ASSERT_EQ(consulted.status(), 201) << consulted.json.dump();
  const Json whole = see("operator", "/v1/cases/" + id).json;
  const Json told = see("registrant", "/v1/cases/" + id).json;
  EXPECT_EQ(whole.at("steps").size(), 4U);
  ASSERT_EQ(told.at("steps").size(), 3U) << told.dump();
  EXPECT_EQ(told.at("steps").at(2).at("matters").at("ja"), "求める事項") << "the notice";
  EXPECT_FALSE(told.at("steps").at(2).contains("reason")) << "the office's reason is its own";
  EXPECT_TRUE(told.at("steps").at(0).contains("reason"));
  for (const char* hidden : {"links", "next"}) EXPECT_FALSE(told.contains(hidden)) << hidden;
  const Json listed = see("registrant", "/v1/cases").json.at("items");
  ASSERT_EQ(listed.size(), 1U) << "the case of monitoring has nothing that it was told";
  EXPECT_EQ(listed.at(0).at("last_step").at("article"), "13.4");
  EXPECT_EQ(see("operator", "/v1/cases").json.at("items").size(), 2U);
}

TEST_F(Cases, WhatTheCommitteeConsidersIsNotThereForTheRegistrant) {
  const std::string id = opened(
      step("considered", "18.2(7)", {{"procedure", "removal"}, {"service", kMine}, {"matters", {{"ja", "検討"}}}}),
      "committee");
  EXPECT_EQ(see("committee", "/v1/cases/" + id).status(), 200);
  EXPECT_EQ(see("registrant", "/v1/cases/" + id).status(), 404);
  EXPECT_EQ(see("registrant", "/v1/cases").json.at("items"), Json::array());
  EXPECT_EQ(step_in("registrant", id, step("considered", "18.2(7)")).status(), 404);
}

TEST_F(Cases, AnActRestsOnAStepOfACaseOfItsService_13_7) {
  const std::string id = opened(incident());
  const std::string theirs = opened(incident(kTheirs));
  ASSERT_EQ(step_in("operator", id, step("preliminary-report", "13.2", {{"basis", channel()}})).status(), 201);
  const auto suspend = [&](const std::string& of, const Json& number) {
    Json body = act("suspend", "13.7", {{"incident_on", "2026-07-29"}, {"conditions", {{"ja", "再発防止"}}}});
    body["basis"] = Json{{"case", of}, {"step", number}};
    return post("committee", "/v1/services/" + std::string(kMine) + "/acts", body);
  };
  for (const Json& none : {Json(0), Json(3), Json(-1)}) {
    const Answer refused = suspend(id, none);
    EXPECT_EQ(refused.status(), 422) << none;
    EXPECT_EQ(test::reasons(refused.json).front().substr(0, 6), "/basis");
  }
  EXPECT_EQ(test::reasons(suspend(theirs, 1).json), std::vector<std::string>{"/basis/case"});
  EXPECT_EQ(test::reasons(suspend("C999999999", 1).json), std::vector<std::string>{"/basis/case"});
  const Answer done = suspend(id, 2);
  ASSERT_EQ(done.status(), 201) << done.json.dump();
  const Json steps = see("operator", "/v1/cases/" + id).json.at("steps");
  EXPECT_EQ(steps.back().at("article"), "13.7");
  EXPECT_EQ(steps.back().at("event"), done.json.at("seq"));
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(Cases, EveryMistakeIsNamed) {
  const std::vector<std::pair<Json, std::string>> wrong{
      {Json::array(), ""},
      {Json::object(), "/procedure"},
      {{{"procedure", "party"}, {"service", kMine}}, "/procedure"},
      {{{"procedure", 7}, {"service", kMine}}, "/procedure"},
      {{{"procedure", "incident"}, {"service", 7}}, "/service"},
      {{{"procedure", "incident"}, {"service", "L99-9999"}}, ""},
      {{{"procedure", "incident"}, {"service", kMine}}, "/step"},
  };
  for (const auto& [body, pointer] : wrong) {
    const Answer refused = post("operator", "/v1/cases", body);
    EXPECT_TRUE(refused.status() == 422 || refused.status() == 404) << body << refused.status();
    EXPECT_EQ(refused.response.headers.get("Content-Type"), "application/problem+json");
    const auto reasons = test::reasons(refused.json);
    EXPECT_TRUE(std::any_of(reasons.begin(), reasons.end(),
                            [&, wanted = pointer](const auto& r) { return r.starts_with(wanted); }))
        << body << refused.json;
  }
  Json odd = incident();
  odd["colour"] = "red";
  odd["known_on"] = "31 July";
  const auto reasons = test::reasons(post("operator", "/v1/cases", odd).json);
  EXPECT_EQ(reasons.size(), 2U) << "all at once";
  EXPECT_EQ(size(), 4U) << "nothing was recorded";
  EXPECT_EQ(see("operator", "/v1/cases").json.at("items"), Json::array());
}

TEST_F(Cases, ParametersAreChecked) {
  for (const char* query :
       {"/v1/cases?state=half", "/v1/cases?procedure=party", "/v1/cases?limit=0", "/v1/cases?limit=1001",
        "/v1/cases?limit=1x", "/v1/cases?cursor=zz", "/v1/cases?cursor=", "/v1/cases?cursor=C00000000x",
        "/v1/services?cursor=zz", "/v1/services?limit=0", "/v1/cases?colour=red", "/v1/deadlines?role=king",
        "/v1/deadlines?overdue=maybe", "/v1/deadlines?until=soon", "/v1/deadlines?state=open",
        "/v1/deadlines.ics?until=2026-02-30", "/v1/cases?service=a&service=b"}) {
    const Answer refused = see("operator", query);
    EXPECT_EQ(refused.status(), 400) << query;
    EXPECT_EQ(test::reasons(refused.json).size(), 1U) << query;
  }
}

TEST_F(Cases, ArePagedByTheUrlThatTheAnswerNames) {
  for (int n = 0; n < 5; ++n) opened(incident());
  std::vector<std::string> seen;
  std::string target = "/v1/cases?procedure=incident&limit=2";
  int asked = 0;
  for (; !target.empty(); ++asked) {
    const Json page = see("operator", target).json;
    for (const Json& item : page.at("items")) seen.push_back(item.at("id"));
    target = page.at("next").is_null() ? "" : page.at("next").get<std::string>();
  }
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(seen, (std::vector<std::string>{"C000000001", "C000000002", "C000000003", "C000000004", "C000000005"}));
}

TEST_F(Cases, HolidaysOfTheFolderCountFromTheNextStartOn) {
  opened(incident());
  const auto first_due = [&] {
    return see("operator", "/v1/deadlines?role=registrant&service=" + std::string(kMine))
        .json.at("items")
        .at(0)
        .at("due")
        .get<std::string>();
  };
  EXPECT_EQ(first_due(), "2026-08-04");
  std::ofstream(data / "holidays.txt") << "# 特別の法律による休日\n+2026-08-03 架空の休日\n";
  EXPECT_EQ(first_due(), "2026-08-04");
  reopen();
  EXPECT_EQ(first_due(), "2026-08-05");
}

TEST_F(Cases, AWrongFileOfHolidaysIsRefusedByItsLine) {
  std::ofstream(data / "holidays.txt") << "+2026-08-03 架空の休日\n\n2026-08-04 符号がない\n";
  context.reset();
  office.reset();
  folder.reset();
  const auto refused = DataFolder::open(data);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.errors().front().en.find("holidays.txt: line 3"), std::string::npos) << refused.errors().front().en;
  EXPECT_NE(refused.errors().front().ja.find("3行目"), std::string::npos);
}

}  // namespace
}  // namespace ismap::server
