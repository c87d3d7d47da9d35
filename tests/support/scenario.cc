#include "tests/support/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "registry/service.h"
#include "tests/support/book.h"
#include "tests/support/case_lines.h"

namespace ismap::test {

using namespace ismap::registry;

namespace {

const char* const kService = "L26-0001";

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

std::string joined(const std::vector<std::string>& parts, const std::string& between) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : between) + part;
  return out.empty() ? "-" : out;
}

std::string dash_if_empty(const std::string& text) { return text.empty() ? "-" : text; }

std::string code_name(Code code) {
  switch (code) {
    case Code::forbidden:
      return "forbidden";
    case Code::not_found:
      return "not-found";
    case Code::conflict:
      return "conflict";
    case Code::invalid:
      return "invalid";
    default:
      return "unexpected";
  }
}

std::optional<Day> day_in(const Json& fields, const char* name) {
  return fields.contains(name) ? Day::parse(fields.at(name).get<std::string>()) : std::nullopt;
}

std::optional<Text> text_in(const Json& fields, const char* name) {
  if (!fields.contains(name)) return std::nullopt;
  return Text{fields.at(name).get<std::string>(), std::nullopt};
}

std::optional<Seq> opening_in(const Json& fields) {
  return fields.contains("opening") ? std::optional<Seq>(Seq{fields.at("opening").get<std::uint64_t>()}) : std::nullopt;
}

IncidentStated incident_of(const Json& fields) {
  return {day_in(fields, "incident_on"), fields.value("incident_estimated", false), day_in(fields, "known_on")};
}

EndReAudit end_of(const Json& fields) {
  EndReAudit doing{opening_in(fields), std::nullopt};
  const std::string result = fields.value("result", "");
  if (result == "confirmed") doing.result = ReAuditResult::confirmed;
  if (result == "not-confirmed") doing.result = ReAuditResult::not_confirmed;
  return doing;
}

FileRenewal renewal_of(const Json& fields) {
  FileRenewal doing;
  if (fields.contains("auditor_told")) doing.auditor_told = fields.at("auditor_told").get<bool>();
  if (const auto from = day_in(fields, "audit_from")) {
    doing.audit_period = AuditPeriod{*from, day_in(fields, "audit_to").value()};
  }
  return doing;
}

RenewalResult result_of(const std::string& word) {
  if (word == "dismissed") return RenewalResult::dismissed;
  return word == "not-accepted" ? RenewalResult::not_accepted : RenewalResult::withdrawn;
}

Json record_of(const std::string& id, const Json& patch) {
  Json record = Book::record(id);
  record.merge_patch(patch);
  return record;
}

Doing doing_of(const std::string& act, const std::string& id, const Json& fields) {
  switch (act_of(act).value()) {
    case Act::register_service:
      return RegisterService{parse_service(record_of(id, fields.value("record", Json::object()))).value()};
    case Act::renew:
      return Renew{fields.at("items")};
    case Act::file_renewal:
      return renewal_of(fields);
    case Act::close_renewal:
      return CloseRenewal{result_of(fields.at("result"))};
    case Act::change:
      return ChangeItems{fields.at("changes")};
    case Act::usage:
      return UpdateUsage{fields.at("agencies_using").get<std::uint32_t>()};
    case Act::suspend:
      return Suspend{incident_of(fields), text_in(fields, "conditions")};
    case Act::reinstate:
      return Reinstate{opening_in(fields)};
    case Act::start_re_audit:
      return StartReAudit{text_in(fields, "part"), day_in(fields, "due_on")};
    case Act::end_re_audit:
      return end_of(fields);
    case Act::remove:
      return Remove{opening_in(fields), incident_of(fields)};
    case Act::correct:
      return Correct{Seq{fields.at("seq").get<std::uint64_t>()}, fields.at("changes")};
  }
  throw std::invalid_argument(act);
}

template <class Interval>
std::string articles_of(const std::vector<Interval>& intervals) {
  std::vector<std::string> articles;
  for (const Interval& interval : intervals) articles.push_back(interval.article.value());
  return joined(articles, ",");
}

/// One word of a `shows` line: what the state of that day says.
std::string shown(const std::string& what, const Service& service, const Json& state, Day day) {
  if (what == "suspended") return articles_of(open_suspensions(service));
  if (what == "re-audits") return articles_of(open_re_audits(service));
  if (what == "valid") return valid_on(service, day) ? "yes" : "no";
  if (what == "state") return state.at("state").get<std::string>();
  if (what == "removal") return service.removal ? service.removal->article.value() : "-";
  if (what == "renewal") return undecided_renewal(service) ? "undecided" : "-";
  if (what == "part-of-day") return std::to_string(part_of_day(state, day).size());
  if (what == "intervals") return std::to_string(service.suspensions.size() + service.re_audits.size());
  return state.at(what).is_string() ? state.at(what).get<std::string>() : state.at(what).dump();
}

/// One scenario being played.
class Stage {
 public:
  void perform(const std::string& text) {
    const auto arrow = text.find("=>");
    const std::string left = text.substr(0, arrow);
    const auto word = words(left);
    if (word.at(0) == "given") {
      given(Json::parse(left.substr(left.find('{'))));
    } else if (word.at(1) == "shows") {
      shows(word);
    } else if (word.at(1) == "due") {
      const std::string seen = shown_deadlines(desk_, service_, word.at(2), Book::day(word.at(0)));
      EXPECT_EQ(seen, joined(words(text.substr(arrow + 2)), " "));
    } else if (word.at(1) == "find") {
      named_[words(text.substr(arrow + 2)).at(0)] = newest_case(book_, service_, word.at(2));
    } else if (word.at(1) == "case") {
      case_shows(word);
    } else if (word.at(2) == "case" || word.at(2) == "step") {
      if (!entered_) given(Json::object());
      expect_step(case_step(left, word), text.substr(arrow + 2));
    } else {
      if (!entered_) given(Json::object());
      expect_outcome(word.at(1) == "register" && word.at(2) == "lapses" ? lapse(word.at(0)) : act(left, word),
                     text.substr(arrow + 2));
    }
    EXPECT_EQ(book_.fsck(), std::vector<std::string>{});
    nothing_private();
  }

 private:
  void given(const Json& patch) {
    entered_ = true;
    const Service service = parse_service(record_of(kService, patch)).value();
    Command c = Book::command(kService, RegisterService{service}, "11.1");
    c.at_hand_over = true;
    const auto done = book_.act(c, service.items.registered_on.iso());
    ASSERT_TRUE(done.ok()) << done.errors().front().en;
  }

  Result<Acted> lapse(const std::string& day) { return book_.registrar().remove_expired(Book::noon(day)); }

  /// "$A" stands for the seq of the event, or the id of the case, that a line named A.
  Json with_names(Json fields) {
    if (fields.is_string() && fields.get<std::string>().starts_with("$")) return case_named(fields.get<std::string>());
    if (fields.is_structured()) {
      for (Json& value : fields) value = with_names(value);
    }
    return fields;
  }

  Json case_named(const std::string& word) { return named_.at(word.substr(1)); }

  Json fields_in(const std::string& left) {
    const auto brace = left.find('{');
    Json fields = with_names(brace == std::string::npos ? Json::object() : Json::parse(left.substr(brace)));
    service_ = fields.value("service", kService);
    return fields;
  }

  Result<CaseAnswer> case_step(const std::string& left, const std::vector<std::string>& word) {
    Json fields = fields_in(left);
    fields.erase("service");
    Actor actor;
    actor.role = role_of(word.at(1)).value();
    actor.organisation = "架空の機関";
    const Instant now = Book::noon(word.at(0));
    const std::vector<std::string> row{word.at(4), word.at(5)};
    if (word.at(2) == "step") {
      const auto id = case_named(word.at(3)).get<std::string>();
      const Procedure procedure = procedure_of_case(book_, id);
      return desk_.step(CaseId{id}, case_request(procedure, row, fields, word.at(1), word.at(0)), actor, now);
    }
    Json request = case_request(procedure_of(word.at(3)).value(), row, fields, word.at(1), word.at(0));
    request["procedure"] = word.at(3);
    request["service"] = service_;
    return desk_.open(request, actor, now);
  }

  void expect_step(const Result<CaseAnswer>& result, const std::string& right) {
    auto expected = words(right);
    if (expected.at(0) == "refused") return expect_refusals(result.ok() ? Errors{} : result.errors(), expected);
    ASSERT_TRUE(result.ok()) << result.errors().front().pointer << " " << result.errors().front().en;
    expect_notices(result->notices, expected);
    if (expected.size() > 1) named_[expected.at(1)] = result->answer.at("id");
  }

  void case_shows(const std::vector<std::string>& word) {
    const CaseId id{case_named(word.at(2)).get<std::string>()};
    const Json view = desk_.get(id, Book::day(word.at(0))).value();
    for (std::size_t i = 4; i < word.size(); ++i) {
      const std::string what = word[i].substr(0, word[i].find('='));
      EXPECT_EQ(what + "=" + shown_of_case(view, what), word[i]);
    }
  }

  Result<Acted> act(const std::string& left, const std::vector<std::string>& word) {
    const Json fields = fields_in(left);
    Command c = Book::command(service_, doing_of(word.at(2), service_, fields), word.at(3) == "-" ? "" : word.at(3));
    c.at_hand_over = word.at(1) == "import";
    if (!c.at_hand_over) c.actor.role = role_of(word.at(1)).value();
    c.effective = day_in(fields, "effective");
    if (fields.contains("basis")) c.basis = fields.at("basis");
    return book_.act(c, word.at(0));
  }

  void expect_outcome(const Result<Acted>& result, const std::string& right) {
    auto expected = words(right);
    if (expected.at(0) == "refused") return expect_refusals(result.ok() ? Errors{} : result.errors(), expected);
    ASSERT_TRUE(result.ok()) << result.errors().front().pointer << " " << result.errors().front().en;
    expect_notices(result->notices, expected);
    expect_events(result->seqs, expected);
  }

  static void expect_refusals(const Errors& refused, std::vector<std::string> expected) {
    expected.erase(expected.begin());
    std::vector<std::string> got;
    for (const Error& e : refused) {
      EXPECT_FALSE(e.ja.empty() || e.en.empty());
      got.push_back(code_name(e.code) + " " + dash_if_empty(e.pointer) + " " + dash_if_empty(e.article));
    }
    EXPECT_EQ(joined(got, " ; "), joined(expected, " "));
  }

  static void expect_notices(const Errors& notices, std::vector<std::string>& expected) {
    std::vector<std::string> got;
    for (const Error& n : notices) got.push_back(n.article);
    const auto with = std::find(expected.begin(), expected.end(), "with");
    const std::vector<std::string> wanted(with == expected.end() ? with : std::next(with), expected.end());
    EXPECT_EQ(joined(got, " "), joined(wanted, " ")) << "notices";
    expected.erase(with, expected.end());
  }

  void expect_events(const std::vector<Seq>& seqs, const std::vector<std::string>& expected) {
    std::vector<std::string> kinds;
    std::size_t at = 0;
    for (const std::string& word : expected) {
      if (std::isupper(static_cast<unsigned char>(word.front())) != 0) {
        ASSERT_LE(at, seqs.size());
        named_[word] = seqs.at(at - 1).value();
      } else {
        kinds.push_back(word);
        ++at;
      }
    }
    std::vector<std::string> got;
    for (const Event& event : book_.history(service_)) {
      if (std::find(seqs.begin(), seqs.end(), event.seq) != seqs.end()) got.emplace_back(name_of(event.kind));
    }
    EXPECT_EQ(joined(got, " "), joined(kinds, " "));
  }

  void shows(const std::vector<std::string>& word) {
    const Day day = Book::day(word.at(0));
    const Json state = state_as_of(book_.history(kService), day, Book::noon("2999-01-01"));
    const Result<Service> service = stored_service(state);
    ASSERT_TRUE(service.ok()) << "nothing holds on " << word.at(0);
    for (std::size_t i = 2; i < word.size(); ++i) {
      const auto equals = word[i].find('=');
      const std::string what = word[i].substr(0, equals);
      EXPECT_EQ(what + "=" + shown(what, *service, state, day), word[i]);
    }
  }

  /// What is not public goes to the case ledger alone.
  void nothing_private() {
    for (const Event& event : book_.history(kService)) {
      EXPECT_EQ(to_leaf(event).value().value().find("非公開"), std::string::npos);
    }
  }

  Book book_;
  CaseDesk desk_{book_.env(), book_.registrar()};
  bool entered_ = false;
  std::string service_ = kService;
  std::map<std::string, Json> named_;
};

void add_heading(const std::string& line, const std::string& file, std::vector<Scenario>& all) {
  const auto colon = line.find(':');
  Scenario scenario;
  scenario.name = words(line.substr(2, colon - 2)).at(0);
  scenario.articles = words(line.substr(colon + 1));
  scenario.file = file;
  all.push_back(std::move(scenario));
}

}  // namespace

std::vector<Scenario> read_scenarios(const std::filesystem::path& folder) {
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") files.insert(entry.path());
  }
  std::vector<Scenario> all;
  for (const auto& file : files) {
    std::ifstream in(file);
    int number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      if (line.starts_with("==")) {
        add_heading(line, file.filename().string(), all);
      } else if (!line.empty() && line.front() != '#') {
        all.back().lines.push_back({number, line});
      }
    }
  }
  return all;
}

void play(const Scenario& scenario) {
  Stage stage;
  for (const Scenario::Line& line : scenario.lines) {
    SCOPED_TRACE(scenario.file + ":" + std::to_string(line.number) + ": " + line.text);
    stage.perform(line.text);
  }
}

void PrintTo(const Scenario& scenario, std::ostream* out) { *out << scenario.file << ": " << scenario.name; }

}  // namespace ismap::test
