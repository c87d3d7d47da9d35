#include <gtest/gtest.h>

#include "tests/server/filing_site.h"
#include "tests/support/book.h"

/// Filings that take the place of others, add to them, or come when their case is over.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;
using test::kMine;
using test::reasons;

Json report(const std::string& known_on, const Json& more = Json::object()) {
  Json out{{"known_on", known_on}, {"report", {{"ja", "内容"}}}};
  out.update(more);
  return out;
}

class FilingMend : public test::FilingSite {
 protected:
  /// The deadline of an article in a case, of whoever has it.
  Json due_in(const std::string& id, const std::string& article) {
    const Json of = seen("operator", "/v1/cases/" + id);
    for (const Json& one : of.at("deadlines")) {
      if (one.at("article") == article) return one;
    }
    return nullptr;
  }
  Json queue() { return seen("operator", "/v1/queue").at("items"); }
};

TEST_F(FilingMend, TermsGoOnByWhatTheLaterFilingSays_13_3) {
  const Answer first = file("13.2", report("2026-07-31"));
  const std::string id = first.json.at("case");
  EXPECT_EQ(due_in(id, "13.3").at("due"), "2026-08-30");
  file("13.2", report("2026-07-25", {{"supersedes", first.json.at("id")}}));
  EXPECT_EQ(due_in(id, "13.3").at("due"), "2026-08-24") << "from the awareness that stands";
  EXPECT_EQ(due_in(id, "13.2").at("state"), "met-late");
  EXPECT_EQ(seen("operator", "/v1/cases/" + id).at("incident").at("known_on"), "2026-07-25");
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(FilingMend, AnAwarenessIsNotMadeLater_13_2) {
  const Answer first = file("13.2", report("2026-07-25"));
  file("13.2", report("2026-07-31", {{"supersedes", first.json.at("id")}}));
  EXPECT_EQ(due_in(first.json.at("case"), "13.3").at("due"), "2026-08-24");
}

TEST_F(FilingMend, AWithdrawalEndsWhenItsLastFormSays_18_1) {
  const Answer first = file("2-15", {{"article", "18.1(1)"}, {"ends_on", "2026-12-31"}});
  const std::string id = first.json.at("case");
  const Answer second =
      file("2-15", {{"article", "18.1(1)"}, {"ends_on", "2026-09-30"}, {"supersedes", first.json.at("id")}});
  EXPECT_EQ(second.json.at("case"), id);
  EXPECT_EQ(due_in(id, "18.2(2)").at("due"), "2026-09-30");
  EXPECT_EQ(queue().at(0).at("due").at("due"), "2026-09-30");
}

TEST_F(FilingMend, TheLiftStaysProposedWhenTheReportIsReplaced_13_6) {
  const std::string id =
      open_case("operator", step("judged", "13.1(2)", {{"procedure", "incident"}, {"known_on", "2026-07-20"}}));
  step_in("operator", id, step("report-demanded", "13.1(2)", {{"due_on", "2026-08-01"}}));
  now = test::Book::noon("2026-08-03");
  done("operator", act("suspend", "13.5", {{"basis", on_case(id)}}));
  const Answer first = file("13.2", report("2026-07-20", {{"case", id}}));
  const Answer second = file("13.2", report("2026-07-20", {{"case", id}, {"supersedes", first.json.at("id")}}));
  const Json lines = queue();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.at(0).at("id"), second.json.at("id"));
  EXPECT_EQ(lines.at(0).at("due").at("article"), "13.6");
  Json lift = lines.at(0).at("lifts").at(0);
  lift.erase("service");
  lift["reason"] = {{"ja", "報告を受けた"}};
  done("operator", lift);
  EXPECT_EQ(queue().at(0).at("lifts"), Json::array());
}

TEST_F(FilingMend, WhatIsReportedOfACaseThatHasEndedIsReceived_13_2) {
  const Answer first = file("13.2", report("2026-07-31"));
  const std::string id = first.json.at("case");
  step_in("operator", id, step("concluded", "13.4"));
  const Answer draft_of_more = draft(form("13.2", report("2026-07-31", {{"supplements", first.json.at("id")}})));
  ASSERT_EQ(draft_of_more.status(), 201) << draft_of_more.json;
  EXPECT_EQ(draft_of_more.json.at("notices").at(0).at("pointer"), "/case");
  const Answer more = submit(draft_of_more.json.at("id"));
  ASSERT_EQ(more.status(), 202) << more.json;
  EXPECT_EQ(more.json.at("case"), id);
  EXPECT_TRUE(more.json.at("step").is_null());
  EXPECT_EQ(more.json.at("first_received_at"), first.json.at("received_at"));
  EXPECT_EQ(seen("operator", "/v1/cases/" + id).at("state"), "closed");
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(FilingMend, ANotificationForNoCaseStaysOutOfEveryCase_14_2) {
  done("operator", act("suspend", "14.3"));
  const Answer made = draft(form(
      "2-11", {{"changes", {{"url", "https://new.example.jp/"}}}, {"reason", {{"ja", "移転"}}}, {"case", nullptr}}));
  const Answer filed = submit(made.json.at("id"));
  ASSERT_EQ(filed.status(), 202);
  EXPECT_TRUE(filed.json.at("case").is_null()) << "as the draft said";
  EXPECT_TRUE(filed.json.at("payload").contains("case")) << "under the receipt";
}

TEST_F(FilingMend, NullIsTheSameAsLeftOut) {
  for (const char* member : {"supplements", "supersedes", "article", "links", "reason"}) {
    Json wanted = form("2-17", {{"objection", {{"ja", "異議"}}}});
    wanted[member] = nullptr;
    EXPECT_EQ(post("registrant", "/v1/filings?dry_run=true", wanted).status(), 200) << member;
  }
  for (const Json& other : {Json(""), Json(1), Json(true), Json::array(), Json::object(), Json("F999999999")}) {
    Json wanted = form("2-17", {{"objection", {{"ja", "異議"}}}});
    wanted["supersedes"] = other;
    const Answer refused = post("registrant", "/v1/filings?dry_run=true", wanted);
    EXPECT_EQ(refused.status(), 422) << other;
    EXPECT_EQ(reasons(refused.json), std::vector<std::string>{"/supersedes"});
  }
}

TEST_F(FilingMend, AnApplicationIsReadWholeBeforeItIsADraft_12_1) {
  for (const Json& reason : {Json{{"ja", 5}}, Json{{"ja", nullptr}}, Json::array({"x"}), Json("\u202e"), Json(5)}) {
    const Answer refused = draft(form("2-4", {{"reason", reason}}));
    EXPECT_EQ(refused.status(), 422) << reason;
    EXPECT_EQ(reasons(refused.json), std::vector<std::string>{"/reason 12.1"});
  }
  EXPECT_EQ(reasons(draft(form("2-4", {{"case", "C000000001"}})).json), std::vector<std::string>{"/case 12.1"});
  const Answer filed = file("2-4", {{"reason", "継続する"}});
  EXPECT_EQ(filed.json.at("payload").at("reason"), (Json{{"ja", "継続する"}}));
  const Answer mended = draft(form("2-4", {{"supplements", filed.json.at("id")}}));
  EXPECT_EQ(mended.status(), 409);
  EXPECT_EQ(reasons(mended.json), std::vector<std::string>{"/supplements 12.1"});
}

TEST_F(FilingMend, TheDocumentsOfTheReAuditComeWithTheFormOf13_9_16_6) {
  const std::string incident = file("13.2", report("2026-07-31")).json.at("case");
  done("committee",
       act("suspend", "13.7",
           {{"incident_on", "2026-07-30"}, {"conditions", {{"ja", "条件"}}}, {"basis", on_case(incident)}}));
  done("committee", act("suspend", "13.7", {{"incident_on", "2026-07-30"}, {"conditions", {{"ja", "条件"}}}}));
  file("2-9", {{"case", incident}, {"measures", {{"ja", "対策"}}}});
  step_in("committee", incident, step("re-audit-demanded", "13.11", {{"part", {{"ja", "範囲"}}}}));
  done("operator", act("start-re-audit", "16.5",
                       {{"part", {{"ja", "範囲"}}}, {"due_on", "2026-09-30"}, {"basis", on_case(incident)}}));
  const std::string re_audit = seen("operator", "/v1/cases?procedure=re-audit").at("items").at(0).at("id");
  const Answer filed =
      file("2-9", {{"case", re_audit}, {"contents", {{"ja", "書類"}}}, {"measures", {{"ja", "改めた対策"}}}});
  ASSERT_EQ(filed.status(), 202) << filed.json;
  EXPECT_EQ(filed.json.at("article"), "16.6");
  const Json last = seen("registrant", "/v1/cases/" + incident).at("steps").back();
  EXPECT_EQ(last.at("step"), "conditions-met");
  EXPECT_EQ(last.at("filing"), filed.json.at("id"));
  EXPECT_EQ(last.at("measures").at("ja"), "改めた対策");
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(FilingMend, AReportSaysSomething_13_2) {
  const Answer made = draft(form("13.2"));
  ASSERT_EQ(made.status(), 201) << "a file may still be attached";
  EXPECT_EQ(made.json.at("notices").at(0).at("pointer"), "/known_on") << "no term can be counted";
  const Answer refused = submit(made.json.at("id"));
  EXPECT_EQ(refused.status(), 422);
  EXPECT_EQ(reasons(refused.json), std::vector<std::string>{"/report 13.2"});
  EXPECT_EQ(seen("operator", "/v1/cases").at("items"), Json::array()) << "nothing was half done";
}

TEST_F(FilingMend, ASubmissionHasNoMembers) {
  const std::string id = drafted({{"url", "https://new.example.jp/"}});
  const std::string path = "/v1/filings/" + id + "/submission";
  EXPECT_EQ(reasons(post("registrant", path, {{"a", 1}}, "k").json), std::vector<std::string>{"/a"});
  EXPECT_EQ(
      ask("registrant", "POST", path, "<xml/>", {{"Content-Type", "text/plain"}, {"Idempotency-Key", "k"}}).status(),
      415);
  EXPECT_EQ(post("registrant", path, Json::object(), "k").status(), 202);
}

TEST_F(FilingMend, TheReasonOfANotificationInACaseCanBeDestroyed_14_2) {
  done("operator", act("suspend", "14.3"));
  const Answer filed =
      file("2-11", {{"changes", {{"url", "https://new.example.jp/"}}}, {"reason", {{"ja", "消すべき文"}}}});
  const std::string path = "/v1/cases/" + filed.json.at("case").get<std::string>() + "/steps/" +
                           std::to_string(filed.json.at("step").get<int>()) + "/destruction";
  const Json why{{"ground", "公文書管理法 8"}, {"reason", {{"ja", "期間満了"}}}};
  ASSERT_EQ(post("operator", path, why).status(), 200);
  EXPECT_TRUE(seen("registrant", "/v1/filings/" + filed.json.at("id").get<std::string>()).at("payload").is_null());
  EXPECT_EQ(post("operator", path, why).status(), 409) << "it is gone";
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

}  // namespace
}  // namespace ismap::server
