#include <gtest/gtest.h>

#include "tests/server/filing_site.h"
#include "tests/support/book.h"

/// What holds for filings of every kind: drafts, trying them out, mending them, and a list that moves on meanwhile.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;
using test::Fields;
using test::kMine;
using test::reasons;

const Json kReport{{"known_on", "2026-07-31"}, {"report", {{"ja", "速報の内容"}}}};
const std::string kService = std::string("/v1/services/") + kMine;

Json change(const Json& changes, const Json& more = Json::object()) {
  Json out{{"changes", changes}, {"reason", {{"ja", "試験"}}}};
  out.update(more);
  return out;
}

class FilingRules : public test::FilingSite {
 protected:
  Answer patch(const std::string& id, const Json& body, const std::string& etag) {
    return ask("registrant", "PATCH", "/v1/filings/" + id, body.dump(),
               etag.empty() ? Fields{} : Fields{{"If-Match", etag}});
  }
  static std::string etag(const Answer& answer) {
    return std::string(answer.response.headers.get("ETag").value_or(""));
  }
  std::string etag_of_service() { return etag(get(kService)); }
  Answer decide(const std::string& id, const Fields& fields = {}) {
    return ask("operator", "POST", "/v1/filings/" + id + "/decision",
               Json{{"decision", "accept"}, {"article", "14.2"}, {"reason", "確認した"}}.dump(), fields);
  }
  Json queue() { return seen("operator", "/v1/queue").at("items"); }
};

TEST_F(FilingRules, AReportOfASecondIncidentIsNeverBlocked_13_2) {
  const Answer first = draft(form("13.2", kReport));
  ASSERT_EQ(first.status(), 201) << first.json;
  const Answer second = draft(form("13.2", kReport));
  ASSERT_EQ(second.status(), 201) << "while the first is still a draft";
  const std::string case_of_first = submit(first.json.at("id")).json.at("case");
  const std::string case_of_second = submit(second.json.at("id")).json.at("case");
  EXPECT_NE(case_of_first, case_of_second);
  const Answer addition =
      file("13.2", {{"case", case_of_first}, {"known_on", "2026-07-31"}, {"report", {{"ja", "追加"}}}});
  EXPECT_EQ(addition.json.at("case"), case_of_first);
  EXPECT_EQ(addition.json.at("step"), 2);
}

TEST_F(FilingRules, AReportThatCouldBeOfAnAwaitedIncidentIsTold_13_2) {
  const std::string id =
      open_case("operator", step("judged", "13.1(2)", {{"procedure", "incident"}, {"known_on", "2026-07-30"}}));
  const Answer quiet = draft(form("13.2", kReport));
  EXPECT_EQ(quiet.json.at("notices"), Json::array()) << "a judgement that nobody was told of stays with the offices";
  ask("registrant", "DELETE", "/v1/filings/" + quiet.json.at("id").get<std::string>());
  step_in("operator", id, step("report-demanded", "13.1(2)", {{"due_on", "2026-08-10"}}));
  const Answer told = draft(form("13.2", kReport));
  ASSERT_EQ(told.status(), 201);
  ASSERT_EQ(told.json.at("notices").size(), 1U);
  EXPECT_NE(told.json.at("notices").at(0).at("detail").at("en").get<std::string>().find(id), std::string::npos);
}

TEST_F(FilingRules, OneOpenDraftForServiceFormAndCase) {
  const std::string one = file("13.2", kReport).json.at("case");
  const std::string other = file("13.2", kReport).json.at("case");
  const Answer first = draft(form("2-8", {{"case", one}, {"report", {{"ja", "確報"}}}}));
  ASSERT_EQ(first.status(), 201) << first.json;
  EXPECT_EQ(draft(form("2-8", {{"case", other}, {"report", {{"ja", "確報"}}}})).status(), 201);
  const Answer again = draft(form("2-8", {{"case", one}, {"report", {{"ja", "確報"}}}}));
  EXPECT_EQ(again.status(), 409);
  EXPECT_NE(again.json.at("detail").get<std::string>().find(first.json.at("id").get<std::string>()), std::string::npos);
}

TEST_F(FilingRules, ADraftIsAmendedByAMergePatchOfWhatItsCallerSaw) {
  const Answer made = draft(form("2-11", change({{"url", "https://new.example.jp/"}})));
  const std::string id = made.json.at("id");
  EXPECT_EQ(patch(id, {{"effective", "2026-08-10"}}, "").status(), 428);
  EXPECT_EQ(patch(id, {{"effective", "2026-08-10"}}, "\"" + std::string(64, '0') + "\"").status(), 412);
  EXPECT_EQ(patch(id, {{"effective", "2026-08-10"}}, "W/" + etag(made)).status(), 400);
  const Answer amended =
      patch(id, {{"effective", "2026-08-10"}, {"changes", {{"name", {{"ja", "新名"}}}}}}, etag(made));
  ASSERT_EQ(amended.status(), 200) << amended.json;
  EXPECT_EQ(amended.json.at("payload").at("changes"),
            (Json{{"name", {{"ja", "新名"}}}, {"url", "https://new.example.jp/"}}));
  EXPECT_NE(etag(amended), etag(made));
  EXPECT_EQ(patch(id, {{"effective", "2026-08-11"}}, etag(made)).status(), 412) << "seen before the last change";
  EXPECT_EQ(reasons(patch(id, {{"service", test::kAlsoMine}}, etag(amended)).json),
            std::vector<std::string>{"/service 14.2"});
  EXPECT_EQ(reasons(patch(id, {{"x", 1}}, etag(amended)).json), std::vector<std::string>{"/x 14.2"});
  EXPECT_EQ(etag(ask("registrant", "GET", "/v1/filings/" + id)), etag(amended)) << "refused patches change nothing";
  submit(id);
  EXPECT_EQ(patch(id, {{"effective", "2026-08-12"}}, etag(amended)).status(), 409);
}

TEST_F(FilingRules, ADryRunSaysExactlyWhatTheListWillShowAndKeepsNothing) {
  const Json request =
      form("2-11", change({{"url", "https://new.example.jp/"}, {"provider", {{"address", {{"ja", "東京都架空区"}}}}}}));
  const Json before = get(kService).json;
  const Answer tried = post("registrant", "/v1/filings?dry_run=true", request);
  ASSERT_EQ(tried.status(), 200) << tried.json;
  EXPECT_EQ(tried.json.at("valid"), true);
  EXPECT_EQ(tried.json.at("effective"), "2026-08-01");
  EXPECT_EQ('"' + tried.json.at("etag").get<std::string>() + '"', etag_of_service());
  EXPECT_EQ(seen("registrant", "/v1/filings").at("total"), 0);
  const Json& diff = tried.json.at("diff");
  ASSERT_EQ(diff.size(), 2U) << diff.dump();
  EXPECT_EQ(diff.at(0).at("pointer"), "/provider/address/ja");
  EXPECT_EQ(diff.at(0).at("item"), "11.5(3)");
  EXPECT_EQ(diff.at(1).at("old"), before.at("url"));
  EXPECT_EQ(diff.at(1).at("new"), "https://new.example.jp/");
  const std::string id = draft(request).json.at("id");
  submit(id);
  EXPECT_EQ(seen("operator", "/v1/filings/" + id + "/diff").at("diff"), diff) << "before the operator's eyes";
  ASSERT_EQ(decide(id).status(), 200);
  EXPECT_EQ(seen("registrant", "/v1/filings/" + id + "/diff").at("diff"), diff) << "and what became of it";
  const Answer bad =
      post("registrant", "/v1/filings?dry_run=true", form("2-11", change({{"expires_on", "2030-01-01"}})));
  EXPECT_EQ(bad.status(), 422);
  EXPECT_EQ(reasons(bad.json), std::vector<std::string>{"/changes/expires_on 11.5(5)"});
  EXPECT_EQ(post("registrant", "/v1/filings?dry_run=maybe", request).status(), 400);
}

TEST_F(FilingRules, TellsEveryMistakeAtOnceWithItsArticle) {
  const Answer refused = draft({{"form", "2-8"},
                                {"service", kMine},
                                {"case", 7},
                                {"on", "2026-07-01"},
                                {"known_on", "yesterday"},
                                {"report", 5},
                                {"supplements", "F1"},
                                {"unknown", 1}});
  EXPECT_EQ(refused.status(), 422);
  const auto told = reasons(refused.json);
  for (const char* pointer : {"/case", "/on", "/known_on 13.3", "/report 13.3", "/supplements", "/unknown 13.3"}) {
    EXPECT_NE(std::find(told.begin(), told.end(), pointer), told.end()) << pointer << refused.json.dump();
  }
  EXPECT_EQ(draft({{"form", "9-9"}, {"service", kMine}}).status(), 422);
  EXPECT_EQ(reasons(draft(form("2-15")).json), std::vector<std::string>{"/article 18.1(1)"}) << "(1) or (2)?";
  EXPECT_EQ(draft(form("13.4", {{"report", {{"ja", "x"}}}})).status(), 409) << "nobody asked";
  EXPECT_EQ(draft(form("13.4", {{"case", "C000000099"}, {"report", {{"ja", "x"}}}})).status(), 422);
  EXPECT_EQ(draft(Json::array()).status(), 422);
}

TEST_F(FilingRules, ACaseThatTheRegistrantIsNotToldOfIsNone) {
  const std::string hidden =
      open_case("operator", step("judged", "13.1(2)", {{"procedure", "incident"}, {"known_on", "2026-07-30"}}));
  Json wanted = form("13.2", kReport);
  wanted["case"] = hidden;
  const Answer refused = draft(wanted);
  wanted["case"] = "C000000077";
  const Answer unknown = draft(wanted);
  EXPECT_EQ(refused.status(), 422);
  EXPECT_EQ(unknown.status(), 422);
  EXPECT_EQ(reasons(refused.json), reasons(unknown.json));
}

TEST_F(FilingRules, ALaterFilingTakesThePlaceOfOneOrAddsToIt) {
  const std::string first = file("2-11", change({{"url", "https://one.example.jp/"}})).json.at("id");
  const std::string received_at = seen("registrant", "/v1/filings/" + first).at("received_at");
  now = now.plus_seconds(3600);
  const Answer second = file("2-11", change({{"url", "https://two.example.jp/"}}, {{"supersedes", first}}));
  ASSERT_EQ(second.status(), 202) << second.json;
  EXPECT_EQ(second.json.at("first_received_at"), received_at);
  EXPECT_NE(second.json.at("received_at"), received_at);
  const Json replaced = seen("registrant", "/v1/filings/" + first);
  EXPECT_EQ(replaced.at("state"), "superseded");
  EXPECT_EQ(replaced.at("superseded_by"), second.json.at("id"));
  EXPECT_EQ(decide(first).status(), 409) << "no longer the one that counts";
  const std::string id = second.json.at("id");
  ASSERT_EQ(post("operator", "/v1/filings/" + id + "/decision",
                 {{"decision", "return"}, {"article", "14.2"}, {"reason", "不備"}})
                .status(),
            200);
  const Answer mended = file("2-11", change({{"url", "https://three.example.jp/"}}, {{"supplements", id}}));
  EXPECT_EQ(mended.json.at("first_received_at"), received_at) << "the first receipt's time is kept";
  ASSERT_EQ(decide(mended.json.at("id")).status(), 200);
  EXPECT_EQ(draft(form("2-11", change({{"url", "https://four.example.jp/"}}, {{"supersedes", mended.json.at("id")}})))
                .status(),
            409);
  EXPECT_EQ(reasons(draft(form("2-11", change({{"url", "https://four.example.jp/"}},
                                              {{"supersedes", first}, {"supplements", first}})))
                        .json),
            std::vector<std::string>{"/supersedes"});
}

TEST_F(FilingRules, AListThatMovedOnIsShownBeforeTheFilingCounts) {
  const std::string id = draft(form("2-11", change({{"url", "https://mine.example.jp/"}}))).json.at("id");
  const std::string before = etag_of_service();
  done("operator", act("usage", "11.5(13)", {{"agencies_using", 9}}));
  done("operator", act("change", "14.2", {{"changes", {{"url", "https://theirs.example.jp/"}}}}));
  const Answer unlooked = submit(id);
  EXPECT_EQ(unlooked.status(), 428) << unlooked.json;
  EXPECT_EQ(reasons(unlooked.json), std::vector<std::string>{"/changes/url 11.5(2)"});
  ASSERT_EQ(unlooked.json.at("diff").size(), 1U) << "what the filing is about";
  EXPECT_EQ(unlooked.json.at("diff").at(0).at("new"), "https://theirs.example.jp/");
  const Answer stale = submit(id, {{"If-Match", before}});
  EXPECT_EQ(stale.status(), 412);
  EXPECT_EQ(stale.json.at("diff").size(), 2U) << "all that moved since";
  EXPECT_EQ('"' + stale.json.at("etag").get<std::string>() + '"', etag_of_service());
  EXPECT_EQ(submit(id, {{"If-Match", "nonsense"}}).status(), 400);
  EXPECT_EQ(submit(id, {{"If-Match", etag_of_service()}}).status(), 202);
  EXPECT_EQ(decide(id).status(), 200) << "the filer has looked";
}

TEST_F(FilingRules, TheOperatorLooksAtAListThatMovedOnToo) {
  const std::string id = file("2-11", change({{"url", "https://mine.example.jp/"}})).json.at("id");
  done("operator", act("change", "14.2", {{"changes", {{"url", "https://theirs.example.jp/"}}}}));
  EXPECT_EQ(decide(id).status(), 428);
  EXPECT_EQ(decide(id, {{"If-Match", '"' + std::string(64, 'a') + '"'}}).status(), 412);
  EXPECT_EQ(decide(id, {{"If-Match", etag_of_service()}}).status(), 200);
}

TEST_F(FilingRules, WhatMovedElsewhereIsNoHindrance) {
  const std::string id = draft(form("2-11", change({{"url", "https://mine.example.jp/"}}))).json.at("id");
  done("operator", act("usage", "11.5(13)", {{"agencies_using", 9}}));
  EXPECT_EQ(submit(id).status(), 202);
  EXPECT_EQ(decide(id).status(), 200);
}

TEST_F(FilingRules, AnActNamesWhatItsActorLookedAt) {
  const std::string seen_before = etag_of_service();
  done("operator", act("usage", "11.5(13)", {{"agencies_using", 9}}));
  const Json usage = act("usage", "11.5(13)", {{"agencies_using", 10}});
  const Answer stale = ask("operator", "POST", kService + "/acts", usage.dump(), {{"If-Match", seen_before}});
  EXPECT_EQ(stale.status(), 412);
  EXPECT_EQ(stale.json.at("diff").at(0).at("new"), 9);
  EXPECT_EQ(ask("operator", "POST", kService + "/acts", usage.dump(), {{"If-Match", etag_of_service()}}).status(), 201);
  const Json again = act("usage", "11.5(13)", {{"agencies_using", 11}});
  EXPECT_EQ(ask("operator", "POST", kService + "/acts", again.dump(), {{"If-Match", "*"}}).status(), 201);
}

TEST_F(FilingRules, TheQueueProposesTheLiftThatAReportAsksFor_13_6) {
  const std::string id =
      open_case("operator", step("judged", "13.1(2)", {{"procedure", "incident"}, {"known_on", "2026-07-20"}}));
  step_in("operator", id, step("report-demanded", "13.1(2)", {{"due_on", "2026-08-01"}}));
  now = test::Book::noon("2026-08-03");
  done("operator", act("suspend", "13.5", {{"basis", on_case(id)}}));
  EXPECT_EQ(queue(), Json::array());
  file("2-11", change({{"url", "https://mine.example.jp/"}}));
  const Answer report = file("13.2", {{"case", id}, {"known_on", "2026-07-20"}, {"report", {{"ja", "速報"}}}});
  const Json lines = queue();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines.at(0).at("id"), report.json.at("id")) << "what is due today comes first";
  EXPECT_EQ(lines.at(0).at("due").at("article"), "13.6");
  EXPECT_EQ(lines.at(0).at("due").at("due"), "2026-08-03");
  EXPECT_EQ(lines.at(1).at("diff").at(0).at("pointer"), "/url") << "the exact effect before the operator's eyes";
  Json lift = lines.at(0).at("lifts").at(0);
  EXPECT_EQ(lift.at("article"), "13.6");
  EXPECT_EQ(lift.at("service"), kMine);
  lift.erase("service");
  lift["reason"] = {{"ja", "報告を受けた"}};
  EXPECT_EQ(seen("registrant", "/v1/filings/" + report.json.at("id").get<std::string>() + "/diff").contains("lifts"),
            false);
  done("operator", lift);
  EXPECT_EQ(queue().at(0).at("lifts"), Json::array());
  EXPECT_EQ(get(kService).json.at("suspensions").at(0).at("lifted").at("article"), "13.6");
  EXPECT_EQ(ask("committee", "GET", "/v1/queue").status(), 403);
  EXPECT_EQ(ask("registrant", "GET", "/v1/queue").status(), 403);
}

TEST_F(FilingRules, ANotificationThatWasAskedForGoesIntoItsCaseByItself_14_4) {
  const std::string id = open_case(
      "operator", step("event-known", "14.3", {{"procedure", "notification"}, {"matters", {{"ja", "変更"}}}}));
  step_in("operator", id, step("notification-demanded", "14.3", {{"due_on", "2026-08-01"}}));
  now = test::Book::noon("2026-08-03");
  done("operator", act("suspend", "14.3", {{"basis", on_case(id)}}));
  const Answer filed = file("2-11", change({{"url", "https://mine.example.jp/"}}));
  EXPECT_EQ(filed.json.at("case"), id);
  EXPECT_EQ(filed.json.at("payload").at("case"), id) << "under the receipt";
  const Json line = queue().at(0);
  ASSERT_EQ(line.at("lifts").size(), 1U) << line.dump();
  EXPECT_EQ(line.at("lifts").at(0).at("article"), "14.4");
  ASSERT_EQ(decide(filed.json.at("id")).status(), 200);
  ASSERT_EQ(queue().size(), 1U) << "accepted, and the suspension still stands";
  Json lift = queue().at(0).at("lifts").at(0);
  lift.erase("service");
  lift["reason"] = {{"ja", "届出を受けた"}};
  done("operator", lift);
  EXPECT_EQ(queue(), Json::array());
  const Json of = seen("operator", "/v1/cases/" + id);
  std::vector<std::string> made;
  for (const Json& one : of.at("steps")) made.push_back(one.at("step"));
  EXPECT_EQ(made, (std::vector<std::string>{"event-known", "notification-demanded", "suspended", "notified", "changed",
                                            "lifted"}));
  EXPECT_EQ(of.at("state"), "closed");
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(FilingRules, OnlyReportsAndApplicationsCanBeAskedAbout) {
  const std::string id = file("2-11", change({{"url", "https://mine.example.jp/"}})).json.at("id");
  const Json question{{"article", "13.4"}, {"matters", {{"ja", "何"}}}, {"reason", {{"ja", "確認"}}}};
  EXPECT_EQ(post("operator", "/v1/filings/" + id + "/inquiry", question).status(), 409);
  const std::string report = file("13.2", kReport).json.at("id");
  const std::string path = "/v1/filings/" + report + "/inquiry";
  EXPECT_EQ(post("registrant", path, question).status(), 403);
  Json wrong = question;
  wrong["article"] = "9.4";
  EXPECT_EQ(reasons(post("operator", path, wrong).json), std::vector<std::string>{"/article 13.4"});
  const Answer asked = post("operator", path, question, "k");
  ASSERT_EQ(asked.status(), 201) << asked.json;
  EXPECT_EQ(asked.json.at("inquiries").size(), 1U);
  EXPECT_EQ(post("operator", path, question, "k").json.at("inquiries").size(), 1U) << "asked once";
  EXPECT_EQ(seen("registrant", "/v1/filings/" + report).at("inquiries").at(0).at("article"), "13.4");
}

TEST_F(FilingRules, AKeyIsRememberedForNinetyDays) {
  const std::string id = draft(form("2-11", change({{"url", "https://mine.example.jp/"}}))).json.at("id");
  const Fields lasting{{"Authorization", "Bearer " + new_token("registrant", test::kRegistrant, {kMine}, 200)}};
  const Answer first = submit(id, lasting);
  now = now.plus_seconds(90LL * 86'400);
  EXPECT_EQ(*submit(id, lasting).response.body, *first.response.body);
  now = now.plus_seconds(1);
  EXPECT_EQ(submit(id, lasting).status(), 409) << "the key is forgotten; the filing is not filed again";
  EXPECT_EQ(registry::replays::forget_old(folder->env(), now).value(), 1U);
  EXPECT_EQ(registry::replays::forget_old(folder->env(), now).value(), 0U);
}

TEST_F(FilingRules, ALostAnswerLeavesNoSecondDraft) {
  const Json request = form("13.2", kReport);
  const Answer first = post("registrant", "/v1/filings", request, "draft-1");
  ASSERT_EQ(first.status(), 201);
  const Answer again = post("registrant", "/v1/filings", request, "draft-1");
  EXPECT_EQ(again.status(), 201);
  EXPECT_EQ(again.json.at("id"), first.json.at("id"));
  EXPECT_EQ(seen("registrant", "/v1/filings").at("total"), 1);
  EXPECT_EQ(post("registrant", "/v1/filings", form("2-10"), "draft-1").status(), 422) << "another request";
  EXPECT_EQ(post("registrant", "/v1/filings", request, "draft-2").json.at("id"), "F000000002");
}

TEST_F(FilingRules, FilingsAreFoundByServiceFormAndStateInPages) {
  for (int i = 0; i < 3; ++i) file("13.2", kReport);
  draft(form("2-11", change({{"url", "https://mine.example.jp/"}})));
  EXPECT_EQ(seen("registrant", "/v1/filings?form=13.2").at("total"), 3);
  EXPECT_EQ(seen("registrant", "/v1/filings?state=draft").at("total"), 1);
  EXPECT_EQ(seen("registrant", "/v1/filings?service=L24-0002").at("total"), 0);
  Json page = seen("registrant", "/v1/filings?form=13.2&limit=2");
  EXPECT_EQ(page.at("items").size(), 2U);
  page = seen("registrant", page.at("next"));
  EXPECT_EQ(page.at("items").size(), 1U);
  EXPECT_TRUE(page.at("next").is_null());
  for (const char* bad : {"state=open", "limit=0", "cursor=x", "form=1", "colour=red"}) {
    EXPECT_EQ(ask("registrant", "GET", std::string("/v1/filings?") + bad).status(), 400) << bad;
  }
}

TEST_F(FilingRules, DestroyedTextsAreGoneFromTheFilingToo) {
  const Answer filed = file("13.2", {{"known_on", "2026-07-31"}, {"report", {{"ja", "消すべき文"}}}});
  const std::string path = "/v1/cases/" + filed.json.at("case").get<std::string>() + "/steps/1/destruction";
  ASSERT_EQ(post("operator", path, {{"ground", "公文書管理法 8"}, {"reason", {{"ja", "期間満了"}}}}).status(), 200);
  const Json left = seen("registrant", "/v1/filings/" + filed.json.at("id").get<std::string>());
  EXPECT_TRUE(left.at("payload").is_null());
  EXPECT_EQ(left.at("payload_sha256"), filed.json.at("payload_sha256")) << "the receipt still names it";
  EXPECT_EQ(submit(filed.json.at("id")).response.body->find("消すべき文"), std::string::npos);
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

}  // namespace
}  // namespace ismap::server
