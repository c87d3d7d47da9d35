#include "registry/registrar.h"

#include <gtest/gtest.h>

#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using test::Book;
using test::kId;

/// The first error of a refusal; fails the test when there is none.
template <class T>
Error refused(const Result<T>& result) {
  EXPECT_FALSE(result.ok());
  return result.ok() ? Error{} : result.errors().front();
}

TEST(Register, EntersTheServiceFromItsDay_11_1) {
  Book book;
  book.enter(kId);
  const auto history = book.history(kId);
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0].kind, EventKind::registered);
  EXPECT_EQ(history[0].article, Article{"11.1"});
  EXPECT_EQ(history[0].effective.iso(), "2026-04-01");
  EXPECT_EQ(history[0].rules, "2024-03-01");
  EXPECT_EQ(history[0].prev, std::nullopt);
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST(Register, RefusesANumberInUse_11_1) {
  Book book;
  book.enter(kId);
  const Service again = parse_service(Book::record(kId)).value();
  const auto error = refused(book.act(Book::command(kId, RegisterService{again}, "11.1"), "2026-04-02"));
  EXPECT_EQ(error.code, Code::conflict);
  EXPECT_EQ(error.article, "11.1");
  EXPECT_EQ(book.size(), 2U);
}

TEST(Register, RefusesAFutureDay) {
  Book book;
  const Service service = parse_service(Book::record(kId)).value();
  const auto error = refused(book.act(Book::command(kId, RegisterService{service}, "11.1"), "2026-03-31"));
  EXPECT_EQ(error.pointer, "/record/registered_on");
}

TEST(Permission, BelongsToTheRoleOfTheArticleBothWays) {
  Book book;
  book.enter(kId);
  Command usage = Book::command(kId, UpdateUsage{9}, "11.5(13)");
  usage.actor.role = Role::committee;
  EXPECT_EQ(refused(book.act(usage, "2026-05-01")).code, Code::forbidden);
  EXPECT_EQ(refused(book.act(Book::command(kId, UpdateUsage{9}, "14.2"), "2026-05-01")).code, Code::invalid);
  EXPECT_EQ(may(Role::operator_, Act::suspend, Article{"13.7"}).errors().front().code, Code::forbidden);
  EXPECT_EQ(may(Role::committee, Act::suspend, Article{"14.3"}).errors().front().code, Code::forbidden);
  EXPECT_TRUE(may(Role::committee, Act::suspend, Article{"13.7"}).ok());
}

TEST(Usage, UpdatesTheNumberOfAgencies_11_5_13) {
  Book book;
  book.enter(kId);
  ASSERT_TRUE(book.act(Book::command(kId, UpdateUsage{9}, "11.5(13)"), "2026-05-01").ok());
  EXPECT_EQ(book.latest(kId).at("agencies_using"), 9);
  EXPECT_EQ(book.history(kId).back().kind, EventKind::usage_updated);
  EXPECT_EQ(refused(book.act(Book::command(kId, UpdateUsage{9}, "11.5(13)"), "2026-05-02")).code, Code::conflict);
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST(Change, ChangesExactlyTheNamedItems_14_2) {
  Book book;
  book.enter(kId);
  const Json before = book.latest(kId);
  const Json changes{{"url", "https://new.example.jp/"}, {"provider", {{"address", {{"ja", "大阪府"}}}}}};
  ASSERT_TRUE(book.act(Book::command(kId, ChangeItems{changes}, "14.2"), "2026-05-01").ok());
  Json expected = before;
  expected["url"] = "https://new.example.jp/";
  expected["provider"]["address"]["ja"] = "大阪府";
  EXPECT_EQ(book.latest(kId), expected);
}

TEST(Change, ANewCorporateNumberIsASuccessionToLookAt_11_5_3) {
  Book book;
  book.enter(kId);
  const auto change = [&](const Json& changes, const char* day) {
    const auto acted = book.act(Book::command(kId, ChangeItems{changes}, "14.2"), day);
    EXPECT_TRUE(acted.ok());
    return acted.ok() ? acted->notices : Errors{};
  };
  EXPECT_TRUE(change({{"provider", {{"address", {{"ja", "大阪府"}}}}}}, "2026-05-01").empty());
  const Errors notices = change({{"provider", {{"corporate_number", "4011001098993"}}}}, "2026-05-02");
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices.front().pointer, "/changes/provider/corporate_number");
  EXPECT_EQ(notices.front().article, "11.5(3)");
  EXPECT_EQ(book.latest(kId).at("provider").at("corporate_number"), "4011001098993");
}

TEST(Change, NamesEveryItemThatItMayNotTouch) {
  Book book;
  book.enter(kId);
  const Json changes{
      {"registered_on", "2026-03-01"}, {"expires_on", "2028-01-01"}, {"state", "removed"}, {"url", "ftp://x"}};
  const auto result = book.act(Book::command(kId, ChangeItems{changes}, "14.2"), "2026-05-01");
  ASSERT_FALSE(result.ok());
  std::vector<std::string> pointers;
  for (const Error& e : result.errors()) pointers.push_back(e.pointer);
  for (const char* p : {"/registered_on", "/expires_on", "/state", "/url"}) {
    EXPECT_NE(std::find(pointers.begin(), pointers.end(), p), pointers.end()) << p;
  }
}

TEST(Change, EnglishIsTakenAwayByNull) {
  Book book;
  book.enter(kId);
  ASSERT_TRUE(book.latest(kId).at("name").contains("en"));
  const Json changes{{"name", {{"en", nullptr}}}};
  ASSERT_TRUE(book.act(Book::command(kId, ChangeItems{changes}, "14.2"), "2026-05-01").ok());
  EXPECT_FALSE(book.latest(kId).at("name").contains("en"));
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST(Change, BeforeALaterRecordedDayOfTheSameItemIsAConflict) {
  Book book;
  book.enter(kId);
  ASSERT_TRUE(
      book.act(Book::command(kId, ChangeItems{Json{{"url", "https://b.example.jp/"}}}, "14.2"), "2026-05-10").ok());
  Command late = Book::command(kId, ChangeItems{Json{{"url", "https://a.example.jp/"}}}, "14.2");
  late.effective = Book::day("2026-05-09");
  EXPECT_EQ(refused(book.act(late, "2026-05-11")).code, Code::conflict);
  late.effective = Book::day("2026-05-10");
  EXPECT_TRUE(book.act(late, "2026-05-11").ok()) << "the same day is settled by order";
  Command other = Book::command(kId, ChangeItems{Json{{"remarks", {{"ja", "別の項目"}}}}}, "14.2");
  other.effective = Book::day("2026-05-09");
  EXPECT_TRUE(book.act(other, "2026-05-11").ok()) << "another item may be late";
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST(Renewal, NeedsAnApplicationAndMovesTheExpiry_11_2) {
  Book book;
  book.enter(kId);
  const Json items{{"expires_on", "2028-04-30"}, {"audit_period", {{"from", "2026-01-01"}, {"to", "2026-12-31"}}}};
  EXPECT_EQ(refused(book.act(Book::command(kId, Renew{items}, "11.2"), "2027-03-01")).article, "12.1");
  ASSERT_TRUE(book.act(Book::command(kId, FileRenewal{}, "12.1"), "2027-04-30").ok());
  ASSERT_TRUE(book.act(Book::command(kId, Renew{items}, "11.2"), "2027-06-01").ok());
  const Service service = parse_service(book.latest(kId)).value();
  EXPECT_EQ(service.items.expires_on.iso(), "2028-04-30");
  EXPECT_EQ(service.items.registered_on.iso(), "2026-04-01");
  ASSERT_EQ(service.renewals.size(), 1U);
  EXPECT_EQ(service.renewals[0].decided->result, RenewalResult::renewed);
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST(Renewal, FiledTheDayAfterTheExpiryIsTooLate_12_1) {
  Book book;
  book.enter(kId);
  EXPECT_EQ(refused(book.act(Book::command(kId, FileRenewal{}, "12.1"), "2027-05-01")).article, "12.1");
  EXPECT_EQ(book.latest(kId).at("state"), "removed") << "the removal stands though the act was refused";
}

TEST(Lapse, RemovesTheDayAfterTheExpiryExactlyOnce_12_1) {
  Book book;
  book.enter(kId);
  EXPECT_TRUE(book.registrar().remove_expired(Book::noon("2027-04-30")).value().seqs.empty());
  EXPECT_EQ(book.registrar().remove_expired(Book::noon("2027-05-08")).value().seqs.size(), 1U);
  EXPECT_TRUE(book.registrar().remove_expired(Book::noon("2027-05-08")).value().seqs.empty());
  const Event last = book.history(kId).back();
  EXPECT_EQ(last.kind, EventKind::removed);
  EXPECT_EQ(last.effective.iso(), "2027-05-01");
  EXPECT_EQ(last.record.at("removal"), (Json{{"article", "12.1"}, {"on", "2027-05-01"}}));
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST(Lapse, WaitsWhileARenewalIsUndecided_12_1) {
  Book book;
  book.enter(kId);
  ASSERT_TRUE(book.act(Book::command(kId, FileRenewal{}, "12.1"), "2027-04-30").ok());
  EXPECT_TRUE(book.registrar().remove_expired(Book::noon("2029-01-01")).value().seqs.empty());
  EXPECT_TRUE(valid_on(parse_service(book.latest(kId)).value(), Book::day("2028-01-01")));
}

TEST(Lapse, RunsAgainAfterAWithdrawalBeforeTheExpiry_9_6) {
  Book book;
  book.enter(kId);
  ASSERT_TRUE(book.act(Book::command(kId, FileRenewal{}, "12.1"), "2027-04-01").ok());
  ASSERT_TRUE(book.act(Book::command(kId, CloseRenewal{RenewalResult::withdrawn}, ""), "2027-04-30").ok());
  EXPECT_EQ(book.registrar().remove_expired(Book::noon("2027-05-01")).value().seqs.size(), 1U);
}

TEST(Lapse, IsTheCommitteesWhenTheApplicationEndsPastTheExpiry_18_2_1) {
  Book book;
  book.enter(kId);
  ASSERT_TRUE(book.act(Book::command(kId, FileRenewal{}, "12.1"), "2027-04-01").ok());
  ASSERT_TRUE(book.act(Book::command(kId, CloseRenewal{RenewalResult::not_accepted}, "9.6"), "2027-05-02").ok());
  EXPECT_TRUE(book.registrar().remove_expired(Book::noon("2027-06-01")).value().seqs.empty());
  const Service service = parse_service(book.latest(kId)).value();
  EXPECT_FALSE(valid_on(service, Book::day("2027-05-03")));
  EXPECT_EQ(service.state, State::registered);
}

TEST(Dismissal, ClosesTheApplicationAndRemovesInOneTransaction_18_2_3) {
  Book book;
  book.enter(kId);
  ASSERT_TRUE(book.act(Book::command(kId, FileRenewal{}, "12.1"), "2026-12-01").ok());
  Command dismissal = Book::command(kId, CloseRenewal{RenewalResult::dismissed}, "18.2(3)");
  EXPECT_EQ(refused(book.act(dismissal, "2027-01-10")).code, Code::forbidden);
  dismissal.actor.role = Role::committee;
  ASSERT_TRUE(book.act(dismissal, "2027-01-10").ok());
  const auto history = book.history(kId);
  const Event& closed = history[history.size() - 2];
  EXPECT_EQ(closed.kind, EventKind::renewal_closed);
  EXPECT_EQ(history.back().kind, EventKind::removed);
  EXPECT_EQ(closed.recorded_at, history.back().recorded_at);
  EXPECT_EQ(history.back().record.at("removal").at("on"), "2027-01-10");
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST(Correction, StandsInThePlaceOfTheCorrectedEvent) {
  Book book;
  book.enter(kId);
  const Seq first = book.history(kId).front().seq;
  ASSERT_TRUE(
      book.act(Book::command(kId, ChangeItems{Json{{"url", "https://b.example.jp/"}}}, "14.2"), "2026-05-10").ok());
  const Json changes{{"url", "https://a.example.jp/"}, {"remarks", {{"ja", "訂正"}}}};
  ASSERT_TRUE(book.act(Book::command(kId, Correct{first, changes}, ""), "2026-06-01").ok());
  const auto history = book.history(kId);
  EXPECT_EQ(history.back().record.at("url"), "https://b.example.jp/") << "the later fact stays";
  EXPECT_EQ(history.back().record.at("remarks").at("ja"), "訂正");
  EXPECT_EQ(state_as_of(history, Book::day("2026-05-09"), Book::noon("2026-06-01")).at("url"), "https://a.example.jp/");
  EXPECT_EQ(state_as_of(history, Book::day("2026-05-09"), Book::noon("2026-05-31")).at("url"),
            "https://service.example.jp/");
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST(Correction, NeedsTheRoleOfTheCorrectedAct) {
  Book book;
  book.enter(kId);
  Command correction = Book::command(kId, Correct{book.history(kId).front().seq, Json{{"remarks", {{"ja", "x"}}}}}, "");
  correction.actor.role = Role::committee;
  EXPECT_EQ(refused(book.act(correction, "2026-06-01")).code, Code::forbidden);
}

TEST(Correction, RevivesALapsedServiceWithTheRenewalThatCameInTime_12_1) {
  Book book;
  book.enter(kId);
  ASSERT_EQ(book.registrar().remove_expired(Book::noon("2027-05-08")).value().seqs.size(), 1U);
  const Seq removal = book.history(kId).back().seq;
  const Json changes{{"state", "registered"},
                     {"removal", nullptr},
                     {"renewals", Json::array({{{"filed_on", "2027-04-30"}, {"decided", nullptr}}})}};
  ASSERT_TRUE(book.act(Book::command(kId, Correct{removal, changes}, ""), "2027-05-09").ok());
  const Service service = parse_service(book.latest(kId)).value();
  EXPECT_EQ(service.state, State::registered);
  EXPECT_TRUE(valid_on(service, Book::day("2027-05-09")));
  EXPECT_TRUE(book.registrar().remove_expired(Book::noon("2027-06-01")).value().seqs.empty());
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST(Correction, MayNotReachBeyondTheCorrectedEvent) {
  Book book;
  book.enter(kId);
  ASSERT_TRUE(book.act(Book::command(kId, UpdateUsage{9}, "11.5(13)"), "2026-05-01").ok());
  const Seq usage = book.history(kId).back().seq;
  const auto error =
      refused(book.act(Book::command(kId, Correct{usage, Json{{"url", "https://x.example.jp/"}}}, ""), "2026-05-02"));
  EXPECT_EQ(error.pointer, "/changes/url");
}

TEST(Correction, ThatChangesNothingIsAConflict) {
  Book book;
  book.enter(kId);
  const Seq first = book.history(kId).front().seq;
  ASSERT_TRUE(book.act(Book::command(kId, UpdateUsage{9}, "11.5(13)"), "2026-05-01").ok());
  const Json present{{"agencies_using", 9}};
  const Seq usage = book.history(kId).back().seq;
  const auto error = refused(book.act(Book::command(kId, Correct{usage, present}, ""), "2026-05-02"));
  EXPECT_EQ(error.code, Code::conflict);
  EXPECT_EQ(error.pointer, "/changes");
  EXPECT_EQ(refused(book.act(Book::command(kId, Correct{usage, Json{{"provider", Json::object()}}}, ""), "2026-05-02"))
                .pointer,
            "/changes/provider");
  EXPECT_EQ(
      refused(book.act(Book::command(kId, Correct{first, Json{{"provider", Json::object()}}}, ""), "2026-05-02")).code,
      Code::conflict);
  ASSERT_TRUE(book.act(Book::command(kId, Correct{first, present}, ""), "2026-05-02").ok())
      << "what holds now is what held from the beginning";
  EXPECT_EQ(state_as_of(book.history(kId), Book::day("2026-04-15"), Book::noon("2026-05-02")).at("agencies_using"), 9);
}

TEST(Correction, OfOneSuspensionLeavesThatOfTheOtherRoleAlone_13_7) {
  Book book;
  book.enter(kId);
  const IncidentStated incident{Book::day("2026-05-01"), false, std::nullopt};
  Command serious = Book::command(kId, Suspend{incident, Text{"非公開", std::nullopt}}, "13.7");
  serious.actor.role = Role::committee;
  ASSERT_TRUE(book.act(serious, "2026-05-10").ok());
  ASSERT_TRUE(book.act(Book::command(kId, Suspend{}, "14.3"), "2026-05-10").ok());
  const Seq own = book.history(kId).back().seq;
  const Json both = book.latest(kId).at("suspensions");
  const auto operators = [&](const Json& suspensions) {
    return book.act(Book::command(kId, Correct{own, Json{{"suspensions", suspensions}}}, ""), "2026-05-11");
  };
  Json lifted = both;
  lifted[0]["lifted"] = {{"article", "13.10"}, {"on", "2026-05-11"}};
  Json turned = both;
  turned[1]["article"] = "13.7";
  EXPECT_EQ(refused(operators(Json::array())).article, "13.7");
  EXPECT_EQ(refused(operators(lifted)).pointer, "/changes/suspensions/0/lifted");
  EXPECT_EQ(refused(operators(turned)).code, Code::forbidden);
  EXPECT_EQ(book.latest(kId).at("suspensions"), both);
  ASSERT_TRUE(operators(Json::array({both[0]})).ok());
  EXPECT_EQ(book.latest(kId).at("suspensions"), Json::array({both[0]}));
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST(Journal, RecordedAtNeverGoesBack) {
  Book book;
  book.enter(kId);
  ASSERT_TRUE(book.act(Book::command(kId, UpdateUsage{9}, "11.5(13)"), "2026-05-02").ok());
  const Json remarks{{"remarks", {{"ja", "時計が戻った"}}}};
  ASSERT_TRUE(book.act(Book::command(kId, ChangeItems{remarks}, "14.2"), "2026-05-01").ok());
  const auto history = book.history(kId);
  EXPECT_EQ(history[1].recorded_at, history[2].recorded_at);
}

TEST(Journal, IsTheSameAfterReopening) {
  Book book;
  book.enter(kId);
  const auto before = to_leaf(book.history(kId).back()).value();
  book.reopen();
  EXPECT_EQ(to_leaf(book.history(kId).back()).value(), before);
}

}  // namespace
}  // namespace ismap::registry
