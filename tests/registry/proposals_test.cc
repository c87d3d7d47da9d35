#include "registry/proposals.h"

#include <gtest/gtest.h>

#include "registry/ledger.h"
#include "registry/proposal_desk.h"
#include "registry/settings.h"
#include "registry/tables.h"
#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using test::Book;
using test::kId;

Actor with_token(const std::string& token) {
  Actor actor;
  actor.organisation = "ISMAP運用支援機関";
  actor.token = token;
  return actor;
}

Actor as_user(std::uint32_t user) {
  Actor actor;
  actor.local_user = user;
  return actor;
}

class Proposals : public ::testing::Test {
 protected:
  Proposals() { book.enter(kId); }

  bool one_person(const Actor& one, const Actor& other) {
    return book.env()
        .read([&](const lmdb::ReadTxn& txn) -> Result<bool> { return proposals::may_be_one_person(txn, one, other); })
        .value();
  }
  /// A token as it is stored where who has it in hand is named.
  void in_hand_of(const std::string& token, const std::string& person, const Json& replaces = nullptr) {
    const Json json{{"id", token}, {"person", person}, {"replaces", replaces}};
    const Result<Done> stored = book.env().write([&](lmdb::WriteTxn& txn) -> Result<Done> {
      txn.put(tables::kTokens, token + std::string(48, '0'), canonical(json));
      return Done{};
    });
    ASSERT_TRUE(stored.ok());
  }

  Book book;
};

TEST_F(Proposals, OnePersonIsToldByUserTokenAndWhoHasItInHand) {
  const Actor one = with_token("1111111111111111");
  const Actor other = with_token("2222222222222222");
  EXPECT_TRUE(one_person(one, one));
  EXPECT_FALSE(one_person(one, other)) << "other tokens, nobody named";
  in_hand_of("1111111111111111", "甲");
  EXPECT_FALSE(one_person(one, other)) << "one is not named";
  in_hand_of("2222222222222222", "甲");
  EXPECT_TRUE(one_person(one, other)) << "two tokens in one hand";
  in_hand_of("2222222222222222", "乙");
  EXPECT_FALSE(one_person(one, other));
  EXPECT_TRUE(one_person(as_user(0), as_user(0)));
  EXPECT_FALSE(one_person(as_user(0), as_user(1000)));
  EXPECT_TRUE(one_person(as_user(0), one)) << "nobody can tell";
  EXPECT_TRUE(one_person(Actor{}, one)) << "neither user nor token";
}

TEST_F(Proposals, WhoRotatesATokenHasBothInHand) {
  const Actor first = with_token("1111111111111111");
  const Actor second = with_token("2222222222222222");
  const Actor third = with_token("3333333333333333");
  in_hand_of("1111111111111111", "");
  in_hand_of("2222222222222222", "", "1111111111111111");
  in_hand_of("3333333333333333", "", "2222222222222222");
  EXPECT_TRUE(one_person(first, second));
  EXPECT_TRUE(one_person(first, third));
  EXPECT_TRUE(one_person(third, second));
  EXPECT_FALSE(one_person(third, with_token("4444444444444444")));
  in_hand_of("1111111111111111", "", "3333333333333333");
  EXPECT_FALSE(one_person(first, with_token("4444444444444444"))) << "a ring ends";
}

TEST_F(Proposals, AStoredOneIsReadBackAsItWas) {
  Proposal p;
  p.id = ProposalId{"P000000007"};
  p.act = "remove";
  p.service = ServiceId{kId};
  p.article = Article{"18.2(5)"};
  p.proposed_by = with_token("1111111111111111");
  p.proposed_at = Book::noon("2026-05-01");
  p.expires_at = Book::noon("2026-05-08");
  p.before = Json{{"removal", nullptr}};
  p.after = Json{{"removal", {{"article", "18.2(5)"}}}};
  p.request = Json{{"act", "remove"}};
  p.ended = Proposal::End{true, as_user(1000), Book::noon("2026-05-02"), {Seq{7}}};
  const auto back = parse_proposal(canonical(to_json(p)));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(to_json(*back), to_json(p));
  EXPECT_EQ(state_of(*back, Book::noon("2030-01-01")), ProposalState::confirmed);
  EXPECT_EQ(view_of(*back, Book::noon("2026-05-02")).dump().find("1111111111111111"), std::string::npos)
      << "which token spoke is for the ledger";
  EXPECT_EQ(parse_proposal("{}").errors().front().code, Code::corrupt);
  EXPECT_EQ(parse_proposal("x").errors().front().code, Code::corrupt);
}

TEST_F(Proposals, ARemovalByAnyNameIsCovered) {
  EXPECT_EQ(four_eyes_of(Act::suspend, Article{"13.5"}), FourEyes::suspend);
  EXPECT_EQ(four_eyes_of(Act::remove, Article{"18.2(1)"}), FourEyes::remove);
  EXPECT_EQ(four_eyes_of(Act::close_renewal, Article{"18.2(3)"}), FourEyes::remove);
  EXPECT_EQ(four_eyes_of(Act::close_renewal, Article{"9.6"}), std::nullopt);
  EXPECT_EQ(four_eyes_of(Act::reinstate, Article{"13.6"}), std::nullopt);
}

TEST_F(Proposals, AnActThatIsTriedLeavesNothingBehind) {
  ProposalDesk desk(book.env(), book.registrar());
  ASSERT_TRUE(
      desk.change_settings(Settings{{FourEyes::suspend}}, as_user(1000), "二者確認とする", Book::noon("2026-05-01"))
          .ok());
  Command suspend = Book::command(kId, Suspend{}, "14.3");
  suspend.actor = with_token("1111111111111111");
  const std::uint64_t before = book.size();
  const auto held = desk.hold_back(suspend, Json{{"act", "suspend"}}, Book::noon("2026-05-01"), std::nullopt);
  ASSERT_TRUE(held.ok());
  ASSERT_TRUE(held->has_value());
  EXPECT_EQ((*held)->proposal.after.at("suspensions").size(), 1U);
  EXPECT_EQ(book.size(), before);
  EXPECT_EQ(book.latest(kId).at("suspensions"), Json::array());
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
  book.reopen();
  ProposalDesk again(book.env(), book.registrar());
  Confirmation second{with_token("2222222222222222"), ""};
  const auto done = again.confirm((*held)->proposal.id, suspend, second, Book::noon("2026-05-02"), std::nullopt);
  ASSERT_TRUE(done.ok()) << done.errors().front().en;
  EXPECT_EQ(book.size(), before + 1);
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST(SettingsText, OnlyWhatIsKnownIsRead) {
  EXPECT_EQ(read_settings(Json{{"four_eyes", {"key", "suspend"}}})->four_eyes,
            (std::set<FourEyes>{FourEyes::suspend, FourEyes::key}));
  for (const char* bad : {"{}", "[]", "null", R"({"four_eyes":"key"})", R"({"four_eyes":["keys"]})",
                          R"({"four_eyes":[1]})", R"({"four_eyes":null})"}) {
    const auto read = read_settings(Json::parse(bad));
    ASSERT_FALSE(read.ok()) << bad;
    EXPECT_EQ(read.errors().front().pointer, "/four_eyes") << bad;
  }
  EXPECT_EQ(read_settings(Json{{"four_eyes", Json::array()}, {"x", 1}}).errors().front().pointer, "/x");
}

}  // namespace
}  // namespace ismap::registry
