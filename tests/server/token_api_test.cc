#include "server/api/token_api.h"

#include <gtest/gtest.h>

#include "registry/ledger.h"
#include "registry/tables.h"
#include "tests/server/office_site.h"

/// A token about itself: what it is, how it is replaced, when it was last used.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;
using test::kMine;

class TokenApi : public test::OfficeSite {
 protected:
  Answer with(const std::string& secret, const std::string& method, const std::string& path, const Json& body = nullptr,
              const std::string& peer = "192.0.2.7") {
    Request request;
    request.method = method;
    request.target = request.path = path;
    request.peer = peer;
    request.headers.add("Authorization", "Bearer " + secret);
    if (!body.is_null()) request.headers.add("Content-Type", "application/json");
    if (!body.is_null()) request.body = body.dump();
    return send(request);
  }
  Answer own(const std::string& secret) { return with(secret, "GET", "/v1/token"); }
  Answer rotate(const std::string& secret, const Json& body = nullptr) {
    return with(secret, "POST", "/v1/tokens/rotation", body);
  }
  /// A request of a user of this machine.
  Answer at_the_machine(const std::string& method, const std::string& path, const std::string& body = "") {
    Request request;
    request.method = method;
    request.target = request.path = path;
    request.headers.add("Content-Type", "application/json");
    request.body = body;
    request.local_user = 1000;
    return send(request);
  }
  /// The entries of the ledger for an act on tokens.
  std::vector<Json> entries(const std::string& act) {
    std::vector<Json> out;
    const auto read = folder->env().read([&](const registry::lmdb::ReadTxn& txn) -> registry::Result<registry::Done> {
      txn.scan(registry::tables::kLedger, "", [&](std::string_view, std::string_view entry) {
        Json json = Json::parse(entry);
        if (json.value("act", "") == act) out.push_back(std::move(json));
        return true;
      });
      return registry::Done{};
    });
    EXPECT_TRUE(read.ok());
    return out;
  }
};

TEST_F(TokenApi, SaysWhatItIsWithoutItsSecret) {
  const std::string secret = token("registrant");
  now = now.plus_seconds(86'400 + 1);
  const Answer answer = own(secret);
  ASSERT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.response.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(answer.response.body->find(secret), std::string::npos);
  const auto id = office->holder_of(secret).value()->id.value();
  EXPECT_EQ(answer.json, (Json{{"id", id},
                               {"role", "registrant"},
                               {"organisation", test::kRegistrant},
                               {"person", ""},
                               {"services", {kMine, test::kAlsoMine}},
                               {"issued_at", "2026-08-01T03:00:00.000Z"},
                               {"expires_at", "2026-10-30T03:00:00.000Z"},
                               {"expires_in_days", 88},
                               {"last_used_at", nullptr},
                               {"replaces", nullptr},
                               {"replaced_by", nullptr}}));
}

TEST_F(TokenApi, IsReplacedByOneForTheSame) {
  const std::string old = token("registrant");
  const auto old_id = office->holder_of(old).value()->id.value();
  now = now.plus_seconds(86'400);
  const Answer answer = rotate(old);
  ASSERT_EQ(answer.status(), 201);
  EXPECT_EQ(answer.response.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(answer.json.at("expires_at"), "2026-10-31T03:00:00.000Z") << "90 days again";
  EXPECT_EQ(answer.json.at("replaces"), (Json{{"id", old_id}, {"valid_until", "2026-08-03T03:00:00.000Z"}}));
  EXPECT_EQ(answer.json.size(), 4U);
  const auto next = answer.json.at("token").get<std::string>();
  EXPECT_EQ(own(next).json.at("replaces"), old_id);
  EXPECT_EQ(own(next).json.at("services"), own(old).json.at("services"));
  EXPECT_EQ(own(old).json.at("replaced_by"), answer.json.at("id"));
  now = now.plus_seconds(86'399);
  EXPECT_EQ(own(old).status(), 200);
  now = now.plus_seconds(1);
  EXPECT_EQ(own(old).status(), 401);
  EXPECT_EQ(own(next).status(), 200);
}

TEST_F(TokenApi, TheLedgerSaysWhichTokenReplacedWhichFromWhere) {
  const std::string old = token("operator");
  const auto old_id = office->holder_of(old).value()->id.value();
  const Json made = rotate(old).json;
  const std::vector<Json> found = entries("token-rotate");
  ASSERT_EQ(found.size(), 1U);
  const Json& entry = found.front();
  EXPECT_EQ(entry.at("actor"),
            (Json{{"role", "operator"}, {"organisation", test::kOperator}, {"token", old_id}, {"from", "192.0.2.7"}}));
  EXPECT_EQ(entry.at("token").at("id"), made.at("id"));
  EXPECT_EQ(entry.at("token").at("replaces"), old_id);
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(TokenApi, IsReplacedOnce) {
  const std::string old = token("operator");
  const Json made = rotate(old).json;
  const Answer again = rotate(old);
  EXPECT_EQ(again.status(), 409);
  EXPECT_NE(again.json.at("detail").get<std::string>().find(made.at("id").get<std::string>()), std::string::npos);
  EXPECT_EQ(entries("token-rotate").size(), 1U);
}

TEST_F(TokenApi, TheOverlapIsTheHolders) {
  const Json made = rotate(token("operator"), {{"overlap_hours", 0}}).json;
  EXPECT_EQ(own(token("operator")).status(), 401) << "none at all";
  const auto next = made.at("token").get<std::string>();
  EXPECT_EQ(rotate(next, {{"overlap_hours", 168}}).json.at("replaces").at("valid_until"), "2026-08-08T03:00:00.000Z");
}

TEST_F(TokenApi, AWrongWishReplacesNothing) {
  const std::string secret = token("operator");
  for (const Json& wrong : {Json(-1), Json(169), Json("24"), Json(nullptr)}) {
    const Answer refused = rotate(secret, {{"overlap_hours", wrong}});
    EXPECT_EQ(refused.status(), 422) << wrong;
    EXPECT_EQ(test::reasons(refused.json), std::vector<std::string>{"/overlap_hours"});
  }
  EXPECT_EQ(test::reasons(rotate(secret, {{"overlap", 1}, {"overlap_hours", 200}}).json),
            (std::vector<std::string>{"/overlap", "/overlap_hours"}));
  EXPECT_EQ(rotate(secret, Json::array()).status(), 422);
  EXPECT_EQ(own(secret).json.at("replaced_by"), nullptr);
}

TEST_F(TokenApi, AtTheLocalSocketTheTokenHasToBeNamed) {
  EXPECT_EQ(at_the_machine("GET", "/v1/token").status(), 404);
  const Answer unnamed = at_the_machine("POST", "/v1/tokens/rotation");
  EXPECT_EQ(unnamed.status(), 409);
  EXPECT_NE(unnamed.json.at("detail").get<std::string>().find("ismap-liu token rotate ID"), std::string::npos);
  const std::string old = token("operator");
  const std::string id = office->holder_of(old).value()->id.value();
  const Answer named = at_the_machine("POST", "/local/tokens/" + id + "/rotation", R"({"overlap_hours": 1})");
  ASSERT_EQ(named.status(), 201);
  EXPECT_EQ(named.response.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(own(named.json.at("token").get<std::string>()).status(), 200);
  EXPECT_EQ(entries("token-rotate").front().at("actor").at("local_user"), 1000);
  EXPECT_EQ(at_the_machine("POST", "/local/tokens/0123456789abcdef/rotation").status(), 404);
}

TEST_F(TokenApi, ItsLastUseIsTheOneBefore) {
  const std::string secret = token("operator");
  EXPECT_EQ(own(secret).json.at("last_used_at"), nullptr);
  now = now.plus_seconds(60);
  EXPECT_EQ(own(secret).json.at("last_used_at"), "2026-08-01T03:00:00.000Z");
  now = now.plus_seconds(60);
  EXPECT_EQ(with(secret, "GET", "/v1/filings/F999999999", nullptr, "192.0.2.8").status(), 404);
  EXPECT_EQ(own(secret).json.at("last_used_at"), "2026-08-01T03:02:00.000Z") << "a refusal is a use too";
}

TEST_F(TokenApi, TheOperatorSeesTheLastUseOfAll) {
  const std::string used = token("operator");
  const std::string idle = token("committee");
  EXPECT_EQ(own(used).status(), 200);
  const Json items = at_the_machine("GET", "/local/tokens").json.at("items");
  ASSERT_EQ(items.size(), 2U);
  for (const Json& item : items) {
    const bool was_used = item.at("role") == "operator";
    EXPECT_EQ(item.at("last_used_at"), was_used ? Json("2026-08-01T03:00:00.000Z") : Json());
    EXPECT_EQ(item.at("last_used_from"), was_used ? Json("192.0.2.7") : Json());
    EXPECT_FALSE(item.contains("token"));
  }
}

TEST_F(TokenApi, TheLastUseIsThereAfterAStop) {
  const std::string secret = token("operator");
  EXPECT_EQ(own(secret).status(), 200);
  const std::uint64_t before = entries("token-issue").size();
  ASSERT_TRUE(office->write_uses(Office::Uses::all).ok());
  reopen();
  EXPECT_EQ(own(secret).json.at("last_used_at"), "2026-08-01T03:00:00.000Z");
  EXPECT_EQ(entries("token-issue").size(), before) << "the ledger has nothing of it";
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(TokenApi, ACrashLosesAtMostAnHour) {
  const std::string secret = token("operator");
  const auto look = [&] { ASSERT_TRUE(office->write_uses(Office::Uses::due).ok()); };
  look();
  EXPECT_EQ(own(secret).status(), 200);
  now = now.plus_seconds(60);
  look();
  now = now.plus_seconds(3599);
  EXPECT_EQ(own(secret).status(), 200);
  look();
  reopen();
  EXPECT_EQ(own(secret).json.at("last_used_at"), "2026-08-01T03:00:00.000Z") << "the last 59 minutes are lost";
}

TEST_F(TokenApi, APersonIsNamedWhereTokensAreListed) {
  const Json wanted{{"role", "operator"}, {"organisation", test::kOperator}, {"person", "架空 花子"}};
  const Answer made = at_the_machine("POST", "/local/tokens", wanted.dump());
  ASSERT_EQ(made.status(), 201);
  EXPECT_EQ(made.response.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(made.json.at("person"), "架空 花子");
  EXPECT_EQ(at_the_machine("GET", "/local/tokens").json.at("items").front().at("person"), "架空 花子");
  EXPECT_EQ(entries("token-issue").front().dump().find("架空 花子"), std::string::npos);
  const Json wrong{{"role", "operator"}, {"organisation", test::kOperator}, {"person", 7}};
  EXPECT_EQ(test::reasons(at_the_machine("POST", "/local/tokens", wrong.dump()).json),
            std::vector<std::string>{"/person"});
}

}  // namespace
}  // namespace ismap::server
