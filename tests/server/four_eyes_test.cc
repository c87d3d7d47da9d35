#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "feed/crypto.h"
#include "feed/key_ceremony.h"
#include "feed/key_change.h"
#include "registry/ledger.h"
#include "registry/tables.h"
#include "server/auth.h"
#include "tests/server/office_site.h"
#include "tests/support/book.h"

/// Four-eyes: what is set, what then waits, who may confirm, and what the ledger says of it.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;
using test::kMine;

constexpr std::uint32_t kOneUser = 1000;
constexpr std::uint32_t kOtherUser = 1001;

class FourEyesOffice : public test::OfficeSite {
 protected:
  FourEyesOffice() : other(new_token("operator", test::kOperator)) {}

  /// A request of a user of the machine, as the operator.
  Answer at_machine(std::uint32_t user, const std::string& method, const std::string& path, const std::string& body) {
    Request request;
    request.method = method;
    request.target = request.path = path;
    request.headers.add("Content-Type", "application/json");
    request.body = body;
    request.local_user = user;
    return send(request);
  }
  Answer set(std::uint32_t user, const Json& acts) {
    return at_machine(user, "POST", "/local/settings",
                      Json{{"four_eyes", acts}, {"reason", {{"ja", "二者確認とする"}}}}.dump());
  }
  void cover(const Json& acts) { ASSERT_EQ(set(kOneUser, acts).status(), 200); }

  Answer acts_on(const std::string& role, const Json& body, const std::string& key = "") {
    return post(role, std::string("/v1/services/") + kMine + "/acts", body, key);
  }
  /// The id of the proposal that an act is kept as.
  std::string held(const std::string& role, const Json& body) {
    const Answer answer = acts_on(role, body);
    EXPECT_EQ(answer.status(), 202) << answer.json;
    return answer.status() == 202 ? answer.json.at("proposal").at("id").get<std::string>() : std::string("none");
  }
  static std::string of(const std::string& id, const std::string& what = "") { return "/v1/proposals/" + id + what; }
  Answer confirm_as(const std::string& role, const std::string& id) {
    return post(role, of(id, "/confirmation"), nullptr);
  }
  /// By the second operator.
  Answer confirm(const std::string& id, const std::string& key = "") {
    test::Fields fields{{"Authorization", "Bearer " + other}};
    if (!key.empty()) fields.emplace_back("Idempotency-Key", key);
    return ask("operator", "POST", of(id, "/confirmation"), Json{{"reason", {{"ja", "確かめた"}}}}.dump(), fields);
  }
  Answer reject(const std::string& role, const std::string& id) {
    return post(role, of(id, "/rejection"), {{"reason", {{"ja", "取り下げる"}}}});
  }

  /// The newest entries of the ledger, newest first, each with its payload as "payload_read".
  std::vector<Json> newest(std::size_t count) {
    return folder->env()
        .read([&](const registry::lmdb::ReadTxn& txn) -> registry::Result<std::vector<Json>> {
          std::vector<Json> out;
          for (std::uint64_t n = registry::ledger::size(txn); n > 0 && out.size() < count; --n) {
            out.push_back(Json::parse(txn.get(registry::tables::kLedger, registry::lmdb::key_of(n - 1)).value()));
            out.back()["payload_read"] = registry::ledger::payload_of(txn, n - 1);
          }
          return out;
        })
        .value();
  }
  std::string token_id(const std::string& secret) { return office->holder_of(secret).value()->id.value(); }
  std::size_t suspensions() { return get(std::string("/v1/services/") + kMine).json.at("suspensions").size(); }

  const std::string other;  ///< a second operator's token
};

TEST_F(FourEyesOffice, WithoutTheSettingOnePersonActs) {
  EXPECT_EQ(ask("committee", "GET", "/v1/settings").json, (Json{{"four_eyes", Json::array()}}));
  EXPECT_EQ(acts_on("operator", act("suspend", "14.3")).status(), 201);
  cover({"remove"});
  EXPECT_EQ(acts_on("operator", act("reinstate", "14.4")).status(), 201) << "it covers nothing else";
}

TEST_F(FourEyesOffice, WhatAnActDoesIsCoveredAndNotItsName) {
  cover({"suspend", "remove"});
  const auto corrected = [&](std::uint64_t seq, const Json& changes) {
    Json body = act("correct", nullptr, {{"seq", seq}, {"changes", changes}});
    body.erase("article");
    return body;
  };
  const std::string removing = held("operator", corrected(1, {{"expires_on", "2026-07-31"}}));
  EXPECT_EQ(get(std::string("/v1/services/") + kMine).json.at("state"), "registered") << "12.1 has nothing to do yet";
  EXPECT_EQ(reject("operator", removing).status(), 200);
  EXPECT_EQ(acts_on("operator", corrected(1, {{"url", "https://right.example.jp/"}})).status(), 201);
  confirm(held("operator", act("suspend", "14.3")));
  const auto opening = get(std::string("/v1/services/") + kMine).json.at("seq").get<std::uint64_t>();
  ASSERT_EQ(acts_on("operator", act("reinstate", "14.4")).status(), 201);
  const Json again =
      Json::array({{{"opening", opening}, {"article", "14.3"}, {"since", "2026-08-01"}, {"lifted", nullptr}}});
  held("operator", corrected(opening + 1, {{"suspensions", again}}));
  EXPECT_EQ(get(std::string("/v1/services/") + kMine).json.at("suspensions").at(0).at("lifted").at("article"), "14.4");
}

TEST_F(FourEyesOffice, ANameIsAPersonHoweverItIsSpelt) {
  cover({"suspend"});
  const auto named = [&](const std::string& person) {
    registry::tokens::Request wanted;
    wanted.holder = {registry::Role::operator_, test::kOperator, {}, {}, {}};
    wanted.person = person;
    return office->issue_token(wanted, registry::Actor{}).value().secret;
  };
  const test::Fields first{{"Authorization", "Bearer " + named("架空 花子")}};
  const std::string path = std::string("/v1/services/") + kMine + "/acts";
  const Answer kept = ask("operator", "POST", path, act("suspend", "14.3").dump(), first);
  ASSERT_EQ(kept.status(), 202) << kept.json;
  const std::string id = kept.json.at("proposal").at("id");
  for (const char* same : {"架空 花子 ", "架空\u3000花子", "架空花子"}) {
    const test::Fields again{{"Authorization", "Bearer " + named(same)}};
    EXPECT_EQ(ask("operator", "POST", of(id, "/confirmation"), "", again).status(), 403) << same;
  }
  const test::Fields second{{"Authorization", "Bearer " + named("架空 太郎")}};
  EXPECT_EQ(ask("operator", "POST", of(id, "/confirmation"), "", second).status(), 201);
}

TEST_F(FourEyesOffice, ACoveredActWaitsForASecondPerson) {
  cover({"suspend"});
  const std::uint64_t before = size();
  const Answer answer = acts_on("operator", act("suspend", "14.3"));
  ASSERT_EQ(answer.status(), 202) << answer.json;
  const Json proposal = answer.json.at("proposal");
  EXPECT_EQ(answer.response.headers.get("Location"), "/v1/proposals/P000000001");
  EXPECT_EQ(proposal.at("act"), "suspend");
  EXPECT_EQ(proposal.at("article"), "14.3");
  EXPECT_EQ(proposal.at("service"), kMine);
  EXPECT_EQ(proposal.at("state"), "open");
  EXPECT_EQ(proposal.at("proposed_by"), (Json{{"organisation", test::kOperator}, {"role", "operator"}}));
  EXPECT_EQ(proposal.at("expires_at"), now.plus_seconds(7 * 86'400).iso());
  EXPECT_EQ(proposal.at("before"), (Json{{"suspensions", Json::array()}}));
  EXPECT_EQ(proposal.at("after").at("suspensions").at(0).at("article"), "14.3");
  EXPECT_EQ(proposal.at("request").at("reason").at("ja"), "試験") << "who confirms reads why";
  EXPECT_EQ(size(), before) << "nothing reached the journal";
  EXPECT_EQ(suspensions(), 0U);
  EXPECT_EQ(newest(1).front().at("act"), "propose");
  EXPECT_EQ(newest(1).front().at("payload"), nullptr) << "the texts are in no entry before the act is done";
  EXPECT_EQ(ask("ministries", "GET", "/v1/proposals").json.at("items"), Json::array({proposal}));
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(FourEyesOffice, AnotherPersonOfTheRoleConfirms) {
  cover({"suspend"});
  const std::string id = held("operator", act("suspend", "14.3"));
  const Answer alone = confirm_as("operator", id);
  EXPECT_EQ(alone.status(), 403);
  EXPECT_EQ(test::reasons(alone.json), std::vector<std::string>{""});
  EXPECT_EQ(test::reasons(confirm_as("committee", id).json), std::vector<std::string>{"/role 14.3"});
  EXPECT_EQ(confirm_as("registrant", id).status(), 403);
  EXPECT_EQ(at_machine(kOneUser, "POST", of(id, "/confirmation"), "{}").status(), 403)
      << "at the machine nobody knows whether it is the same person";
  EXPECT_EQ(suspensions(), 0U);
  const Answer done = confirm(id);
  ASSERT_EQ(done.status(), 201) << done.json;
  EXPECT_EQ(suspensions(), 1U) << "it is published before the answer";
  EXPECT_EQ(get("/v1/events/" + done.json.at("seq").dump() + ".json").json.at("event"), "suspended");
  const Json ended = ask("operator", "GET", of(id)).json;
  EXPECT_EQ(ended.at("state"), "confirmed");
  EXPECT_EQ(ended.at("ended").at("seqs"), done.json.at("seqs"));
  EXPECT_EQ(ended.at("request"), nullptr) << "its texts are in the entry of the act alone";
  EXPECT_EQ(confirm(id).status(), 409);
  EXPECT_EQ(reject("operator", id).status(), 409);
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(FourEyesOffice, TheEntryOfTheActNamesBothPersons) {
  cover({"suspend"});
  const std::string id = held("operator", act("suspend", "14.3"));
  const std::string proposed_at = now.iso();
  now = now.plus_seconds(3600);
  ASSERT_EQ(confirm(id).status(), 201);
  const auto entries = newest(4);
  const auto found =
      std::find_if(entries.begin(), entries.end(), [](const Json& e) { return e.at("act") == "suspend"; });
  ASSERT_NE(found, entries.end());
  EXPECT_EQ(found->at("actor").at("token"), token_id(other));
  EXPECT_EQ(found->at("proposal").at("id"), id);
  EXPECT_EQ(found->at("proposal").at("proposed_at"), proposed_at);
  EXPECT_EQ(found->at("proposal").at("proposed_by").at("token"), token_id(token("operator")));
  EXPECT_EQ(found->at("payload_read").at("confirmation"), "確かめた");
  EXPECT_EQ(found->at("payload_read").at("reason"), "試験");
}

TEST_F(FourEyesOffice, TheSameRequestAgainIsAnsweredTheSame) {
  cover({"suspend"});
  const Json body = act("suspend", "14.3");
  const Answer first = acts_on("operator", body, "propose-1");
  const Answer again = acts_on("operator", body, "propose-1");
  EXPECT_EQ(again.status(), 202);
  EXPECT_EQ(again.json.at("proposal"), first.json.at("proposal"));
  EXPECT_EQ(acts_on("operator", act("suspend", "14.3", {{"effective", "2026-07-30"}}), "propose-1").status(), 422);
  const std::string id = first.json.at("proposal").at("id");
  const Answer done = confirm(id, "confirm-1");
  EXPECT_EQ(done.status(), 201) << done.json;
  const std::uint64_t after = size();
  const Answer repeated = confirm(id, "confirm-1");
  EXPECT_EQ(repeated.status(), 200) << repeated.json;
  EXPECT_EQ(repeated.json.at("seqs"), done.json.at("seqs"));
  EXPECT_EQ(acts_on("operator", body, "propose-1").json.at("proposal").at("state"), "confirmed");
  EXPECT_EQ(size(), after);
}

TEST_F(FourEyesOffice, AnActThatWasDoneBeforeTheSettingIsAnsweredAsDone) {
  const Json body = act("suspend", "14.3");
  const Answer done = acts_on("operator", body, "act-1");
  ASSERT_EQ(done.status(), 201);
  cover({"suspend"});
  const Answer again = acts_on("operator", body, "act-1");
  EXPECT_EQ(again.status(), 200);
  EXPECT_EQ(again.json.at("seqs"), done.json.at("seqs"));
}

TEST_F(FourEyesOffice, TheDayIsThatOfTheConfirmationUnlessOneWasStated) {
  cover({"suspend"});
  const std::string id = held("operator", act("suspend", "14.3"));
  now = now.plus_seconds(2 * 86'400);
  const Answer done = confirm(id);
  ASSERT_EQ(done.status(), 201) << done.json;
  EXPECT_EQ(get("/v1/events/" + done.json.at("seq").dump() + ".json").json.at("effective"), "2026-08-03");
}

TEST_F(FourEyesOffice, TheRulesAreAskedAgainWhenItIsConfirmed) {
  cover({"suspend"});
  const std::string id = held("operator", act("suspend", "14.3"));
  ASSERT_EQ(acts_on("committee", act("remove", "18.2(5)")).status(), 201);
  const std::uint64_t before = size();
  const Answer late = confirm(id);
  EXPECT_EQ(late.status(), 409) << late.json;
  EXPECT_EQ(test::reasons(late.json), std::vector<std::string>{"/service 18.2(5)"});
  EXPECT_EQ(size(), before);
  EXPECT_EQ(ask("operator", "GET", of(id)).json.at("state"), "open");
  EXPECT_EQ(reject("operator", id).status(), 200);
}

TEST_F(FourEyesOffice, WhatTheRulesRefuseIsNotKept) {
  cover({"suspend", "remove"});
  EXPECT_EQ(acts_on("operator", act("suspend", "14.3", {{"effective", "2030-01-01"}})).status(), 422);
  EXPECT_EQ(acts_on("operator", act("remove", "18.2(5)")).status(), 403);
  EXPECT_EQ(acts_on("registrant", act("suspend", "14.3")).status(), 403);
  EXPECT_EQ(ask("operator", "GET", "/v1/proposals?state=all").json.at("total"), 0);
}

TEST_F(FourEyesOffice, AProposalExpiresAndItsTextsGo) {
  cover({"suspend"});
  const std::string id = held("operator", act("suspend", "14.3"));
  const Answer second = acts_on("operator", act("suspend", "14.3"));
  EXPECT_EQ(second.status(), 409) << "one at a time: " << second.json;
  now = now.plus_seconds(7 * 86'400);
  EXPECT_EQ(confirm(id).status(), 409);
  EXPECT_EQ(ask("operator", "GET", "/v1/proposals").json.at("items"), Json::array());
  EXPECT_EQ(ask("operator", "GET", "/v1/proposals?state=expired").json.at("total"), 1);
  EXPECT_NE(held("operator", act("suspend", "14.3")), id);
  EXPECT_EQ(ask("operator", "GET", of(id)).json.at("request"), nullptr);
  EXPECT_EQ(ask("operator", "GET", "/v1/proposals?state=soon").status(), 400);
}

TEST_F(FourEyesOffice, EitherRejectsWithAReason) {
  cover({"suspend"});
  const std::string id = held("operator", act("suspend", "14.3"));
  EXPECT_EQ(reject("committee", id).status(), 403) << "a suspension under 14.3 is not the committee's";
  EXPECT_EQ(test::reasons(post("operator", of(id, "/rejection"), Json::object()).json),
            std::vector<std::string>{"/reason"});
  const Answer rejected = reject("operator", id);
  EXPECT_EQ(rejected.status(), 200) << rejected.json;
  EXPECT_EQ(rejected.json.at("state"), "rejected");
  const Json entry = newest(1).front();
  EXPECT_EQ(entry.at("act"), "reject");
  EXPECT_EQ(entry.at("proposal").at("id"), id);
  EXPECT_EQ(entry.at("payload_read").at("reason"), "取り下げる");
  EXPECT_EQ(confirm(id).status(), 409);
  EXPECT_EQ(confirm(held("operator", act("suspend", "14.3"))).status(), 201);
}

TEST_F(FourEyesOffice, ADismissalRemovesAndIsCoveredAsARemoval_18_2) {
  cover({"remove"});
  ASSERT_EQ(acts_on("registrant", act("file-renewal", "12.1")).status(), 201);
  const std::string id = held("committee", act("close-renewal", "18.2(3)", {{"result", "dismissed"}}));
  EXPECT_EQ(ask("operator", "GET", of(id)).json.at("after").at("removal").at("article"), "18.2(3)");
  const std::string second = new_token("committee", "committee");
  const Answer done = ask("committee", "POST", of(id, "/confirmation"), "", {{"Authorization", "Bearer " + second}});
  EXPECT_EQ(done.status(), 201) << done.json;
  EXPECT_EQ(get(std::string("/v1/services/") + kMine).json.at("removal").at("article"), "18.2(3)");
}

TEST_F(FourEyesOffice, SettingsAreChangedAtTheMachineAndByTwoOnceTheyCoverAnything) {
  EXPECT_EQ(ask("operator", "POST", "/local/settings", "{}").status(), 404)
      << "over the network there is no such route";
  EXPECT_EQ(test::reasons(at_machine(kOneUser, "POST", "/local/settings", R"({"four_eyes":["all"],"x":1})").json),
            (std::vector<std::string>{"/reason", "/x", "/four_eyes"}));
  EXPECT_EQ(set(kOneUser, Json::array()).status(), 409) << "it is so already";
  cover({"suspend", "key"});
  const Json entry = newest(1).front();
  EXPECT_EQ(entry.at("act"), "settings");
  EXPECT_EQ(entry.at("actor").at("local_user"), kOneUser);
  EXPECT_EQ(entry.at("before"), (Json{{"four_eyes", Json::array()}}));
  EXPECT_EQ(entry.at("after"), (Json{{"four_eyes", {"suspend", "key"}}}));
  EXPECT_EQ(entry.at("payload_read").at("reason"), "二者確認とする");
  const Answer held_back = set(kOneUser, Json::array());
  ASSERT_EQ(held_back.status(), 202) << held_back.json;
  const std::string id = held_back.json.at("proposal").at("id");
  EXPECT_EQ(confirm(id).status(), 403) << "not over the network";
  EXPECT_EQ(at_machine(kOneUser, "POST", of(id, "/confirmation"), "{}").status(), 403) << "not by the same user";
  EXPECT_EQ(ask("ministries", "GET", "/v1/settings").json.at("four_eyes").size(), 2U);
  const Answer done = at_machine(kOtherUser, "POST", of(id, "/confirmation"), "{}");
  EXPECT_EQ(done.status(), 201) << done.json;
  EXPECT_EQ(done.json.at("settings"), (Json{{"four_eyes", Json::array()}}));
  EXPECT_EQ(newest(1).front().at("proposal").at("proposed_by").at("local_user"), kOneUser);
  EXPECT_EQ(ask("operator", "GET", "/v1/settings").json, (Json{{"four_eyes", Json::array()}}));
}

TEST_F(FourEyesOffice, AChangeOfKeysWaitsForASecondUserOfTheMachine) {
  cover({"key"});
  const auto ground =
      folder->env().read([&](const registry::lmdb::ReadTxn& txn) { return feed::read_key_ground(txn, data); });
  ASSERT_TRUE(ground.ok());
  feed::Draft draft = feed::draft_of(*ground, feed::next_key_set(*ground, now));
  const auto root = feed::PrivateKey::read(data / "keys" / "root.pem", feed::KeyKind::es256);
  ASSERT_TRUE(root.ok());
  ASSERT_TRUE(feed::sign(draft, *root).ok());
  const std::uint64_t before = size();
  const Answer answer = at_machine(kOneUser, "POST", "/local/keys", feed::to_octets(draft));
  ASSERT_EQ(answer.status(), 202) << answer.json;
  const Json proposal = answer.json.at("proposal");
  EXPECT_EQ(proposal.at("act"), "key");
  EXPECT_EQ(proposal.at("after").at("ver"), 2);
  EXPECT_FALSE(proposal.at("after").at("changes").empty());
  EXPECT_EQ(size(), before);
  const std::string path = of(proposal.at("id").get<std::string>(), "/confirmation");
  EXPECT_EQ(at_machine(kOneUser, "POST", path, "{}").status(), 403);
  const Answer done = at_machine(kOtherUser, "POST", path, "{}");
  ASSERT_EQ(done.status(), 201) << done.json;
  EXPECT_EQ(size(), before + 1);
  EXPECT_EQ(get("/v1/keys/2.json").status(), 200);
  EXPECT_EQ(newest(1).front().at("act"), "key");
  EXPECT_EQ(newest(1).front().at("proposal").at("proposed_by").at("local_user"), kOneUser);
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

/// A mark goes into every text of a proposal, of its confirmation and its rejection, and is looked for in all that is
/// public, while the proposal is open and when it has ended.
class ProposalPrivacy : public FourEyesOffice {
 protected:
  void look_everywhere(const std::string& when) {
    const std::filesystem::path site = temp.path() / ("site-" + when);
    ASSERT_TRUE(folder->publisher().publish(now).ok());
    ASSERT_TRUE(office->export_site(site).ok());
    std::size_t looked_at = 0;
    const auto look = [&](const std::string& where, const std::string& text) {
      ++looked_at;
      EXPECT_EQ(text.find("ZZPRIVATEZZ"), std::string::npos) << when << " " << where;
      EXPECT_EQ(text.find("P00000000"), std::string::npos) << when << " " << where << " names a proposal";
      EXPECT_EQ(text.find(R"("four_eyes":["suspend"])"), std::string::npos)
          << when << " " << where << " tells what is set";
    };
    for (const auto& entry : std::filesystem::recursive_directory_iterator(site)) {
      if (entry.is_regular_file()) look(entry.path().string(), test::read_file(entry.path()));
    }
    for (const Route& route : routes()) {
      std::string path(route.pattern);
      if (path.find("{path*}") != std::string::npos) continue;
      if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, id_for(path));
      for (const char* capture : {"{seq}", "{n}", "{number}"}) {
        const auto at = path.find(capture);
        if (at != std::string::npos) path.replace(at, std::string(capture).size(), "1");
      }
      Request request;
      request.method = std::string(route.method);
      request.target = request.path = path;
      const Answer answer = send(request);
      if (route.right != Right::everyone) {
        EXPECT_EQ(answer.status(), route.right == Right::local ? 404 : 401) << path;
      }
      look(path, answer.response.body ? *answer.response.body : std::string());
    }
    EXPECT_GT(looked_at, 40U);
  }

 private:
  static std::string id_for(const std::string& path) {
    return path.starts_with("/v1/proposals") ? "P000000001" : kMine;
  }
};

TEST_F(ProposalPrivacy, NothingOfAProposalIsPublic) {
  const Json mark{{"ja", "印ZZPRIVATEZZ印"}};
  cover({"suspend"});
  const Json marked{{"reason", mark},
                    {"basis", {{"channel", "印ZZPRIVATEZZ印"}, {"received_on", "2026-07-31"}}},
                    {"incident_on", "2026-07-29"},
                    {"conditions", mark}};
  const std::string id = held("committee", act("suspend", "13.7", marked));
  look_everywhere("open");
  EXPECT_EQ(ask("registrant", "GET", of(id)).status(), 403);
  EXPECT_EQ(ask("registrant", "GET", "/v1/proposals").status(), 403);
  const std::string second = new_token("committee", "committee");
  const test::Fields by{{"Authorization", "Bearer " + second}};
  const std::string why = Json{{"reason", mark}}.dump();
  ASSERT_EQ(ask("committee", "POST", of(id, "/confirmation"), why, by).status(), 201);
  const std::string rejected = held("operator", act("suspend", "14.3", {{"reason", mark}}));
  ASSERT_EQ(ask("operator", "POST", of(rejected, "/rejection"), why).status(), 200);
  look_everywhere("ended");
}

}  // namespace
}  // namespace ismap::server
