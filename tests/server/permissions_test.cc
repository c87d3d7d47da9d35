#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tests/server/office_site.h"

/// Who gets how far on each route: one line a route, which a new route needs before anything else. What a role may do
/// with a sound wish is for the table of acts (access_test.cc); here every wish is unsound.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;
using test::kMine;

/// The columns of a line.
constexpr std::array<std::string_view, 9> kWho{"operator", "committee", "ministries", "registrant", "applicant",
                                               "agency",   "auditor",   "nobody",     "a bad token"};

/// One route and what each column gets, one character each:
///   1  401, the caller is not known
///   3  403, the role may not
///   4  404, it is not the caller's business
///   o  anything else: whoever it is was let in, and is told what is wrong with the wish
///   .  anything but 401 and 403: the route is everyone's
struct Line {
  std::string_view method;
  std::string_view pattern;
  std::string_view gets;  ///< operator committee ministries registrant applicant agency auditor nobody bad
};

constexpr std::string_view kEveryone = ".........";
constexpr std::string_view kAnyCaller = "ooooooo11";
constexpr std::string_view kNotOverTheNetwork = "444444444";

constexpr auto kLines = std::to_array<Line>({
    // Queries over the tables
    {"GET", "/v1/services", kEveryone},
    {"GET", "/v1/services/{id}", kEveryone},
    {"GET", "/v1/services/{id}/history", kEveryone},
    // Documents of the generation
    {"GET", "/v1/list.jwt", kEveryone},
    {"GET", "/v1/list.json", kEveryone},
    {"GET", "/v1/list.csv", kEveryone},
    {"GET", "/v1/records/{id}.jwt", kEveryone},
    {"GET", "/v1/events/{seq}.json", kEveryone},
    {"GET", "/v1/events.atom", kEveryone},
    {"GET", "/v1/events/archive/{n}.atom", kEveryone},
    {"GET", "/v1/services/{id}.atom", kEveryone},
    {"GET", "/v1/keys.json", kEveryone},
    {"GET", "/v1/keys/{n}.json", kEveryone},
    {"GET", "/log/checkpoint", kEveryone},
    {"GET", "/log/tile/{path*}", kEveryone},
    // A token's own
    {"GET", "/v1/token", kAnyCaller},
    {"POST", "/v1/tokens/rotation", kAnyCaller},
    // Filing, deciding, acting
    {"GET", "/v1/filings", kAnyCaller},
    {"POST", "/v1/filings", "333o33311"},
    {"GET", "/v1/filings/{id}", "oooo44411"},
    {"PATCH", "/v1/filings/{id}", "333o44411"},
    {"GET", "/v1/filings/{id}/diff", "oooo44411"},
    {"DELETE", "/v1/filings/{id}", "333o44411"},
    {"POST", "/v1/filings/{id}/submission", "333o44411"},
    {"POST", "/v1/filings/{id}/decision", "o33344411"},
    {"POST", "/v1/filings/{id}/inquiry", "o33344411"},
    {"GET", "/v1/queue", "o33333311"},
    {"GET", "/v1/filings/{id}/attachments", "oooo44411"},
    {"POST", "/v1/filings/{id}/attachments", "333o44411"},
    {"GET", "/v1/filings/{id}/attachments/{number}", "444444411"},  // there is none
    {"DELETE", "/v1/filings/{id}/attachments/{number}", "333o44411"},
    {"POST", "/v1/services/{id}/acts", "oooo44411"},
    // What the list does not show
    {"GET", "/v1/cases", kAnyCaller},
    {"POST", "/v1/cases", kAnyCaller},
    {"GET", "/v1/cases/{id}", "oooo44411"},
    {"POST", "/v1/cases/{id}/steps", "oooo44411"},
    {"POST", "/v1/cases/{id}/steps/{number}/destruction", "oooo44411"},
    {"GET", "/v1/deadlines", kAnyCaller},
    {"GET", "/v1/deadlines.ics", kAnyCaller},
    // A second person, and what is set
    {"GET", "/v1/proposals", "ooo333311"},
    {"GET", "/v1/proposals/{id}", "444333311"},
    {"POST", "/v1/proposals/{id}/confirmation", "ooo333311"},
    {"POST", "/v1/proposals/{id}/rejection", "ooo333311"},
    {"GET", "/v1/settings", "ooo333311"},
    // Who did what
    {"GET", "/v1/audit", "o33333o11"},
    {"GET", "/v1/audit.jsonl", "o33333o11"},
    // What the command line asks of a running server
    {"POST", "/local/backups", kNotOverTheNetwork},
    {"POST", "/local/settings", kNotOverTheNetwork},
    {"POST", "/local/export", kNotOverTheNetwork},
    {"POST", "/local/import", kNotOverTheNetwork},
    {"POST", "/local/keys", kNotOverTheNetwork},
    {"POST", "/local/tokens", kNotOverTheNetwork},
    {"GET", "/local/tokens", kNotOverTheNetwork},
    {"POST", "/local/tokens/{id}/rotation", kNotOverTheNetwork},
    {"DELETE", "/local/tokens/{id}", kNotOverTheNetwork},
    // Pages
    {"GET", "/", kEveryone},
    {"GET", "/services/{id}", kEveryone},
    {"GET", "/css/{path*}", kEveryone},
    {"GET", "/reference", kEveryone},
    {"GET", "/en/reference", kEveryone},
    {"GET", "/problems", kEveryone},
    {"GET", "/en/problems", kEveryone},
    {"GET", "/problems/{slug}", kEveryone},
    {"GET", "/en/problems/{slug}", kEveryone},
    // The machine
    {"GET", "/openapi.json", kEveryone},
    {"GET", "/healthz", kEveryone},
    {"GET", "/readyz", kEveryone},
});

const Line* line_of(const Route& route) {
  const auto* const found = std::find_if(kLines.begin(), kLines.end(), [&](const Line& line) {
    return line.method == route.method && line.pattern == route.pattern;
  });
  return found == kLines.end() ? nullptr : found;
}

char class_of(int status) {
  switch (status) {
    case 401:
      return '1';
    case 403:
      return '3';
    case 404:
      return '4';
    default:
      return 'o';
  }
}

bool is_as_expected(char expected, char got) { return expected == '.' ? got != '1' && got != '3' : expected == got; }

class Permissions : public test::OfficeSite {
 protected:
  Permissions() {
    const Json incident{{"procedure", "incident"}, {"service", kMine},         {"step", "judged"},
                        {"article", "13.1(1)"},    {"known_on", "2026-07-31"}, {"reason", {{"ja", "試験"}}}};
    stands_for = {
        {"/v1/filings/{id}", "/v1/filings/" + filed({{"url", "https://new.example.jp/"}})},
        {"/v1/cases/{id}",
         "/v1/cases/" + post("registrant", "/v1/cases", incident, "incident").json.at("id").get<std::string>()},
        {"{id}", kMine},
        {"{seq}", "1"},
        {"{n}", "1"},
        {"{number}", "1"},
        {"{path*}", "main.css"},
        {"{slug}", "conflict"},
    };
  }

  /// The path of a route, with something of the registrant's, or something that is there, in its captures.
  [[nodiscard]] std::string example(std::string_view pattern) const {
    std::string path(pattern);
    for (const auto& [capture, value] : stands_for) {
      const auto at = path.find(capture);
      if (at != std::string::npos) path.replace(at, capture.size(), value);
    }
    EXPECT_EQ(path.find('{'), std::string::npos) << "nothing stands for a capture of " << pattern;
    return path;
  }

  int status_for(const Route& route, std::string_view who) {
    Request request;
    request.method = route.method;
    request.target = request.path = example(route.pattern);
    if (who == "a bad token") {
      request.headers.add("Authorization", "Bearer bad");
    } else if (who != "nobody") {
      request.headers.add("Authorization", "Bearer " + token(std::string(who)));
    }
    request.headers.add("Content-Type", "application/json");
    if (route.method != "GET") request.body = R"({"no-such-member": 0})";
    return send(request).status();
  }

  std::vector<std::pair<std::string, std::string>> stands_for;  ///< of patterns, the longer ones first
};

TEST_F(Permissions, EachRouteLetsInWhomItsLineSays) {
  const std::uint64_t before = size();
  for (const Route& route : routes()) {
    const Line* line = line_of(route);
    if (line == nullptr) continue;  // the test below names it
    for (std::size_t n = 0; n < kWho.size(); ++n) {
      const int status = status_for(route, kWho.at(n));
      EXPECT_TRUE(is_as_expected(line->gets.at(n), class_of(status)))
          << route.method << " " << route.pattern << ": " << kWho.at(n) << " gets " << status << ", not "
          << line->gets.at(n);
    }
  }
  EXPECT_EQ(size(), before) << "an unsound wish was recorded";
}

TEST(PermissionLines, EachRouteHasOneAndEachOneARoute) {
  for (const Route& route : routes()) {
    EXPECT_NE(line_of(route), nullptr) << "write the line of " << route.method << " " << route.pattern;
  }
  for (const Line& line : kLines) {
    EXPECT_EQ(line.gets.size(), kWho.size()) << line.pattern;
    EXPECT_TRUE(
        std::any_of(routes().begin(), routes().end(), [&](const Route& route) { return line_of(route) == &line; }))
        << "no route for the line of " << line.method << " " << line.pattern;
  }
}

}  // namespace
}  // namespace ismap::server
