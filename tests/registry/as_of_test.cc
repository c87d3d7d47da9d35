#include "registry/as_of.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/book.h"
#include "tests/support/slow_twin.h"

namespace ismap::registry {
namespace {

using test::Book;
using test::flatten;
using test::kId;
using test::slow_state_as_of;

/// Random acts on one service over a year: some late, some corrections, all by the rules.
class RandomLife {
 public:
  explicit RandomLife(unsigned seed) : random_(seed) { book_.enter(kId); }

  void live(int steps) {
    for (int i = 0; i < steps; ++i) {
      today_ = today_.plus(pick(12));
      (void)book_.act(some_command(), today_.iso());  // a refusal is part of life
    }
  }

  Book& book() { return book_; }
  [[nodiscard]] Day today() const { return today_; }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  Json text() { return Json{{"ja", "文" + std::to_string(pick(1000))}}; }

  Json some_items() {
    switch (pick(6)) {
      case 0:
        return Json{{"url", "https://u" + std::to_string(pick(100)) + ".example.jp/"}};
      case 1:
        return Json{{"remarks", pick(2) == 0 ? Json(nullptr) : text()}};
      case 2:
        return Json{{"name", {{"en", pick(2) == 0 ? Json(nullptr) : Json("N" + std::to_string(pick(100)))}}}};
      case 3:
        return Json{{"provider", {{"address", text()}}}};
      case 4:
        return Json{{"scope", {{"regions", Json::array({text(), text()})}}}};
      default:
        return Json{{"improvement_plan", pick(2) == 0}, {"subsequent_events", text()}};
    }
  }

  Command some_command() {
    Command c = Book::command(kId, ChangeItems{some_items()}, "14.2");
    switch (pick(11)) {
      case 0:
        c = Book::command(kId, UpdateUsage{static_cast<std::uint32_t>(pick(50))}, "11.5(13)");
        break;
      case 1:
      case 2:
      case 3: {
        const auto history = book_.history(kId);
        const Event& target = history[static_cast<std::size_t>(pick(static_cast<int>(history.size())))];
        c = Book::command(kId, Correct{target.seq, some_items()}, "");
        break;
      }
      case 4:
        return hand_over();
      case 8:
      case 9:
        return flag();
      case 10:
        return false_premise();
      case 5:
        return pick(2) == 0 ? Book::command(kId, FileRenewal{}, "12.1")
                            : Book::command(kId, CloseRenewal{RenewalResult::withdrawn}, "");
      default:
        break;
    }
    if (pick(3) == 0) c.effective = today_.plus(-pick(60));
    return c;
  }

  /// One of the openings in an array of the record, open or not; none when it is empty.
  std::optional<Seq> some_opening(const char* array) {
    const Json intervals = book_.latest(kId).at(array);
    if (intervals.empty()) return std::nullopt;
    const Json& one = intervals.at(static_cast<std::size_t>(pick(static_cast<int>(intervals.size()))));
    return Seq{one.at("opening").get<std::uint64_t>()};
  }

  Command by_committee(Doing doing, const std::string& article) {
    Command c = Book::command(kId, std::move(doing), article);
    c.actor.role = Role::committee;
    return c;
  }

  /// Chapters 13, 14 and 16: flags are raised, and some of them taken down.
  Command flag() {
    switch (pick(7)) {
      case 0:
        return Book::command(kId, Suspend{}, "14.3");
      case 1:
        return by_committee(Suspend{{today_.plus(-3), false, std::nullopt}, Text{"条件", std::nullopt}}, "13.7");
      case 2:
        return Book::command(kId, StartReAudit{Text{"箇所", std::nullopt}, today_}, "16.1");
      case 3:
        return Book::command(kId, EndReAudit{some_opening("re_audits"), ReAuditResult::confirmed}, "16.3");
      case 4:
        return by_committee(Reinstate{some_opening("suspensions")}, "13.10");
      default: {
        Command lift = Book::command(kId, Reinstate{some_opening("suspensions")}, "14.4");
        if (pick(2) == 0) lift.effective = today_.plus(-pick(10));
        return lift;
      }
    }
  }

  /// A suspension that should not have been: struck, whether lifted since or not.
  Command false_premise() {
    const auto opening = some_opening("suspensions");
    if (!opening) return flag();
    Json rest = Json::array();
    const Json latest = book_.latest(kId);  // the loop must not outlive it
    for (const Json& suspension : latest.at("suspensions")) {
      if (suspension.at("opening") != opening->value()) rest.push_back(suspension);
    }
    Command c = Book::command(kId, Correct{*opening, Json{{"suspensions", rest}}}, "");
    c.actor.role = pick(2) == 0 ? Role::operator_ : Role::committee;
    return c;
  }

  Command hand_over() {
    Command c = pick(2) == 0 ? Book::command(kId, Suspend{}, "14.3") : Book::command(kId, StartReAudit{}, "16.1");
    c.at_hand_over = true;
    c.effective = today_.plus(-pick(30));
    return c;
  }

  Book book_;
  std::mt19937 random_;
  Day today_ = Book::day("2026-04-01");
};

TEST(AsOf, AgreesWithTheSlowTwinOnRandomHistoriesWithLateAndCorrectedEvents) {
  std::size_t late = 0;
  std::size_t corrected = 0;
  std::size_t lifted = 0;
  for (unsigned seed = 0; seed < 12; ++seed) {
    RandomLife life(seed);
    life.live(60);
    const auto history = life.book().history(kId);
    for (std::size_t i = 1; i < history.size(); ++i) {
      if (history[i].effective < history[i - 1].effective) ++late;
      if (history[i].kind == EventKind::corrected) ++corrected;
      if (history[i].kind == EventKind::reinstated || history[i].kind == EventKind::re_audit_ended) ++lifted;
    }
    for (int k = 0; k < 400; k += 37) {
      const Instant known_at = Book::noon(Book::day("2026-04-01").plus(k).iso());
      for (Day day = Book::day("2026-03-30"); day <= life.today(); day = day.plus(17)) {
        ASSERT_EQ(flatten(state_as_of(history, day, known_at)), slow_state_as_of(history, day, known_at))
            << "seed " << seed << " on " << day.iso() << " known at " << known_at.iso();
      }
    }
    ASSERT_EQ(life.book().fsck(), std::vector<std::string>{}) << "seed " << seed;
  }
  EXPECT_GT(late, 30U) << "the histories must have late events";
  EXPECT_GT(corrected, 30U) << "the histories must have corrections";
  EXPECT_GT(lifted, 30U) << "the histories must have flags that were taken down";
}

TEST(AsOf, NothingHoldsBeforeTheFirstDayOrBeforeItWasKnown) {
  Book book;
  book.enter(kId);
  const auto history = book.history(kId);
  EXPECT_TRUE(state_as_of(history, Book::day("2026-03-31"), Book::noon("2026-04-02")).is_null());
  EXPECT_FALSE(state_as_of(history, Book::day("2026-04-01"), Book::noon("2026-04-02")).is_null());
  EXPECT_TRUE(state_as_of(history, Book::day("2026-04-01"), Book::noon("2026-03-31")).is_null());
}

TEST(AsOf, AChangeToAStruckIntervalIsIgnored) {
  Book book;
  book.enter(kId);
  Command suspend = Book::command(kId, Suspend{}, "14.3");
  suspend.at_hand_over = true;
  ASSERT_TRUE(book.act(suspend, "2026-05-10").ok());
  const Seq opening = book.history(kId).back().seq;
  auto history = book.history(kId);
  Event lifted = history.back();
  lifted.kind = EventKind::reinstated;
  lifted.seq = next(opening);
  lifted.effective = Book::day("2026-05-20");
  lifted.record["suspensions"][0]["lifted"] = Json{{"article", "14.4"}, {"on", "2026-05-20"}};
  history.push_back(lifted);
  Event correction = lifted;
  correction.kind = EventKind::corrected;
  correction.seq = next(lifted.seq);
  correction.corrects = opening;
  correction.effective = Book::day("2026-05-10");
  correction.changes = Json{{"suspensions", Json::array()}};
  correction.record["suspensions"] = Json::array();
  history.push_back(correction);
  EXPECT_EQ(state_as_of(history, Book::day("2026-05-30"), Book::noon("2027-01-01")).at("suspensions"), Json::array());
}

TEST(AsOf, ShowsPartOfDayForAnIntervalOpenedAndClosedOnOneDay) {
  Json record = Book::record(kId);
  record["suspensions"] = Json::array({{{"opening", 4},
                                        {"article", "14.3"},
                                        {"since", "2026-05-10"},
                                        {"lifted", {{"article", "14.4"}, {"on", "2026-05-10"}}}}});
  EXPECT_EQ(part_of_day(record, Book::day("2026-05-10")).size(), 1U);
  EXPECT_TRUE(part_of_day(record, Book::day("2026-05-11")).empty());
}

}  // namespace
}  // namespace ismap::registry
