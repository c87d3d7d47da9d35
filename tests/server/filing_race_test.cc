#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <set>
#include <thread>

#include "tests/server/filing_site.h"

/// Filings that come at once.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;
using test::kAlsoMine;
using test::kMine;

class FilingRace : public test::FilingSite {
 protected:
  /// A request that shares nothing with the fixture, so that threads may send at once.
  static Request request(const std::string& secret, const std::string& method, const std::string& path,
                         const std::string& body, const std::string& key = "") {
    Request out;
    out.method = method;
    out.target = out.path = path;
    out.headers.add("Authorization", "Bearer " + secret);
    if (!body.empty()) out.headers.add("Content-Type", "application/json");
    if (!key.empty()) out.headers.add("Idempotency-Key", key);
    out.body = body;
    return out;
  }
  Answer answer(const Request& request) { return send(request); }
  /// Runs every job in a thread of its own, all released together.
  static void at_once(const std::vector<std::function<void()>>& jobs) {
    std::atomic<bool> go = false;
    std::vector<std::thread> threads;
    threads.reserve(jobs.size());
    for (const auto& job : jobs) {
      threads.emplace_back([&go, &job] {
        while (!go) std::this_thread::yield();
        job();
      });
    }
    go = true;
    for (std::thread& thread : threads) thread.join();
  }
};

TEST_F(FilingRace, OneKeyFromManyThreadsFilesOnce) {
  const std::string id = drafted({{"url", "https://new.example.jp/"}});
  const Request asked = request(token("registrant"), "POST", "/v1/filings/" + id + "/submission", "", "k");
  constexpr std::size_t kThreads = 16;
  std::vector<Answer> answers(kThreads);
  std::vector<std::function<void()>> jobs;
  for (std::size_t i = 0; i < kThreads; ++i) jobs.emplace_back([&, i] { answers[i] = answer(asked); });
  at_once(jobs);
  std::set<std::string> receipts;
  for (const Answer& one : answers) {
    if (one.status() == 409) {
      EXPECT_EQ(one.response.headers.get("Retry-After"), "1") << one.json;
      continue;
    }
    ASSERT_EQ(one.status(), 202) << one.json;
    receipts.insert(one.json.at("receipt").get<std::string>());
  }
  EXPECT_EQ(receipts.size(), 1U) << "one filing, one receipt";
  EXPECT_EQ(answer(asked).json.at("receipt"), *receipts.begin());
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(FilingRace, TwoFilingsOfOneServiceAreBothReceived) {
  const Json report{{"form", "13.2"}, {"service", kMine}, {"known_on", "2026-07-31"}, {"report", {{"ja", "報告"}}}};
  std::vector<std::string> ids;
  for (int i = 0; i < 8; ++i) ids.push_back(draft(report).json.at("id"));
  std::vector<Answer> answers(ids.size());
  std::vector<std::function<void()>> jobs;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    jobs.emplace_back([&, i] {
      answers[i] =
          answer(request(token("registrant"), "POST", "/v1/filings/" + ids[i] + "/submission", "", "k" + ids[i]));
    });
  }
  at_once(jobs);
  std::set<std::string> cases;
  for (const Answer& one : answers) {
    ASSERT_EQ(one.status(), 202) << one.json;
    cases.insert(one.json.at("case").get<std::string>());
  }
  EXPECT_EQ(cases.size(), ids.size()) << "each incident has its case";
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(FilingRace, ASubmissionRacesTheWithdrawalOfItsDraft) {
  for (int round = 0; round < 8; ++round) {
    const std::string id = drafted({{"url", "https://new.example.jp/" + std::to_string(round)}});
    Answer submitted;
    Answer withdrawn;
    at_once({[&] {
               submitted =
                   answer(request(token("registrant"), "POST", "/v1/filings/" + id + "/submission", "", "k" + id));
             },
             [&] { withdrawn = answer(request(token("registrant"), "DELETE", "/v1/filings/" + id, "")); }});
    const std::string state = seen("registrant", "/v1/filings/" + id).at("state");
    EXPECT_EQ(submitted.status(), state == "received" ? 202 : 409);
    EXPECT_EQ(withdrawn.status(), state == "received" ? 409 : 200);
  }
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(FilingRace, AnAcceptanceRacesTheRemovalAfterAWithdrawal_18_2) {
  const std::string change = filed({{"url", "https://new.example.jp/"}});
  file("2-15", {{"article", "18.1(2)"}});
  const Json withdrawal = seen("operator", "/v1/cases?procedure=withdrawal").at("items").at(0);
  const Json removal = act("remove", "18.2(2)", {{"basis", {{"case", withdrawal.at("id")}, {"step", 1}}}});
  const Json ruling{{"decision", "accept"}, {"article", "14.2"}, {"reason", "確認した"}};
  const std::string operators = token("operator");
  const std::string committees = token("committee");
  Answer accepted;
  Answer removed;
  at_once({[&] { accepted = answer(request(operators, "POST", "/v1/filings/" + change + "/decision", ruling.dump())); },
           [&] {
             removed =
                 answer(request(committees, "POST", std::string("/v1/services/") + kMine + "/acts", removal.dump()));
           }});
  EXPECT_EQ(removed.status(), 201) << removed.json;
  EXPECT_TRUE(accepted.status() == 200 || accepted.status() == 409) << accepted.json;
  const std::string state = seen("operator", "/v1/filings/" + change).at("state");
  EXPECT_EQ(state, accepted.status() == 200 ? "accepted" : "received");
  EXPECT_EQ(get(std::string("/v1/services/") + kMine).json.at("state"), "removed");
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(FilingRace, TwoOperatorsDecideOneFilingOnce) {
  const std::string id = filed({{"url", "https://new.example.jp/"}}, kAlsoMine);
  const std::string operators = token("operator");
  const std::uint64_t before = size();
  const auto ruling = [](const char* decision) {
    return Json{{"decision", decision}, {"article", "14.2"}, {"reason", "確認した"}}.dump();
  };
  std::vector<Answer> answers(4);
  std::vector<std::function<void()>> jobs;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    jobs.emplace_back([&, i] {
      answers[i] = answer(
          request(operators, "POST", "/v1/filings/" + id + "/decision", ruling(i % 2 == 0 ? "accept" : "return")));
    });
  }
  at_once(jobs);
  int decided = 0;
  for (const Answer& one : answers) decided += one.status() == 200 ? 1 : 0;
  EXPECT_EQ(decided, 1);
  const bool accepted = seen("operator", "/v1/filings/" + id).at("state") == "accepted";
  EXPECT_EQ(size(), before + (accepted ? 1U : 0U));
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

}  // namespace
}  // namespace ismap::server
