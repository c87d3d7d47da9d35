#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "server/auth.h"
#include "tests/server/office_site.h"
#include "tests/support/book.h"
#include "tests/support/small_files.h"

/// Who gets in, and what each role may do there: one table over all roles and all protected routes.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;
using test::kAlsoMine;
using test::kMine;
using test::kTheirs;

class Access : public test::OfficeSite {
 protected:
  /// GET /v1/filings with these fields alone.
  Answer knock(const test::Fields& fields) {
    Request request;
    request.method = "GET";
    request.target = request.path = "/v1/filings";
    for (const auto& [name, value] : fields) request.headers.add(name, value);
    return send(request);
  }
  Answer bearing(const std::string& secret) { return knock({{"Authorization", "Bearer " + secret}}); }
  static void expect_challenge(const Answer& answer) {
    EXPECT_EQ(answer.status(), 401);
    EXPECT_EQ(answer.response.headers.get("WWW-Authenticate"), "Bearer realm=\"ismap-liu\"");
    EXPECT_EQ(answer.response.headers.get("Cache-Control"), "no-store");
    EXPECT_EQ(answer.json.at("type"), "/problems/unauthorized");
    EXPECT_FALSE(answer.response.headers.has("Access-Control-Allow-Origin"));
  }
};

TEST_F(Access, NobodyIsChallengedOnEveryProtectedRoute) {
  for (const Route& route : routes()) {
    if (route.right != Right::caller) continue;
    Request request;
    request.method = std::string(route.method);
    request.path = std::string(route.pattern);
    for (auto open = request.path.find('{'); open != std::string::npos; open = request.path.find('{')) {
      request.path.replace(open, request.path.find('}') + 1 - open, kMine);
    }
    request.target = request.path;
    expect_challenge(send(request));
  }
}

TEST_F(Access, OnlyATokenThatHoldsNowOpens) {
  const std::string secret = token("operator");
  EXPECT_EQ(bearing(secret).status(), 200);
  EXPECT_EQ(knock({{"Authorization", "bearer  " + secret}}).status(), 200) << "the scheme has no case";
  const std::vector<test::Fields> wrong{
      {},
      {{"Authorization", ""}},
      {{"Authorization", "Bearer"}},
      {{"Authorization", "Bearer "}},
      {{"Authorization", "Basic " + secret}},
      {{"Authorization", secret}},
      {{"Authorization", "Bearer " + secret + "x"}},
      {{"Authorization", "Bearer " + secret.substr(1)}},
      {{"Authorization", "Bearer " + secret}, {"Authorization", "Bearer " + secret}},
      {{"Cookie", "token=" + secret}},
      {{"ISMAP-Role", "operator"}},
  };
  for (const test::Fields& fields : wrong) {
    SCOPED_TRACE(fields.empty() ? "none" : fields.front().first + ": " + fields.front().second);
    expect_challenge(knock(fields));
  }
}

TEST_F(Access, ATokenEndsWithItsLastSecond) {
  const std::string secret = new_token("operator", test::kOperator, {}, 1);
  now = now.plus_seconds(86'399);
  EXPECT_EQ(bearing(secret).status(), 200);
  now = now.plus_seconds(1);
  expect_challenge(bearing(secret));
}

TEST_F(Access, ARevokedTokenEndsAtOnce) {
  const std::string secret = new_token("agency", "試験省");
  const std::string kept = new_token("agency", "試験省");
  EXPECT_EQ(bearing(secret).status(), 200);
  const auto all = office->tokens().value();
  const auto id = office->holder_of(secret).value()->id;
  EXPECT_EQ(std::count_if(all.begin(), all.end(), [&](const auto& t) { return t.id == id; }), 1);
  ASSERT_TRUE(office->revoke_token(id, server::local_actor(registry::Role::operator_, 0)).ok());
  expect_challenge(bearing(secret));
  EXPECT_EQ(bearing(kept).status(), 200);
}

TEST_F(Access, AnotherOrganisationsServiceIsNotThere) {
  const Json filing{{"form", "2-11"},
                    {"service", kTheirs},
                    {"changes", {{"url", "https://new.example.jp/"}}},
                    {"reason", {{"ja", "試験"}}}};
  const Answer made = post("registrant", "/v1/filings", filing);
  EXPECT_EQ(made.status(), 404);
  EXPECT_EQ(test::reasons(made.json), std::vector<std::string>{"/service"});
  Json unknown = filing;
  unknown["service"] = "L99-9999";
  EXPECT_EQ(post("registrant", "/v1/filings", unknown).json, made.json) << "as if it were not";
  const Json renewal = act("file-renewal", "12.1");
  const Answer acted = post("registrant", "/v1/services/L24-0004/acts", renewal);
  EXPECT_EQ(acted.status(), 404);
  EXPECT_EQ(post("registrant", "/v1/services/L99-9999/acts", renewal).json, acted.json);
}

TEST_F(Access, AnotherOrganisationsFilingIsNotThere) {
  const std::string id = filed({{"url", "https://new.example.jp/"}});
  const std::string same_service = new_token("registrant", "別会社", {kMine});
  const std::string same_organisation = new_token("registrant", test::kRegistrant, {kAlsoMine});
  for (const std::string& secret : {same_service, same_organisation}) {
    const test::Fields who{{"Authorization", "Bearer " + secret}, {"Idempotency-Key", "k"}};
    EXPECT_EQ(ask("registrant", "GET", "/v1/filings", "", who).json.at("total"), 0);
    for (const char* method : {"GET", "POST"}) {
      const std::string path = "/v1/filings/" + id + (*method == 'P' ? "/submission" : "");
      EXPECT_EQ(ask("registrant", method, path, "", who).status(), 404) << path;
    }
    EXPECT_EQ(ask("registrant", "POST", "/v1/filings/" + id + "/decision", "{}", who).status(), 404);
  }
}

TEST_F(Access, ARegistrantDecidesNothing) {
  const std::string id = filed({{"url", "https://new.example.jp/"}});
  const Answer refused = post("registrant", "/v1/filings/" + id + "/decision",
                              {{"decision", "accept"}, {"article", "14.2"}, {"reason", "確認した"}});
  EXPECT_EQ(refused.status(), 403);
  EXPECT_EQ(test::reasons(refused.json), std::vector<std::string>{"/role 14.2"});
  EXPECT_EQ(ask("registrant", "GET", "/v1/filings/" + id).json.at("state"), "received");
}

TEST_F(Access, WhatTheLocalSocketAsksIsNotThereOverTcp) {
  for (const char* path :
       {"/local/backups", "/local/import", "/local/keys", "/local/settings", "/local/tokens", "/local/tokens/x"}) {
    for (const char* method : {"GET", "POST", "DELETE"}) {
      EXPECT_EQ(ask("operator", method, path, "", {{"ISMAP-Role", "operator"}}).status(), 404) << method << path;
    }
    EXPECT_EQ(ask("operator", "OPTIONS", path).status(), 404) << path;
  }
}

TEST_F(Access, ARoleIsAssertedAtTheLocalSocketOnly) {
  Request request;
  request.method = "GET";
  request.target = request.path = "/v1/filings";
  request.local_user = 1000;
  EXPECT_EQ(send(request).status(), 200) << "the operator, when nothing is said";
  request.headers.set("ISMAP-Role", "emperor");
  expect_challenge(send(request));
}

/// A sound wish that leaves the register as it is: whoever may do it gets `allowed`, for a reason of state or form.
struct Operation {
  const char* name;
  const char* method;
  std::string path;
  Json body;
  int allowed;
  std::set<std::string> may;        ///< roles
  std::set<std::string> forbidden;  ///< may know of it, but not do it: 403. The rest are told 404.
};

class Matrix : public Access {
 protected:
  Matrix()
      : draft(drafted({{"url", "https://new.example.jp/"}})),
        received(filed({{"url", "https://n.example.jp/"}}, kAlsoMine)) {
    const Json own{{"procedure", "incident"}, {"service", kMine},         {"step", "judged"},
                   {"article", "13.1(1)"},    {"known_on", "2026-07-31"}, {"reason", {{"ja", "試験"}}}};
    incident = post("registrant", "/v1/cases", own, "incident").json.at("id").get<std::string>();
    const std::string pdf = test::small_pdf();
    const test::Fields file{{"Content-Type", "application/pdf"}, {"Content-Length", std::to_string(pdf.size())}};
    ask("registrant", "POST", "/v1/filings/" + draft + "/attachments?name=a.pdf", pdf, file);
  }

  /// Cases: a first step that no case begins with, and one whose demand is missing.
  std::vector<Operation> cases() const {
    const std::set<std::string> all{"operator",  "committee", "ministries", "registrant",
                                    "applicant", "agency",    "auditor",    "system"};
    const std::set<std::string> inside{"operator", "committee", "ministries", "registrant"};
    const Json reason{{"ja", "試験"}};
    const std::string of_case = "/v1/cases/" + incident;
    const Json concluded{
        {"procedure", "incident"}, {"service", kMine}, {"step", "concluded"}, {"article", "13.4"}, {"reason", reason}};
    const Json demanded{
        {"step", "further-report-demanded"}, {"article", "13.4"}, {"matters", reason}, {"reason", reason}};
    return {
        {"list cases", "GET", "/v1/cases", nullptr, 200, all, {}},
        {"deadlines", "GET", "/v1/deadlines", nullptr, 200, all, {}},
        {"deadlines as a calendar", "GET", "/v1/deadlines.ics", nullptr, 200, all, {}},
        {"read a case", "GET", of_case, nullptr, 200, inside, {}},
        {"open a case", "POST", "/v1/cases", concluded, 422, {"operator"}, without(inside, {"operator"})},
        {"step in a case", "POST", of_case + "/steps", demanded, 409, {"operator"}, without(inside, {"operator"})},
        {"destroy texts",
         "POST",
         of_case + "/steps/1/destruction",
         {{"ground", " "}, {"reason", reason}},
         422,
         {"operator"},
         without(inside, {"operator"})},
    };
  }

  /// A second person, what is set, and who did what.
  static std::vector<Operation> watching() {
    const std::set<std::string> all{"operator",  "committee", "ministries", "registrant",
                                    "applicant", "agency",    "auditor",    "system"};
    const std::set<std::string> offices{"operator", "committee", "ministries"};
    const std::set<std::string> readers{"operator", "auditor"};
    const std::string none = "/v1/proposals/P000000001";
    const Json reason{{"reason", {{"ja", "試験"}}}};
    return {
        {"list proposals", "GET", "/v1/proposals", nullptr, 200, offices, without(all, offices)},
        {"read a proposal", "GET", none, nullptr, 404, offices, without(all, offices)},
        {"confirm", "POST", none + "/confirmation", reason, 404, offices, without(all, offices)},
        {"reject", "POST", none + "/rejection", reason, 404, offices, without(all, offices)},
        {"read the settings", "GET", "/v1/settings", nullptr, 200, offices, without(all, offices)},
        {"read the audit trail", "GET", "/v1/audit", nullptr, 200, readers, without(all, readers)},
        {"read the chain", "GET", "/v1/audit.jsonl", nullptr, 200, readers, without(all, readers)},
    };
  }

  std::vector<Operation> reading_and_filing() const {
    const std::set<std::string> all{"operator",  "committee", "ministries", "registrant",
                                    "applicant", "agency",    "auditor",    "system"};
    const std::set<std::string> inside{"operator", "committee", "ministries", "registrant"};
    std::set<std::string> not_registrant = all;
    not_registrant.erase("registrant");
    std::set<std::string> bearers = all;
    bearers.erase("system");  // speaks at the local socket, where no token does
    const std::string of_draft = "/v1/filings/" + draft;
    return {
        {"own token", "GET", "/v1/token", nullptr, 200, bearers, {}},
        {"rotate it", "POST", "/v1/tokens/rotation", {{"overlap_hours", 169}}, 422, all, {}},
        {"list filings", "GET", "/v1/filings", nullptr, 200, all, {}},
        {"read a filing", "GET", of_draft, nullptr, 200, inside, {}},
        {"draft", "POST", "/v1/filings", {{"form", "9-9"}}, 422, {"registrant"}, not_registrant},
        {"see what the list would show", "GET", of_draft + "/diff", nullptr, 200, inside, {}},
        {"amend", "PATCH", of_draft, Json::object(), 428, {"registrant"}, without(inside, {"registrant"})},
        {"inquire",
         "POST",
         of_draft + "/inquiry",
         {{"article", "13.4"}, {"reason", "試験"}},
         409,
         {"operator"},
         without(inside, {"operator"})},
        {"the queue", "GET", "/v1/queue", nullptr, 200, {"operator"}, without(all, {"operator"})},
        {"withdraw",
         "DELETE",
         "/v1/filings/" + received,
         nullptr,
         409,
         {"registrant"},
         without(inside, {"registrant"})},
        {"list attachments", "GET", of_draft + "/attachments", nullptr, 200, inside, {}},
        {"read an attachment", "GET", of_draft + "/attachments/1", nullptr, 200, inside, {}},
        {"attach", "POST", of_draft + "/attachments", nullptr, 422, {"registrant"}, without(inside, {"registrant"})},
        {"detach",
         "DELETE",
         "/v1/filings/" + received + "/attachments/1",
         nullptr,
         409,
         {"registrant"},
         without(inside, {"registrant"})},
        {"submit", "POST", of_draft + "/submission", nullptr, 400, {"registrant"}, without(inside, {"registrant"})},
        {"decide", "POST", of_draft + "/decision", ruling(), 409, {"operator"}, without(inside, {"operator"})},
    };
  }
  static std::vector<Operation> acts() {
    return {
        acting("register", "11.1", {{"record", test::Book::record(kMine)}}, 409, {"operator"}),
        acting("renew", "11.2", {{"items", {{"expires_on", "2028-04-30"}}}}, 409, {"operator"}),
        acting("file-renewal", "12.1", {{"effective", "2030-01-01"}}, 422, {"operator", "registrant"}),
        acting("close-renewal", "9.6", {{"result", "not-accepted"}}, 409, {"operator", "ministries"}),
        acting("close-renewal", "18.2(3)", {{"result", "dismissed"}}, 409, {"committee"}),
        acting("close-renewal", nullptr, {{"result", "withdrawn"}}, 409, {"operator", "registrant"}),
        acting("change", "14.1", {{"changes", {{"id", "L24-9999"}}}}, 422, {"operator"}),
        acting("change", "14.2", {{"changes", {{"id", "L24-9999"}}}}, 422, {"operator"}),
        acting("usage", "11.5(13)", {{"agencies_using", 3}}, 409, {"operator"}),
        acting("suspend", "13.5", future(), 422, {"operator"}),
        acting("suspend", "13.7", future(), 422, {"committee"}),
        acting("suspend", "14.3", future(), 422, {"operator"}),
        acting("reinstate", "13.6", {}, 409, {"operator"}),
        acting("reinstate", "13.10", {}, 409, {"committee"}),
        acting("reinstate", "14.4", {}, 409, {"operator"}),
        acting("start-re-audit", "16.1", future(), 422, {"operator"}),
        acting("start-re-audit", "16.5", future(), 422, {"operator"}),
        acting("end-re-audit", "16.3", {{"result", "confirmed"}}, 409, {"operator"}),
        acting("end-re-audit", "16.4", {{"result", "not-confirmed"}}, 409, {"operator"}),
        acting("end-re-audit", "16.7", {{"result", "confirmed"}}, 409, {"operator"}),
        acting("remove", "12.1", {}, 422, {}),
        acting("remove", "18.2(1)", {}, 409, {"committee"}),
        acting("remove", "18.2(2)", future(), 422, {"committee"}),
        acting("remove", "18.2(3)", {}, 409, {"committee"}),
        acting("remove", "18.2(4)", future(), 422, {"committee"}),
        acting("remove", "18.2(5)", future(), 422, {"committee"}),
        acting("remove", "18.2(6)", {}, 409, {"committee"}),
        acting("remove", "18.2(7)", future(), 422, {"committee"}),
        acting("correct", nullptr, {{"seq", 1}, {"changes", Json::object()}}, 422, {"operator"}),
    };
  }

  /// What `role` gets; the system has no token and speaks at the local socket.
  int status_for(const std::string& role, const Operation& operation) {
    const std::string body = operation.body.is_null() ? "" : operation.body.dump();
    // A registrant's cases and steps need a key; of everybody else it is welcome.
    const bool keyed = std::string_view(operation.method) == "POST" && operation.path.starts_with("/v1/cases");
    const test::Fields fields = keyed ? test::Fields{{"Idempotency-Key", role + "-1"}} : test::Fields{};
    if (role != "system") return ask(role, operation.method, operation.path, body, fields).status();
    Request request;
    request.method = operation.method;
    request.target = request.path = operation.path;
    request.headers.add("ISMAP-Role", role);
    request.headers.add("Content-Type", "application/json");
    request.body = body;
    request.local_user = 0;
    return send(request).status();
  }
  void expect_table(const std::vector<Operation>& table) {
    for (const Operation& operation : table) {
      for (const char* role :
           {"operator", "committee", "ministries", "registrant", "applicant", "agency", "auditor", "system"}) {
        const int expected =
            operation.may.contains(role) ? operation.allowed : (operation.forbidden.contains(role) ? 403 : 404);
        EXPECT_EQ(status_for(role, operation), expected) << role << " · " << operation.name;
      }
    }
  }

  const std::string draft;
  const std::string received;
  std::string incident;  ///< a case that the registrant opened

 private:
  static std::set<std::string> without(std::set<std::string> from, const std::set<std::string>& some) {
    for (const std::string& name : some) from.erase(name);
    return from;
  }
  static Json future() { return {{"effective", "2030-01-01"}}; }
  static Json ruling() { return {{"decision", "accept"}, {"article", "14.2"}, {"reason", "確認した"}}; }
  static Operation acting(const char* name, const Json& article, const Json& own, int allowed,
                          const std::set<std::string>& may) {
    const std::set<std::string> inside{"operator", "committee", "ministries", "registrant"};
    return {name,
            "POST",
            std::string("/v1/services/") + kMine + "/acts",
            act(name, article, own),
            allowed,
            may,
            without(inside, may)};
  }
};

TEST_F(Matrix, EachRoleDoesWhatItsTableSaysAndNothingElse) {
  const std::uint64_t before = size();
  expect_table(reading_and_filing());
  expect_table(acts());
  expect_table(cases());
  expect_table(watching());
  EXPECT_EQ(size(), before);
  EXPECT_EQ(ask("operator", "GET", "/v1/cases/" + incident).json.at("steps").size(), 1U);
  EXPECT_EQ(ask("operator", "GET", "/v1/filings/" + draft).json.at("state"), "draft");
}

TEST_F(Matrix, CoversEveryProtectedRoute) {
  std::set<std::pair<std::string, std::string_view>> covered;
  auto operations = reading_and_filing();
  for (const auto& more : {acts(), cases(), watching()}) operations.insert(operations.end(), more.begin(), more.end());
  for (const Operation& operation : operations) {
    for (const Route& route : routes()) {
      if (route.method == operation.method && match(route.pattern, operation.path)) {
        covered.emplace(operation.method, route.pattern);
      }
    }
  }
  for (const Route& route : routes()) {
    if (route.right != Right::caller) continue;
    EXPECT_TRUE(covered.contains({std::string(route.method), route.pattern})) << route.method << route.pattern;
  }
}

TEST_F(Matrix, CoversEveryLineOfTheTableOfActs) {
  for (const registry::Permission& line : registry::permissions()) {
    // The register itself removes by 12.1; what a correction needs depends on what it corrects.
    if (line.role == registry::Role::system || line.act == registry::Act::correct) continue;
    const auto all = acts();
    const bool covered = std::any_of(all.begin(), all.end(), [&](const Operation& operation) {
      const Json article = line.article.empty() ? Json() : Json(line.article);
      return operation.body.at("act") == registry::name_of(line.act) && operation.body.at("article") == article &&
             operation.may.contains(std::string(registry::name_of(line.role)));
    });
    EXPECT_TRUE(covered) << registry::name_of(line.act) << " " << line.article << " " << registry::name_of(line.role);
  }
}

}  // namespace
}  // namespace ismap::server
