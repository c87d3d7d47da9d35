#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "server/edge/http_server.h"
#include "tests/server/office_site.h"
#include "tests/server/raw_client.h"

/// What cannot be read or does not fit: all mistakes at once, each with its place; never a fault of the server.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;

using Reasons = std::vector<std::string>;

const char* const kActs = "/v1/services/L24-0001/acts";

class BadInput : public test::OfficeSite {
 protected:
  /// Where a body may be sent, and by whom.
  struct Door {
    std::string role;
    std::string path;
  };
  std::vector<Door> doors() {
    return {{"registrant", "/v1/filings"},
            {"operator", "/v1/filings/" + filed({{"url", "https://new.example.jp/"}}) + "/decision"},
            {"operator", kActs},
            {"operator", "/v1/cases"},
            {"operator", "/v1/cases/" + opened_case() + "/steps"}};
  }
  /// {procedure, service} of a case, and its first step.
  static Json incident() {
    return {{"procedure", "incident"},  {"service", test::kMine},
            {"step", "judged"},         {"article", "13.1(2)"},
            {"known_on", "2026-07-31"}, {"summary", {{"ja", "概要"}}},
            {"on", "2026-08-01"},       {"reason", {{"ja", "試験"}}},
            {"links", Json::array()},   {"basis", {{"channel", "電話"}, {"received_on", "2026-07-31"}}}};
  }
  std::string opened_case() { return post("operator", "/v1/cases", incident()).json.at("id").get<std::string>(); }
  Reasons reasons_of(const std::string& role, const std::string& path, const Json& body) {
    const Answer answer = post(role, path, body);
    EXPECT_GE(answer.status(), 400);
    return test::reasons(answer.json);
  }
  static Json filing() {
    return {{"form", "2-11"},
            {"service", test::kMine},
            {"changes", {{"url", "https://new.example.jp/"}}},
            {"reason", {{"ja", "試験"}}}};
  }
};

TEST_F(BadInput, BytesThatAreNotSoundJsonAreMalformed) {
  const std::vector<std::pair<std::string, std::string>> bodies{
      {"not JSON", "form=2-11"},
      {"cut", R"({"act":"usage")"},
      {"two values", "{} {}"},
      {"a trailing comma", R"({"act":"usage",})"},
      {"a comment", "{/* */}"},
      {"a byte order mark", "\xEF\xBB\xBF{}"},
      {"not UTF-8", "{\"act\":\"\xFF\"}"},
      {"an overlong form", "{\"act\":\"\xC0\xAF\"}"},
      {"a raw surrogate", "{\"act\":\"\xED\xA0\x80\"}"},
      {"a lone surrogate", R"({"act":"\uD800"})"},
      {"a lone low surrogate", R"({"act":"\uDC00x"})"},
      {"a raw control character", "{\"act\":\"\x01\"}"},
      {"a NUL", std::string("{\"act\":\0}", 9)},
      {"a NUL and more after the value", std::string("{\"act\":\"usage\"}\0junk", 20)},
      {"a duplicate", R"({"act":"usage","act":"usage"})"},
      {"a duplicate by escape", R"({"act":"usage","\u0061ct":"usage"})"},
      {"a duplicate inside", R"({"changes":{"url":1,"url":2}})"},
      {"a float", R"({"agencies_using":1.5})"},
      {"an exponent", R"({"agencies_using":1e2})"},
      {"minus zero as a float", R"({"agencies_using":-0.0})"},
      {"beyond 2^53", R"({"agencies_using":9007199254740993})"},
      {"beyond 2^64", R"({"agencies_using":99999999999999999999999})"},
      {"NaN", R"({"agencies_using":NaN})"},
      {"a name that is not ASCII", R"({"届出":1})"},
      {"deep arrays", std::string(100'000, '[')},
      {"deep objects", [] {
         std::string deep;
         for (int i = 0; i < 40; ++i) deep += R"({"a":)";
         return deep + "1" + std::string(40, '}');
       }()}};
  for (const Door& door : doors()) {
    for (const auto& [what, body] : bodies) {
      const Answer answer = ask(door.role, "POST", door.path, body);
      EXPECT_EQ(answer.status(), 400) << what << " · " << door.path << answer.json;
      EXPECT_EQ(answer.response.headers.get("Content-Type"), "application/problem+json");
    }
    EXPECT_EQ(ask(door.role, "POST", door.path, "", {{"Content-Type", "application/json"}}).status(), 400) << "empty";
  }
}

TEST_F(BadInput, TheMediaTypeIsSaidAndIsJson) {
  for (const Door& door : doors()) {
    for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                             "application/jsonp", "text/json", "application/problem+json", "json"}) {
      EXPECT_EQ(ask(door.role, "POST", door.path, "{}", {{"Content-Type", type}}).status(), 415) << type;
    }
    for (const char* type : {"application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"}) {
      EXPECT_EQ(ask(door.role, "POST", door.path, "{}", {{"Content-Type", type}}).status(), 422) << type;
    }
  }
}

TEST_F(BadInput, AnythingThatIsNotAnObjectIsRefused) {
  for (const Door& door : doors()) {
    for (const char* body : {"null", "true", "0", "\"x\"", "[]", "[{}]", "{}"}) {
      const Answer answer = ask(door.role, "POST", door.path, body);
      EXPECT_EQ(answer.status(), 422) << body << " · " << door.path << answer.json;
    }
  }
}

TEST_F(BadInput, UnknownMembersAreNamed) {
  Json more = filing();
  more["from"] = "2026-08-01";
  more["a/b~c"] = nullptr;
  EXPECT_EQ(reasons_of("registrant", "/v1/filings", more), (Reasons{"/a~1b~0c 14.2", "/from 14.2"}));
  EXPECT_EQ(reasons_of("operator", kActs, act("usage", "11.5(13)", {{"agencies_using", 4}, {"count", 4}})),
            Reasons{"/count"});
  EXPECT_EQ(reasons_of("operator", kActs, act("file-renewal", "12.1", {{"items", Json::object()}})), Reasons{"/items"});
  const std::string decision = "/v1/filings/" + filed({{"url", "https://new.example.jp/"}}) + "/decision";
  EXPECT_EQ(reasons_of("operator", decision,
                       {{"decision", "accept"}, {"article", "14.2"}, {"reason", "確認した"}, {"seq", 1}}),
            Reasons{"/seq"});
}

TEST_F(BadInput, EveryMistakeOfAFilingIsTold) {
  EXPECT_EQ(reasons_of("registrant", "/v1/filings",
                       {{"form", "2-11"},
                        {"service", test::kMine},
                        {"changes",
                         {{"url", "ftp://x"}, {"name", {{"ja", ""}}}, {"expires_on", "2030-01-01"}, {"nothing", 1}}},
                        {"effective", "2026-02-30"},
                        {"extra", 1}}),
            (Reasons{"/extra 14.2", "/reason 14.2", "/effective 14.2", "/changes/expires_on 11.5(5)",
                     "/changes/name/ja 11.5(1)", "/changes/url 11.5(2)", "/changes/nothing 11.5"}));
}

TEST_F(BadInput, EveryMistakeOfAnActIsTold) {
  EXPECT_EQ(reasons_of("operator", kActs,
                       {{"act", "usage"},
                        {"article", "99.9"},
                        {"effective", "2026-13-01"},
                        {"basis", {{"channel", "電話\u202e"}, {"received_on", "2026-07-31"}}},
                        {"agencies_using", -1},
                        {"extra", 1}}),
            (Reasons{"/extra", "/article", "/effective", "/basis", "/reason", "/agencies_using 11.5(13)"}));
}

/// What no member of a request is.
const std::vector<Json> kOdd{nullptr,
                             true,
                             -1,
                             "",
                             "\u0001",
                             Json::array(),
                             Json::array({nullptr}),
                             Json::object(),
                             {{"ja", 1}},
                             {{"ja", nullptr}, {"en", Json::array()}}};

TEST_F(BadInput, AnyTypeInAnyMemberOfACaseIsRefusedAndNeverAFault) {
  const std::string steps = "/v1/cases/" + opened_case() + "/steps";
  Json report = incident();
  for (const char* name : {"procedure", "service", "summary"}) report.erase(name);
  report.update({{"step", "preliminary-report"}, {"article", "13.2"}, {"report", {{"ja", "速報"}}}});
  const std::set<std::string> optional{"basis", "known_on", "reason", "report", "summary"};
  for (const auto& [path, sound] : {std::pair{std::string("/v1/cases"), incident()}, std::pair{steps, report}}) {
    for (const auto& [name, value] : sound.items()) {
      for (const Json& odd : kOdd) {
        const bool left_out = odd.is_null() && optional.contains(name);
        if (left_out || (name == "links" && odd == Json::array())) continue;  // nothing is said
        Json body = sound;
        body[name] = odd;
        const int status = post("operator", path, body).status();
        EXPECT_TRUE(status == 422 || status == 404 || status == 409) << path << name << " = " << odd << ": " << status;
      }
    }
  }
  EXPECT_EQ(ask("operator", "GET", "/v1/cases").json.at("items").size(), 1U);
}

TEST_F(BadInput, AnyTypeInAnyMemberIsRefusedAndNeverAFault) {
  const std::string decision = "/v1/filings/" + filed({{"url", "https://new.example.jp/"}}) + "/decision";
  struct Form {
    const char* role;
    std::string path;
    Json body;
  };
  const Form forms[] = {
      {"registrant", "/v1/filings", filing()},
      {"operator", decision, {{"decision", "accept"}, {"article", "14.2"}, {"reason", "確認した"}}},
      {"operator", kActs, act("usage", "11.5(13)", {{"agencies_using", 4}})},
      {"operator", kActs, act("change", "14.2", {{"changes", {{"url", "https://n.example.jp/"}}}})},
      {"operator", kActs, act("correct", nullptr, {{"seq", 1}, {"changes", {{"url", "https://n.example.jp/"}}}})},
      {"operator", kActs, act("renew", "11.2", {{"items", {{"expires_on", "2028-04-30"}}}})},
      {"operator", kActs, act("close-renewal", nullptr, {{"result", "withdrawn"}})},
  };
  for (const Form& form : forms) {
    for (const auto& [name, sound] : form.body.items()) {
      for (const Json& value : kOdd) {
        Json body = form.body;
        body[name] = value;
        if (name == "article" && value.is_null()) continue;  // "no article" is for the table of acts
        const Answer answer = post(form.role, form.path, body);
        EXPECT_TRUE(answer.status() == 422 || answer.status() == 404 || answer.status() == 409)
            << name << " = " << value.dump().substr(0, 40) << ": " << answer.status() << answer.json;
      }
    }
  }
  EXPECT_EQ(size(), 4U);
}

TEST_F(BadInput, AnyTypeInAnyChangedItemIsRefusedAndNeverAFault) {
  const Json record = get("/v1/services/L24-0001").json;
  for (const auto& [name, sound] : record.items()) {
    for (const Json& value : {Json(-1), Json("\u0001"), Json::array({Json::array()}), Json{{"zz", {{"ja", 1}}}}}) {
      const Json changes{{name, value}};
      EXPECT_EQ(post("operator", kActs, act("change", "14.2", {{"changes", changes}})).status(), 422) << name << value;
      Json filed = filing();
      filed["changes"] = changes;
      EXPECT_EQ(post("registrant", "/v1/filings", filed).status(), 422) << name << value;
    }
  }
  EXPECT_EQ(size(), 4U);
}

TEST_F(BadInput, LongNamesInAPathAreNotThere) {
  const std::string name(7000, 'A');
  for (const std::string& path :
       {"/v1/services/" + name, "/v1/services/" + name + "/history", "/v1/services/" + name + "?as_of=2026-07-01",
        "/v1/filings/" + name, "/v1/events/" + name + ".json", "/services/" + name}) {
    EXPECT_EQ(ask("operator", "GET", path).status(), 404) << path.substr(0, 30);
  }
  EXPECT_EQ(
      post("operator", "/v1/services/" + name + "/acts", act("usage", "11.5(13)", {{"agencies_using", 1}})).status(),
      404);
  EXPECT_EQ(post("operator", "/v1/filings/" + name + "/decision", filing()).status(), 404);
  Json cited = act("usage", "11.5(13)", {{"agencies_using", 1}});
  cited["basis"] = {{"filing", name}};
  EXPECT_EQ(post("operator", kActs, cited).status(), 422);
}

TEST_F(BadInput, ATextThatIsTooLongForARecordIsRefused) {
  const Json changes{{"scope", {{"text", {{"ja", std::string(50'000, 'x')}}}}}};
  const Answer answer = post("operator", kActs, act("change", "14.2", {{"changes", changes}}));
  EXPECT_TRUE(answer.status() == 422 || answer.status() == 413) << answer.status();
  EXPECT_EQ(size(), 4U);
}

TEST_F(BadInput, LineEndsOfAReasonBecomeLf) {
  const std::string id = filed({{"url", "https://new.example.jp/"}});
  const Answer decided =
      post("operator", "/v1/filings/" + id + "/decision",
           {{"decision", "return"}, {"article", "14.2"}, {"reason", {{"ja", "形式に\r\n不備\rがある"}}}});
  ASSERT_EQ(decided.status(), 200) << decided.json;
  EXPECT_EQ(decided.json.at("filing").at("decision").at("reason"), "形式に\n不備\nがある");
}

/// POST /local/tokens, as the command line of another program might send it.
TEST_F(BadInput, OddTokenRequestsAreRefusedAtTheLocalSocket) {
  const auto issue = [this](const Json& body) {
    Request request;
    request.method = "POST";
    request.target = request.path = "/local/tokens";
    request.local_user = 1000;
    request.headers.add("Content-Type", "application/json");
    request.body = body.dump();
    return send(request);
  };
  const Json sound{{"role", "registrant"}, {"organisation", "試験"}, {"services", {"L24-0001"}}, {"days", 30}};
  EXPECT_EQ(issue(sound).status(), 201);
  const std::pair<const char*, Json> odd[] = {{"role", 1},       {"role", "system"},     {"organisation", 1},
                                              {"services", "x"}, {"services", {1}},      {"services", {{"a", 1}}},
                                              {"days", "30"},    {"days", 4294967326LL}, {"days", -1}};
  for (const auto& [name, value] : odd) {
    Json body = sound;
    body[name] = value;
    EXPECT_EQ(issue(body).status(), 422) << body;
  }
  for (const Json& body : {Json(nullptr), Json::array(), Json("x"), Json::object()}) {
    EXPECT_EQ(issue(body).status(), 422) << body;
  }
  EXPECT_EQ(test::reasons(issue({{"role", 1}, {"organisation", 1}, {"services", 1}, {"days", "x"}}).json),
            (Reasons{"/role", "/organisation", "/services", "/days"}));
}

/// Over the wire: what the guard refuses before any handler.
class BadInputOverTheWire : public BadInput {
 protected:
  BadInputOverTheWire() : server(*context, {}), port(server.start("127.0.0.1", 0).value()) {}
  std::string head(const std::string& more) {
    return "POST " + std::string(kActs) + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token("operator") +
           "\r\nContent-Type: application/json\r\n" + more + "\r\n";
  }

  HttpServer server;
  const std::uint16_t port;
};

TEST_F(BadInputOverTheWire, ABodyIsAtMostOneMegabyte) {
  test::RawClient over(port);
  const Response refused = over.ask(head("Content-Length: 1048577\r\n"));
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(Json::parse(*refused.body).at("type"), "/problems/too-large");
  test::RawClient at_limit(port);
  const std::string body(1'048'576, ' ');
  EXPECT_EQ(at_limit.ask(head("Content-Length: 1048576\r\n") + body).status, 400) << "read whole: not JSON";
}

TEST_F(BadInputOverTheWire, AnActIsDoneAndItsTwinAnswered) {
  test::RawClient client(port);
  const std::string body = act("usage", "11.5(13)", {{"agencies_using", 31}}).dump();
  const std::string request =
      head("Idempotency-Key: k\r\nContent-Length: " + std::to_string(body.size()) + "\r\n") + body;
  const Response first = client.ask(request);
  EXPECT_EQ(first.status, 201) << *first.body;
  const Response again = client.ask(request);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(*again.body, *first.body);
}

}  // namespace
}  // namespace ismap::server
