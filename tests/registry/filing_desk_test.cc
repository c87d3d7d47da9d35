#include "registry/filings/desk.h"

#include <gtest/gtest.h>

#include "registry/digest.h"
#include "registry/replays.h"
#include "registry/text.h"
#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using test::Book;
using test::kId;

/// A register with one service, a desk, and the registrant who owns it.
class Desk : public ::testing::Test {
 protected:
  Desk() : desk(book.env(), book.registrar()) {
    book.enter(kId);
    registrant.role = Role::registrant;
    registrant.organisation = "株式会社架空";
    operating_body.organisation = "ISMAP運用支援機関";
  }

  static Json request(const Json& changes) {
    return Json{{"form", "2-11"}, {"service", kId}, {"changes", changes}, {"reason", {{"ja", "所在地の移転"}}}};
  }
  Filing drafted(const Json& changes, const std::string& day = "2026-05-01") {
    return desk.draft(request(changes), registrant, Book::noon(day)).value().filing;
  }
  static RequestKey key(const std::string& text, const std::string& asked = "") {
    return {"株式会社架空", "POST /v1/filings/{id}/submission", text, sha256(asked)};
  }
  Result<Submission> submit(const FilingId& id, const std::string& text, const std::string& day = "2026-05-01") {
    return desk.submit(
        id, registrant, key(text, id.value()),
        [](const Filing& f) { return "receipt of " + f.id.value() + " " + f.received_at->iso(); }, Book::noon(day));
  }
  Result<Filing> decide(const FilingId& id, bool accept, const std::string& day) {
    return desk.decide(id, Ruling{accept, Article{"14.2"}, "確認した"}, operating_body, Book::noon(day));
  }
  template <class T>
  std::vector<std::string> pointers(const Result<T>& refused) {
    std::vector<std::string> all;
    if (!refused.ok()) {
      for (const Error& e : refused.errors()) all.push_back(e.pointer);
    }
    return all;
  }

  Book book;
  FilingDesk desk;
  Actor registrant;
  Actor operating_body;
};

const Json kNewUrl{{"url", "https://new.example.jp/"}};

TEST_F(Desk, GoesFromDraftToListWithTheDigestOfItsReceipt_14_2) {
  const Filing draft = drafted(kNewUrl);
  EXPECT_EQ(draft.state, FilingState::draft);
  const auto submission = submit(draft.id, "k1").value();
  EXPECT_EQ(submission.answer.at("state"), "received");
  EXPECT_EQ(submission.answer.at("payload_sha256"), hex(sha256(canonical(draft.payload))));
  EXPECT_EQ(book.latest(kId).at("url"), "https://service.example.jp/") << "not before it is accepted";
  const Filing accepted = decide(draft.id, true, "2026-05-03").value();
  EXPECT_EQ(accepted.state, FilingState::accepted);
  const Event event = book.history(kId).back();
  EXPECT_EQ(accepted.decision->seq, event.seq);
  EXPECT_EQ(event.receipt, sha256(submission.answer.at("receipt").get<std::string>()));
  EXPECT_EQ(event.article, Article{"14.2"});
  EXPECT_EQ(event.effective.iso(), "2026-05-01") << "the day of the change, not of the decision";
  EXPECT_EQ(event.record.at("url"), "https://new.example.jp/");
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST_F(Desk, AnswersARepeatedSubmissionTheSame) {
  const Filing draft = drafted(kNewUrl);
  const auto first = submit(draft.id, "k1", "2026-05-01").value();
  ASSERT_TRUE(decide(draft.id, true, "2026-05-02").ok());
  const auto again = submit(draft.id, "k1", "2026-05-03").value();
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.answer, first.answer);
  EXPECT_EQ(submit(draft.id, "k2", "2026-05-03").errors().front().code, Code::conflict);
}

TEST_F(Desk, RefusesAKeyThatWasUsedForAnotherRequest) {
  const Filing one = drafted(kNewUrl);
  ASSERT_TRUE(submit(one.id, "k1").ok());
  const Filing two = drafted(Json{{"subsequent_events", {{"ja", "移転した。"}}}});
  EXPECT_EQ(submit(two.id, "k1").errors().front().code, Code::invalid);
  EXPECT_TRUE(submit(two.id, "k2").ok());
}

TEST_F(Desk, NamesEveryWrongItemAtOnce) {
  Json bad =
      request(Json{{"url", "javascript:alert(1)"}, {"name", {{"ja", "　"}}}, {"agencies_using", 3}, {"colour", 1}});
  const auto refused = pointers(desk.draft(bad, registrant, Book::noon("2026-05-01")));
  for (const char* pointer : {"/changes/url", "/changes/name/ja", "/changes/agencies_using", "/changes/colour"}) {
    EXPECT_NE(std::find(refused.begin(), refused.end(), pointer), refused.end()) << pointer;
  }
  bad = Json{{"form", "2-12"}, {"colour", 1}};
  const auto shape = pointers(desk.draft(bad, registrant, Book::noon("2026-05-01")));
  for (const char* pointer : {"/form", "/service", "/colour"}) {
    EXPECT_NE(std::find(shape.begin(), shape.end(), pointer), shape.end()) << pointer;
  }
}

TEST_F(Desk, RefusesWhatIsTheOperatorsOrTheCommitteesWithItsItem_11_5) {
  for (const char* item :
       {"registered_on", "expires_on", "audit_period", "improvement_plan", "remarks", "agencies_using"}) {
    const auto refused = desk.draft(request(Json{{item, nullptr}}), registrant, Book::noon("2026-05-01"));
    ASSERT_FALSE(refused.ok()) << item;
    EXPECT_EQ(refused.errors().front().pointer, std::string("/changes/") + item);
    EXPECT_TRUE(refused.errors().front().article.starts_with("11.5(")) << item;
  }
  const auto provider = desk.draft(request(Json{{"provider", {{"corporate_number", "4011001098993"}}}}), registrant,
                                   Book::noon("2026-05-01"));
  EXPECT_EQ(provider.errors().front().pointer, "/changes/provider/corporate_number");
}

TEST_F(Desk, AsksWhetherAChangeOfScopeIsMaterial_14_1) {
  Json scope = request(Json{{"scope", {{"regions", Json::array({{{"ja", "大阪"}}})}}}});
  EXPECT_EQ(desk.draft(scope, registrant, Book::noon("2026-05-01")).errors().front().article, "14.1");
  scope["material_change"] = true;
  EXPECT_FALSE(desk.draft(scope, registrant, Book::noon("2026-05-01")).ok());
  scope["material_change"] = false;
  EXPECT_TRUE(desk.draft(scope, registrant, Book::noon("2026-05-01")).ok());
}

TEST_F(Desk, KeepsOneOpenDraftAServiceAndForm) {
  const Filing first = drafted(kNewUrl);
  const auto second = desk.draft(request(kNewUrl), registrant, Book::noon("2026-05-01"));
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.errors().front().en.find(first.id.value()), std::string::npos);
  ASSERT_TRUE(submit(first.id, "k1").ok());
  EXPECT_TRUE(desk.draft(request(kNewUrl), registrant, Book::noon("2026-05-01")).ok());
}

TEST_F(Desk, AcceptsAFutureDayOnlyFromThatDayOn_14_2) {
  Json future = request(kNewUrl);
  future["effective"] = "2026-05-10";
  const Filing draft = desk.draft(future, registrant, Book::noon("2026-05-01")).value().filing;
  ASSERT_TRUE(submit(draft.id, "k1").ok());
  const auto early = decide(draft.id, true, "2026-05-09");
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.errors().front().code, Code::conflict);
  EXPECT_NE(early.errors().front().en.find("2026-05-10"), std::string::npos);
  EXPECT_TRUE(decide(draft.id, true, "2026-05-10").ok());
}

TEST_F(Desk, ReturnsForADefectOfFormAndKeepsTheFirstReceiptsTime) {
  const Filing draft = drafted(kNewUrl);
  ASSERT_TRUE(submit(draft.id, "k1").ok());
  const Filing returned = decide(draft.id, false, "2026-05-02").value();
  EXPECT_EQ(returned.state, FilingState::returned);
  EXPECT_EQ(returned.received_at, Book::noon("2026-05-01"));
  EXPECT_EQ(book.latest(kId).at("url"), "https://service.example.jp/");
  EXPECT_EQ(decide(draft.id, true, "2026-05-03").errors().front().code, Code::conflict);
}

TEST_F(Desk, ADayThatCanNeverBeAcceptedGetsNoReceipt_14_2) {
  Json wanted = request(kNewUrl);
  for (const char* day : {"1999-01-01", "2024-02-29", "2026-03-31"}) {
    wanted["effective"] = day;
    const auto refused = desk.draft(wanted, registrant, Book::noon("2026-05-01"));
    ASSERT_FALSE(refused.ok()) << day;
    EXPECT_EQ(pointers(refused), std::vector<std::string>{"/effective"}) << day;
  }
  ASSERT_TRUE(
      book.act(Book::command(kId, ChangeItems{{{"url", "https://later.example.jp/"}}}, "14.2"), "2026-05-10").ok());
  wanted["effective"] = "2026-05-09";
  EXPECT_EQ(pointers(desk.draft(wanted, registrant, Book::noon("2026-05-11"))), std::vector<std::string>{"/effective"})
      << "the item is settled for a later day";
  wanted["effective"] = "2026-05-10";
  EXPECT_TRUE(desk.draft(wanted, registrant, Book::noon("2026-05-11")).ok());
}

TEST_F(Desk, AReasonIsACleanText) {
  Json wanted = request(kNewUrl);
  for (const std::string& text :
       {std::string("右から\xE2\x80\xAE左"), std::string("鈴\x07"), std::string("\xEF\xBF\xBE"),
        std::string(kMaxTextBytes + 1, 'x'), std::string("　")}) {
    wanted["reason"]["ja"] = text;
    EXPECT_EQ(pointers(desk.draft(wanted, registrant, Book::noon("2026-05-01"))), std::vector<std::string>{"/reason"});
  }
}

TEST_F(Desk, IsTheOperatorsToDecide) {
  const Filing draft = drafted(kNewUrl);
  ASSERT_TRUE(submit(draft.id, "k1").ok());
  for (const Role role : {Role::registrant, Role::committee, Role::ministries}) {
    Actor other;
    other.role = role;
    const auto refused = desk.decide(draft.id, Ruling{true, Article{"14.2"}, "x"}, other, Book::noon("2026-05-02"));
    EXPECT_EQ(refused.errors().front().code, Code::forbidden);
  }
  const Ruling odd{true, Article{"99.9"}, "　"};
  EXPECT_EQ(pointers(desk.decide(draft.id, odd, operating_body, Book::noon("2026-05-02"))),
            (std::vector<std::string>{"/article", "/reason"}));
}

TEST_F(Desk, RefusesAFilingForARemovedService_12_1) {
  const auto late = desk.draft(request(kNewUrl), registrant, Book::noon("2026-05-01"));
  ASSERT_TRUE(late.ok());
  ASSERT_TRUE(submit(late->filing.id, "k1").ok());
  const auto refused = decide(late->filing.id, true, "2027-05-01");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.errors().front().article, "12.1");
  EXPECT_EQ(book.latest(kId).at("state"), "removed");
}

}  // namespace
}  // namespace ismap::registry
