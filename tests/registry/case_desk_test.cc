#include "registry/cases/desk.h"

#include <gtest/gtest.h>

#include "registry/articles.h"
#include "registry/cases/procedure.h"
#include "registry/digest.h"
#include "registry/filings/desk.h"
#include "registry/ledger.h"
#include "registry/rebuild.h"
#include "registry/tables.h"
#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using test::Book;
using test::kId;

class Cases : public ::testing::Test {
 protected:
  Cases() : desk(book.env(), book.registrar()) { book.enter(kId); }

  static Actor as(Role role) {
    Actor actor;
    actor.role = role;
    actor.organisation = "架空の機関";
    return actor;
  }
  static Json incident(const Json& more = Json::object()) {
    Json request{{"procedure", "incident"},   {"service", kId},           {"step", "judged"},
                 {"article", "13.1(2)"},      {"known_on", "2026-05-07"}, {"summary", {{"ja", "担当は架空花子"}}},
                 {"reason", {{"ja", "理由"}}}};
    request.update(more);
    return request;
  }
  Json opened(const Json& request, Role role = Role::operator_, const std::string& day = "2026-05-07") {
    const auto answer = desk.open(request, as(role), Book::noon(day));
    if (!answer.ok()) throw std::runtime_error(answer.errors().front().en);
    return answer->answer;
  }
  static std::vector<std::string> pointers(const Result<CaseAnswer>& refused) {
    std::vector<std::string> all;
    for (const Error& e : refused.ok() ? Errors{} : refused.errors()) all.push_back(e.pointer);
    return all;
  }
  static RequestKey key(const std::string& text, const Json& body) {
    return {"架空の機関", "POST /v1/cases", text, sha256(canonical(body))};
  }
  /// A 2-11 that was received.
  std::string received_filing(const Json& changes, const std::string& day) {
    FilingDesk filings(book.env(), book.registrar());
    const Json request{{"form", "2-11"}, {"service", kId}, {"changes", changes}, {"reason", {{"ja", "変更"}}}};
    const Filing draft = filings.draft(request, as(Role::registrant), Book::noon(day)).value().filing;
    const RequestKey once{"架空の機関", "submit", draft.id.value(), sha256(draft.id.value())};
    const auto sign = [](const Filing&) { return std::string("receipt"); };
    EXPECT_TRUE(filings.submit(draft.id, as(Role::registrant), once, sign, Book::noon(day)).ok());
    return draft.id.value();
  }

  Book book;
  CaseDesk desk;
};

TEST_F(Cases, AnswerAsTheirPartiesSeeThem) {
  const Json view = opened(incident());
  EXPECT_EQ(view.at("id"), "C000000001");
  EXPECT_EQ(view.at("state"), "open");
  EXPECT_EQ(view.at("ended"), nullptr);
  EXPECT_EQ(view.at("incident").at("known_on"), "2026-05-07");
  EXPECT_EQ(view.at("next"), Json::array({"registrant"}));
  const Json& step = view.at("steps").at(0);
  EXPECT_EQ(step.at("summary").at("ja"), "担当は架空花子");
  EXPECT_EQ(step.at("reason").at("ja"), "理由");
  EXPECT_EQ(step.at("told"), false) << "the operator's own step, no notice";
  EXPECT_EQ(view.at("deadlines").at(0).at("due"), "2026-05-12");
  EXPECT_EQ(desk.get(CaseId{"C000000001"}, Book::day("2026-05-07")).value(), view);
  EXPECT_EQ(desk.get(CaseId{"C000000002"}, Book::day("2026-05-07")).errors().front().code, Code::not_found);
}

TEST_F(Cases, NameEveryMistakeAtOnce) {
  const auto refused = desk.open(incident({{"known_on", "7 May"},
                                           {"colour", "red"},
                                           {"reason", "  "},
                                           {"basis", {{"channel", "x"}}},
                                           {"links", {{"a", 1}}},
                                           {"summary", 7},
                                           {"incident_estimated", "yes"},
                                           {"on", "2026-05-08"}}),
                                 as(Role::operator_), Book::noon("2026-05-07"));
  EXPECT_EQ(pointers(refused), (std::vector<std::string>{"/basis", "/on", "/reason", "/links", "/known_on",
                                                         "/incident_estimated", "/summary", "/colour"}));
  EXPECT_EQ(pointers(desk.open(Json::array(), as(Role::operator_), Book::noon("2026-05-07"))),
            std::vector<std::string>{""});
  EXPECT_EQ(pointers(desk.open(Json::object(), as(Role::operator_), Book::noon("2026-05-07"))),
            (std::vector<std::string>{"/procedure", "/service"}));
}

TEST_F(Cases, AnswerARepeatedRequestTheSame) {
  const Json body = incident();
  const auto first = desk.open(body, as(Role::operator_), Book::noon("2026-05-07"), key("k", body)).value();
  const auto again = desk.open(body, as(Role::operator_), Book::noon("2026-05-09"), key("k", body)).value();
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.answer, first.answer);
  const Json other = incident({{"known_on", "2026-05-06"}});
  const auto refused = desk.open(other, as(Role::operator_), Book::noon("2026-05-09"), key("k", other));
  EXPECT_EQ(refused.errors().front().code, Code::invalid);
  EXPECT_EQ(desk.list({}, Book::day("2026-05-09")).value().at("items").size(), 1U);
}

TEST_F(Cases, AreListedByServiceProcedureAndState) {
  book.enter("L26-0002");
  opened(incident());
  opened(incident({{"service", "L26-0002"}}));
  const Json monitoring{{"procedure", "monitoring"}, {"service", kId},    {"step", "cause"},
                        {"article", "15.1(2)"},      {"matters", "苦情"}, {"reason", {{"ja", "理由"}}}};
  opened(monitoring);
  const auto ids = [&](const CaseFilter& filter) {
    std::string all;
    const Json answer = desk.list(filter, Book::day("2026-05-08")).value();
    for (const Json& item : answer.at("items")) {
      all += item.at("id").get<std::string>().substr(9) + " ";
    }
    return all;
  };
  EXPECT_EQ(ids({}), "1 2 3 ");
  EXPECT_EQ(ids({.services = {ServiceId{kId}}}), "1 3 ");
  EXPECT_EQ(ids({.procedure = Procedure::monitoring}), "3 ");
  EXPECT_EQ(ids({.open = false}), "");
  EXPECT_EQ(ids({.open = true}), "1 2 3 ");
  EXPECT_EQ(ids({.after = CaseId{"C000000001"}, .limit = 1}), "2 ");
  EXPECT_EQ(desk.list({.limit = 2}, Book::day("2026-05-08")).value().at("next"), "C000000002");
  EXPECT_EQ(desk.list({}, Book::day("2026-05-08")).value().at("next"), nullptr);
}

TEST_F(Cases, DeadlinesAreFilteredAndSorted) {
  book.enter("L26-0002");
  opened(incident());
  const auto articles = [&](const DeadlineFilter& filter, const std::string& day) {
    std::string all;
    const std::vector<Deadline> due = desk.deadlines(filter, Book::day(day)).value();
    for (const Deadline& d : due) all += d.article + " ";
    return all;
  };
  EXPECT_EQ(articles({}, "2026-05-08"), "13.2 13.3 5.3 5.3 12.1 12.1 ");
  EXPECT_EQ(articles({.services = {ServiceId{"L26-0002"}}}, "2026-05-08"), "5.3 12.1 ");
  EXPECT_EQ(articles({.overdue_only = true}, "2026-05-12"), "");
  EXPECT_EQ(articles({.overdue_only = true}, "2026-05-13"), "13.2 ");
  EXPECT_EQ(articles({.who = Role::committee}, "2026-05-13"), "");
}

TEST_F(Cases, TextsStandApartAndAreDestroyedOnTheRecord) {
  opened(incident());
  const auto destroy = [&](Role role, std::uint64_t step, const std::string& ground) {
    return desk.destroy_texts(CaseId{"C000000001"}, step, as(role), ground, "保存期間の満了", Book::noon("2031-05-07"));
  };
  EXPECT_EQ(destroy(Role::registrant, 1, "法").errors().front().code, Code::forbidden);
  EXPECT_EQ(destroy(Role::operator_, 1, " ").errors().front().pointer, "/ground");
  EXPECT_EQ(destroy(Role::operator_, 2, "法").errors().front().code, Code::not_found);
  ASSERT_TRUE(destroy(Role::operator_, 1, "公文書管理法 8").ok());
  EXPECT_EQ(destroy(Role::operator_, 1, "公文書管理法 8").errors().front().code, Code::conflict);
  const Json step = desk.get(CaseId{"C000000001"}, Book::day("2026-05-08")).value().at("steps").at(0);
  EXPECT_EQ(step.at("texts_destroyed"), true);
  EXPECT_FALSE(step.contains("summary"));
  EXPECT_EQ(step.at("known_on"), "2026-05-07") << "what is due still follows";
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST_F(Cases, AreMadeAnewFromTheLedgerAndMissedWhenTheyDiffer) {
  opened(incident());
  const auto in = [&](auto f) { ASSERT_TRUE(book.env().write(f).ok()); };
  in([](lmdb::WriteTxn& txn) -> Result<Done> {
    txn.put(tables::kCases, "C000000001", "{}");
    txn.erase(tables::kOpenCases, "C000000001");
    return Done{};
  });
  EXPECT_EQ(book.fsck().size(), 3U);
  in([](lmdb::WriteTxn& txn) { return rebuild_tables(txn); });
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
  EXPECT_EQ(desk.get(CaseId{"C000000001"}, Book::day("2026-05-08")).value().at("steps").size(), 1U);
}

TEST_F(Cases, AFilingIsTheStepOfItsForm_14_2) {
  const std::string filing = received_filing({{"url", "https://a.example.jp/"}}, "2026-05-10");
  const Json notified{{"procedure", "notification"}, {"service", kId}, {"step", "notified"}, {"article", "14.2"}};
  const auto open = [&](const Json& more) {
    Json request = notified;
    request.update(more);
    return desk.open(request, as(Role::registrant), Book::noon("2026-05-10"));
  };
  EXPECT_EQ(pointers(open({{"basis", {{"filing", "F000000009"}}}})), std::vector<std::string>{"/basis/filing"});
  EXPECT_EQ(pointers(open({{"article", "14.1"}, {"basis", {{"filing", filing}}}})),
            std::vector<std::string>{"/basis/filing"})
      << "a 2-11 is no 2-10";
  const auto made = open({{"basis", {{"filing", filing}}}});
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->answer.at("steps").at(0).at("filing"), filing);
  EXPECT_EQ(made->answer.at("steps").at(0).at("form"), "2-11");
}

TEST_F(Cases, ALiftThatNamesTheFilingOfAnotherEventIsAsked_14_4) {
  const auto suspend = [&] {
    return book.act(Book::command(kId, Suspend{}, "14.3"), "2026-05-09").value().seqs.front();
  };
  const Seq first = suspend();
  const Seq second = suspend();
  const std::string filing = received_filing({{"url", "https://a.example.jp/"}}, "2026-05-10");
  const Json items = desk.list({.procedure = Procedure::notification}, Book::day("2026-05-10")).value().at("items");
  ASSERT_EQ(items.size(), 2U);
  const Json notified{{"step", "notified"}, {"article", "14.2"}, {"basis", {{"filing", filing}}}};
  ASSERT_TRUE(desk.step(CaseId{items.at(1).at("id")}, notified, as(Role::registrant), Book::noon("2026-05-10")).ok());
  const auto lift = [&](Seq opening) {
    Command c = Book::command(kId, Reinstate{opening}, "14.4");
    c.basis = Json{{"filing", filing}};
    return book.act(c, "2026-05-11");
  };
  const auto refused = lift(first);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.errors().front().pointer, "/basis/filing");
  EXPECT_EQ(refused.errors().front().article, "14.4");
  EXPECT_TRUE(lift(second).ok());
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST_F(Cases, AnAcceptedFilingHasItsCase_14_2) {
  const std::string filing = received_filing({{"url", "https://a.example.jp/"}}, "2026-05-10");
  FilingDesk filings(book.env(), book.registrar());
  const Ruling accept{true, Article{"14.2"}, "確認した"};
  ASSERT_TRUE(filings.decide(FilingId{filing}, accept, as(Role::operator_), Book::noon("2026-05-11")).ok());
  const Json one = desk.get(CaseId{"C000000001"}, Book::day("2026-05-11")).value();
  EXPECT_EQ(one.at("procedure"), "notification");
  EXPECT_EQ(one.at("state"), "closed");
  EXPECT_EQ(one.at("steps").at(0).at("filing"), filing);
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST_F(Cases, ADemandWithoutADayWaitsForThatOf13_2WithTheHolidaysOfTheFolder_13_5) {
  CaseSettings settings;
  settings.holidays[Book::day("2026-05-12")] = true;
  CaseDesk own(book.env(), book.registrar(), settings);
  ASSERT_TRUE(own.open(incident(), as(Role::operator_), Book::noon("2026-05-07")).ok());
  const Json demand{{"step", "report-demanded"}, {"article", "13.1(2)"}, {"reason", {{"ja", "理由"}}}};
  const auto demanded = own.step(CaseId{"C000000001"}, demand, as(Role::operator_), Book::noon("2026-05-08"));
  ASSERT_TRUE(demanded.ok());
  EXPECT_EQ(demanded->answer.at("steps").at(1).at("awaited_until"), "2026-05-13");
  Command suspend = Book::command(kId, Suspend{}, "13.5");
  suspend.basis = Json{{"case", "C000000001"}, {"step", 2}};
  const auto early = book.act(suspend, "2026-05-13");
  ASSERT_FALSE(early.ok());
  EXPECT_NE(early.errors().front().en.find("possible from 2026-05-14"), std::string::npos);
  EXPECT_TRUE(book.act(suspend, "2026-05-14").ok());
}

TEST_F(Cases, NothingOfThemReachesTheLeaves) {
  opened(incident());
  const Json demand{{"step", "report-demanded"}, {"article", "13.1(2)"}, {"reason", {{"ja", "担当は架空花子"}}}};
  ASSERT_TRUE(desk.step(CaseId{"C000000001"}, demand, as(Role::operator_), Book::noon("2026-05-08")).ok());
  Command suspend = Book::command(kId, Suspend{}, "13.5");
  suspend.reason = "担当は架空花子";
  suspend.basis = Json{{"case", "C000000001"}, {"step", 2}};
  ASSERT_TRUE(book.act(suspend, "2026-05-20").ok());
  for (const Event& event : book.history(kId)) {
    const std::string leaf = to_leaf(event).value().value();
    EXPECT_EQ(leaf.find("架空花子"), std::string::npos);
    EXPECT_EQ(leaf.find("C000000001"), std::string::npos);
  }
}

TEST(Procedures, EachStepIsSoundAndCitesAnArticleOfTheRules) {
  for (const Procedure procedure :
       {Procedure::incident, Procedure::notification, Procedure::monitoring, Procedure::re_audit, Procedure::renewal,
        Procedure::re_application, Procedure::withdrawal, Procedure::removal, Procedure::agencies,
        Procedure::objection}) {
    EXPECT_EQ(procedure_of(name_of(procedure)), procedure);
    bool begins = false;
    for (const StepRule& rule : steps_of(procedure)) {
      const std::string where = std::string(name_of(procedure)) + " " + std::string(rule.name);
      EXPECT_TRUE(is_article(rule.article)) << where << " " << rule.article;
      EXPECT_EQ(find_rule(procedure, rule.name, rule.article), &rule) << where << ": one row a name and article";
      begins = begins || rule.opens;
      for (const DueRule& due : rule.dues) {
        EXPECT_TRUE(is_article(due.article)) << where << " " << due.article;
        EXPECT_FALSE(due.ja.empty() || due.en.empty()) << where;
      }
      EXPECT_TRUE(!rule.act || rule.fields.empty()) << where << ": an act has its own fields";
    }
    EXPECT_TRUE(begins) << name_of(procedure);
  }
}

TEST(Procedures, NamesOfEarlierStepsAndAnswersAreSteps) {
  for (const Procedure procedure :
       {Procedure::incident, Procedure::notification, Procedure::monitoring, Procedure::re_audit, Procedure::renewal,
        Procedure::withdrawal, Procedure::removal, Procedure::agencies, Procedure::objection}) {
    const auto known = [&](std::string_view names) {
      std::size_t found = 0;
      std::size_t asked = 1;
      for (const char c : names) asked += c == '|' ? 1U : 0U;
      for (std::string_view rest = names; !rest.empty();) {
        const std::string_view one = rest.substr(0, rest.find('|'));
        Step step;
        bool there = one == "corrected";
        for (const StepRule& rule : steps_of(procedure)) {
          step.name = std::string(rule.name);
          step.article = Article{std::string(rule.article)};
          there = there || is_among(step, one);
        }
        found += there ? 1U : 0U;
        rest.remove_prefix(std::min(rest.size(), one.size() + 1));
      }
      return names.empty() || found == asked;
    };
    for (const StepRule& rule : steps_of(procedure)) {
      EXPECT_TRUE(known(rule.after)) << rule.name << ": " << rule.after;
      for (const DueRule& due : rule.dues) {
        EXPECT_TRUE(known(due.answered_by)) << due.en << ": " << due.answered_by;
        EXPECT_TRUE(known(due.demanded_by)) << due.en;
      }
    }
  }
}

}  // namespace
}  // namespace ismap::registry
