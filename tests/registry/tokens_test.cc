#include "registry/tokens.h"

#include <gtest/gtest.h>

#include "registry/ledger.h"
#include "registry/tables.h"
#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using test::Book;

tokens::Request registrant() {
  tokens::Request request;
  request.holder.role = Role::registrant;
  request.holder.organisation = "株式会社架空";
  request.services = {ServiceId{"L26-0001"}};
  request.days = 30;
  return request;
}

class Tokens : public ::testing::Test {
 protected:
  Result<Token> issue(const tokens::Request& request, const std::string& secret) {
    return book.env().write(
        [&](lmdb::WriteTxn& txn) { return tokens::issue(txn, request, secret, Actor{}, Book::noon("2026-05-01")); });
  }
  std::optional<Token> find(const std::string& secret, const std::string& day) {
    return book.env()
        .read([&](const lmdb::ReadTxn& txn) -> Result<std::optional<Token>> {
          return tokens::find(txn, secret, Book::noon(day));
        })
        .value();
  }
  Result<tokens::Rotated> rotate(const TokenId& id, std::chrono::hours overlap, const std::string& secret,
                                 const std::string& day) {
    return book.env().write(
        [&](lmdb::WriteTxn& txn) { return tokens::rotate(txn, id, overlap, secret, Actor{}, Book::noon(day)); });
  }
  Result<Token> get(const TokenId& id) {
    return book.env().read([&](const lmdb::ReadTxn& txn) { return tokens::get(txn, id); });
  }
  Book book;
};

TEST_F(Tokens, HoldUntilTheyExpire) {
  ASSERT_TRUE(issue(registrant(), "secret").ok());
  EXPECT_EQ(find("secret", "2026-05-30")->services.front(), ServiceId{"L26-0001"});
  EXPECT_FALSE(find("secret", "2026-05-31").has_value());
  EXPECT_FALSE(find("Secret", "2026-05-02").has_value());
}

TEST_F(Tokens, EndWhenRevoked) {
  const Token token = issue(registrant(), "secret").value();
  const auto revoked = book.env().write(
      [&](lmdb::WriteTxn& txn) { return tokens::revoke(txn, token.id, Actor{}, Book::noon("2026-05-02")); });
  ASSERT_TRUE(revoked.ok());
  EXPECT_FALSE(find("secret", "2026-05-03").has_value());
  const auto unknown = book.env().write([&](lmdb::WriteTxn& txn) {
    return tokens::revoke(txn, TokenId{"0123456789abcdef"}, Actor{}, Book::noon("2026-05-02"));
  });
  EXPECT_EQ(unknown.errors().front().code, Code::not_found);
}

TEST_F(Tokens, ARotatedOneGoesOnForTheOverlap) {
  const Token old = issue(registrant(), "old").value();
  const tokens::Rotated rotated = rotate(old.id, std::chrono::hours{48}, "new", "2026-05-11").value();
  EXPECT_EQ(rotated.next.holder, old.holder);
  EXPECT_EQ(rotated.next.services, old.services);
  EXPECT_EQ(rotated.next.replaces, old.id);
  EXPECT_EQ(rotated.next.expires_at, Book::noon("2026-06-10")) << "as long a life as the old one had: 30 days";
  EXPECT_EQ(rotated.old.replaced_by, rotated.next.id);
  EXPECT_EQ(rotated.old.expires_at, Book::noon("2026-05-13"));
  EXPECT_EQ(find("old", "2026-05-12")->replaced_by, rotated.next.id);
  EXPECT_FALSE(find("old", "2026-05-13").has_value());
  EXPECT_EQ(find("new", "2026-06-09")->id, rotated.next.id);
  EXPECT_FALSE(find("new", "2026-06-10").has_value());
}

TEST_F(Tokens, ARotatedOneNeverHoldsLongerThanItWouldHave) {
  const Token old = issue(registrant(), "old").value();
  const auto late = rotate(old.id, tokens::kLongestOverlap, "new", "2026-05-29").value();
  EXPECT_EQ(late.old.expires_at, old.expires_at);
  const auto at_once = rotate(late.next.id, std::chrono::hours{0}, "newer", "2026-05-29").value();
  EXPECT_FALSE(find("new", "2026-05-29").has_value());
  EXPECT_EQ(at_once.next.expires_at, late.next.expires_at) << "the same life, on the same day";
}

TEST_F(Tokens, AreRotatedOnceAndOnlyWhileTheyHold) {
  const Token old = issue(registrant(), "old").value();
  const Token ended = issue(registrant(), "ended").value();
  const TokenId next = rotate(old.id, tokens::kOverlap, "new", "2026-05-02").value().next.id;
  const auto again = rotate(old.id, tokens::kOverlap, "other", "2026-05-02");
  EXPECT_EQ(again.errors().front().code, Code::conflict);
  EXPECT_NE(again.errors().front().en.find(next.value()), std::string::npos);
  EXPECT_FALSE(find("other", "2026-05-02").has_value());
  EXPECT_EQ(rotate(ended.id, tokens::kOverlap, "other", "2026-05-31").errors().front().code, Code::conflict);
  EXPECT_EQ(rotate(TokenId{"0123456789abcdef"}, tokens::kOverlap, "other", "2026-05-02").errors().front().code,
            Code::not_found);
  for (const std::chrono::hours overlap : {std::chrono::hours{-1}, std::chrono::hours{169}}) {
    const auto wrong = rotate(next, overlap, "other", "2026-05-03");
    EXPECT_EQ(wrong.errors().front().code, Code::invalid);
    EXPECT_EQ(wrong.errors().front().pointer, "/overlap_hours");
  }
}

TEST_F(Tokens, APersonIsNamedInThePayloadAndNeverInTheChain) {
  tokens::Request request = registrant();
  request.person = "架空 太郎";
  const Token old = issue(request, "old").value();
  const Token next = rotate(old.id, tokens::kOverlap, "new", "2026-05-02").value().next;
  EXPECT_EQ(next.person, request.person);
  const auto checked = book.env().read([&](const lmdb::ReadTxn& txn) -> Result<Done> {
    std::size_t entries = 0;
    txn.scan(tables::kLedger, "", [&](std::string_view number, std::string_view entry) {
      const Json json = Json::parse(entry);
      if (!json.value("act", "").starts_with("token-")) return true;
      ++entries;
      EXPECT_EQ(entry.find(request.person), std::string_view::npos);
      EXPECT_EQ(ledger::payload_of(txn, lmdb::number_of(number)), (Json{{"person", request.person}}));
      EXPECT_EQ(json.at("actor").at("role"), "operator");
      return true;
    });
    EXPECT_EQ(entries, 2U) << "token-issue and token-rotate";
    return Done{};
  });
  EXPECT_TRUE(checked.ok());
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
  for (const std::string& wrong : {std::string(201, 'x'), std::string("two\nlines"), std::string("\x1b[31m")}) {
    request.person = wrong;
    EXPECT_EQ(issue(request, "other").errors().front().pointer, "/person");
  }
}

TEST_F(Tokens, KnowTheirLastUse) {
  const Token used = issue(registrant(), "used").value();
  const Token idle = issue(registrant(), "idle").value();
  const TokenUse use{Book::noon("2026-05-03"), "192.0.2.7"};
  const auto noted = book.env().write([&](lmdb::WriteTxn& txn) -> Result<Done> {
    tokens::note_use(txn, used.id, {Book::noon("2026-05-02"), ""});
    tokens::note_use(txn, used.id, use);
    return Done{};
  });
  ASSERT_TRUE(noted.ok());
  EXPECT_EQ(get(used.id).value().last_use, use);
  EXPECT_EQ(get(idle.id).value().last_use, std::nullopt);
  EXPECT_EQ(get(TokenId{"0123456789abcdef"}).errors().front().code, Code::not_found);
  const auto all =
      book.env().read([](const lmdb::ReadTxn& txn) -> Result<std::vector<Token>> { return tokens::all(txn); });
  ASSERT_EQ(all.value().size(), 2U);
  for (const Token& token : all.value()) EXPECT_EQ(token.last_use.has_value(), token.id == used.id);
}

TEST_F(Tokens, AreNeverStoredThemselves) {
  ASSERT_TRUE(issue(registrant(), "very-secret-value").ok());
  const std::string bytes = test::read_file(book.folder() / "lmdb" / "data.mdb");
  EXPECT_EQ(bytes.find("very-secret-value"), std::string::npos);
  EXPECT_EQ(book.fsck(), std::vector<std::string>{});
}

TEST_F(Tokens, RefuseWhatMakesNoSense) {
  tokens::Request odd = registrant();
  odd.services.clear();
  odd.holder.organisation.clear();
  odd.days = 401;
  EXPECT_EQ(issue(odd, "s").errors().size(), 3U);
  tokens::Request operating_body = registrant();
  operating_body.holder.role = Role::operator_;
  EXPECT_EQ(issue(operating_body, "s").errors().front().pointer, "/services");
}

}  // namespace
}  // namespace ismap::registry
