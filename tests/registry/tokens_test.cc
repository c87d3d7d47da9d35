#include "registry/tokens.h"

#include <gtest/gtest.h>

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
