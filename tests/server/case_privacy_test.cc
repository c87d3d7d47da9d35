#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "registry/cases/procedure.h"
#include "tests/server/every_step.h"
#include "tests/support/book.h"

/// Nothing of a case is public: a mark goes into every text that anybody may write into one, and is then looked for in
/// every public document, page, feed, leaf, exported file and refusal.
namespace ismap::server {
namespace {

using registry::FieldKind;
using registry::FieldRule;
using registry::Json;
using registry::Procedure;
using registry::StepRule;
using test::Answer;
using test::kMine;
using test::kProcedures;
using test::kSought;
using test::kTheirs;

class CasePrivacy : public test::EveryStep {
 protected:
  void look(const std::string& where, std::string_view text) {
    ++looked_at;
    EXPECT_EQ(text.find(kSought), std::string_view::npos) << where;
    EXPECT_EQ(text.find("C00000000"), std::string_view::npos) << where << " names a case";
  }

  /// Every text of a step that has none so far.
  std::vector<std::string> never_written() const {
    std::vector<std::string> missing;
    for (const Procedure procedure : kProcedures) {
      for (const StepRule& rule : registry::steps_of(procedure)) {
        for (const FieldRule& field : rule.fields) {
          const bool text = field.kind == FieldKind::text && !rule.act;
          if (text && !written.contains(name_of(procedure, rule, field))) {
            missing.push_back(name_of(procedure, rule, field));
          }
        }
      }
    }
    return missing;
  }

  int looked_at = 0;
};

/// The URL of a route with something that is there in its captures; empty where a document is looked at otherwise.
std::string example_of(std::string_view pattern) {
  static const std::map<std::string, std::string> stands_for{
      {"{id}", kMine}, {"{seq}", "4"}, {"{n}", "1"}, {"{number}", "1"}};
  std::string path(pattern);
  if (path.find("{path*}") != std::string::npos) return {};
  for (const auto& [capture, value] : stands_for) {
    const auto at = path.find(capture);
    if (at != std::string::npos) path.replace(at, capture.size(), value);
  }
  return path;
}

TEST_F(CasePrivacy, NothingOfACaseIsPublic) {
  const Json serious{{"incident_on", "2026-07-29"}, {"conditions", marked()}};
  const Json part{{"part", marked()}, {"due_on", "2026-09-30"}};
  make_steps(kMine);
  EXPECT_TRUE(do_act("committee", kMine, "suspend", "13.7", serious));
  EXPECT_TRUE(do_act("operator", kMine, "suspend", "14.3"));
  EXPECT_TRUE(do_act("operator", kMine, "start-re-audit", "16.1", part));
  make_steps(kMine);
  EXPECT_TRUE(do_act("operator", kMine, "start-re-audit", "16.5", part));
  make_steps(kMine);
  EXPECT_TRUE(do_act("operator", kMine, "end-re-audit", "16.4", {{"result", "not-confirmed"}}));
  EXPECT_TRUE(do_act("operator", kMine, "file-renewal", "12.1"));
  make_steps(kMine);
  EXPECT_TRUE(do_act("committee", kMine, "reinstate", "13.10"));
  EXPECT_TRUE(do_act("committee", kMine, "remove", "18.2(5)"));
  make_steps(kMine);
  make_steps(kTheirs);
  EXPECT_TRUE(do_act("committee", kTheirs, "remove", "18.2(4)"));
  make_steps(kTheirs);
  EXPECT_EQ(never_written(), std::vector<std::string>{}) << "the mark is in every text that there is";

  ASSERT_TRUE(folder->publisher().publish(now).ok());
  ASSERT_TRUE(office->export_site(temp.path() / "site").ok());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(temp.path() / "site")) {
    if (entry.is_regular_file()) look(entry.path().string(), test::read_file(entry.path()));
  }
  for (const Route& route : routes()) {
    const std::string path = example_of(route.pattern);
    if (path.empty()) continue;
    Request request;
    request.method = std::string(route.method);
    request.target = request.path = path;
    request.headers.set("Accept", "text/html, application/json");
    const Answer answer = send(request);
    if (answer.response.body) look(path, *answer.response.body);
    for (const auto& [name, value] : answer.response.headers.all()) look(path + " " + name, value);
  }
  EXPECT_GT(looked_at, 100);
  EXPECT_NE(ask("operator", "GET", "/v1/cases/C000000001").response.body->find(kSought), std::string::npos)
      << "the offices read what was written";
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

}  // namespace
}  // namespace ismap::server
