#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "tests/server/every_step.h"

/// What a registrant is told of the due days of its cases is what it is told of the cases, after every step of every
/// procedure: /v1/deadlines names no case and no duty that GET of the case does not show, and leaves none of them out.
namespace ismap::server {
namespace {

using registry::Json;
using test::kMine;

/// Case, step and article of a deadline.
using Duty = std::pair<std::string, std::string>;

class CaseDeadlines : public test::EveryStep {
 protected:
  static Duty duty_of(const Json& deadline) {
    return {deadline.at("case").get<std::string>(), deadline.at("step").dump() + " " + deadline.dump()};
  }

  void after_a_step() override {
    std::set<Duty> listed;
    const Json deadlines = ask("registrant", "GET", "/v1/deadlines").json.at("items");
    for (const Json& deadline : deadlines) {
      if (deadline.at("case").is_null()) continue;
      listed.insert(duty_of(deadline));
    }
    std::set<Duty> shown;
    const Json cases = ask("operator", "GET", "/v1/cases?limit=1000&state=open").json.at("items");
    for (const Json& one : cases) {
      const std::string id = one.at("id");
      const auto seen = ask("registrant", "GET", "/v1/cases/" + id);
      if (seen.status() == 404) {
        ++hidden;
        EXPECT_EQ(ask("registrant", "GET", "/v1/deadlines.ics").response.body->find(id), std::string::npos) << id;
        continue;
      }
      for (const Json& deadline : seen.json.at("deadlines")) {
        if (deadline.at("who") == "registrant" && deadline.at("answered_on").is_null()) shown.insert(duty_of(deadline));
      }
    }
    EXPECT_EQ(listed, shown);
    duties += static_cast<int>(shown.size());
    ++steps;
  }

  int steps = 0;
  int hidden = 0;
  int duties = 0;
};

TEST_F(CaseDeadlines, AreThoseThatTheCaseItselfShows) {
  const Json serious{{"incident_on", "2026-07-29"}, {"conditions", marked()}};
  const Json part{{"part", marked()}, {"due_on", "2026-09-30"}};
  make_steps(kMine);
  EXPECT_TRUE(do_act("committee", kMine, "suspend", "13.7", serious));
  EXPECT_TRUE(do_act("operator", kMine, "suspend", "14.3"));
  EXPECT_TRUE(do_act("operator", kMine, "start-re-audit", "16.1", part));
  make_steps(kMine);
  EXPECT_TRUE(do_act("operator", kMine, "file-renewal", "12.1"));
  make_steps(kMine);
  EXPECT_TRUE(do_act("committee", kMine, "remove", "18.2(5)"));
  make_steps(kMine);
  EXPECT_GT(steps, 40);
  EXPECT_GT(hidden, 0) << "cases that the registrant was not told of";
  EXPECT_GT(duties, 0) << "and duties that it was told of";
}

}  // namespace
}  // namespace ismap::server
