#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/digest.h"
#include "server/command/audit_options.h"
#include "server/command/desk_work.h"
#include "server/command/options.h"
#include "server/command/report.h"
#include "server/edge/http.h"

/// The audit trail from the command line: asks the running server, or answers as one that is asked over its socket.
namespace ismap::server {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Json;
using registry::Result;

namespace {

/// As many as the route gives at once.
constexpr std::size_t kItemsAtOnce = 1000;
constexpr std::size_t kLinesAtOnce = 10'000;

LocalRequest audit_request(std::string path) {
  LocalRequest request;
  request.method = "GET";
  request.path = std::move(path);
  request.headers["ISMAP-Role"] = "operator";
  return request;
}

/// "/v1/audit?limit=…&service=…": what is given of the parameters.
std::string audit_question(const AuditOptions& options, std::size_t limit) {
  const std::vector<std::pair<std::string_view, const std::string&>> parameters{
      {"since", options.since},  {"until", options.until},     {"act", options.act},
      {"role", options.role},    {"token", options.token},     {"organisation", options.organisation},
      {"case", options.case_id}, {"service", options.service}, {"filing", options.filing},
      {"event", options.event}};
  std::string path = fmt::format("/v1/audit?limit={}", limit);
  for (const auto& [name, value] : parameters) {
    if (!value.empty()) path += fmt::format("&{}={}", name, percent_encoded(value));
  }
  return options.texts ? path + "&texts=true" : path;
}

/// All entries that are asked for, oldest first, and the newest of the ledger.
Result<Json> asked_entries(const AuditOptions& options) {
  std::vector<Json> items;
  Json head;
  registry::Errors unreadable;
  const std::size_t wanted = options.limit ? static_cast<std::size_t>(*options.limit) : SIZE_MAX;
  const auto take = [&](const std::string& body) -> std::optional<LocalRequest> {
    const Result<Json> page = registry::parse_json(body);
    if (!page.ok()) {
      unreadable = page.errors();
      return std::nullopt;
    }
    if (head.is_null()) head = page->at("head");
    for (const Json& item : page->at("items")) items.push_back(item);
    if (page->at("next").is_null() || items.size() >= wanted) return std::nullopt;
    return audit_request(page->at("next").get<std::string>());
  };
  const std::size_t first = std::min(std::max<std::size_t>(wanted, 1), kItemsAtOnce);
  const Result<Done> done = have_each_answered(options.data, audit_request(audit_question(options, first)), take);
  if (!done.ok()) return done.errors();
  if (!unreadable.empty()) return unreadable;
  if (items.size() > wanted) items.resize(wanted);
  std::reverse(items.begin(), items.end());
  return Json{{"head", std::move(head)}, {"items", std::move(items)}};
}

/// Hands over the lines of the whole chain, some thousands at once, until `take` refuses to go on.
Result<Done> each_part_of_chain(const AuditOptions& options, const std::function<bool(std::string_view)>& take) {
  std::uint64_t from = 0;
  const auto next = [&](const std::string& body) -> std::optional<LocalRequest> {
    const auto lines = static_cast<std::size_t>(std::count(body.begin(), body.end(), '\n'));
    if (!take(body) || lines < kLinesAtOnce) return std::nullopt;
    from += lines;
    return audit_request(fmt::format("/v1/audit.jsonl?from={}", from));
  };
  return have_each_answered(options.data, audit_request("/v1/audit.jsonl"), next);
}

std::string text_in(const Json& object, const char* member) {
  const Json value = object.is_object() ? object.value(member, Json()) : Json();
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// By which way an actor came: a user of the machine, or a token and an address.
std::string way_of(const Json& actor) {
  if (actor.is_object() && actor.contains("local_user")) return "uid " + actor.at("local_user").dump();
  const std::string token = text_in(actor, "token");
  return token.empty() ? "—" : fmt::format("{}@{}", token, text_in(actor, "from"));
}

/// What an entry names of what it is about.
std::string subject_of(const Json& entry) {
  std::string out;
  for (const char* member : {"service", "case", "filing"}) {
    if (const std::string id = text_in(entry, member); !id.empty()) out += " " + id;
  }
  for (const char* member : {"proposal", "token"}) {
    const std::string id = text_in(entry.value(member, Json()), "id");
    if (!id.empty()) out += fmt::format(" {} {}", member, id);
  }
  if (const std::string step = text_in(entry.value("step", Json()), "name"); !step.empty()) out += " " + step;
  const Json events = entry.value("events", Json::array());
  if (!events.empty()) out += " events " + events.dump();
  if (entry.contains("destroys")) out += " entry " + entry.at("destroys").dump();
  return out;
}

void print_entry(const Json& entry) {
  const Json actor = entry.value("actor", Json());
  const std::string article = text_in(entry, "article");
  fmt::print("{:>6}  {}  {:<14} {:<10} {}  {}  {}{}\n", entry.at("number").dump(), text_in(entry, "at"),
             text_in(entry, "act"), text_in(actor, "role"), text_in(actor, "organisation"), way_of(actor),
             article.empty() ? "—" : article, subject_of(entry));
  if (const Json texts = entry.value("texts", Json()); !texts.is_null()) fmt::print("        {}\n", texts.dump());
}

int print_chain(const AuditOptions& options) {
  const auto print = [](std::string_view lines) {
    return std::fwrite(lines.data(), 1, lines.size(), stdout) == lines.size();
  };
  const Result<Done> done = each_part_of_chain(options, print);
  return done.ok() ? kExitDone : failed(done.errors());
}

/// A chain that is read line by line, and what somebody wrote down of it.
class ChainCheck {
 public:
  ChainCheck(std::uint64_t number, std::string sha256) : number_(number), sha256_(std::move(sha256)) {}

  /// Whether to go on.
  bool take(std::string_view lines) {
    while (!lines.empty() && errors_.empty()) {
      const auto end = lines.find('\n');
      take_line(lines.substr(0, end));
      lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    }
    return errors_.empty();
  }

  /// Errors: conflict, saying where the chain is another than it was.
  [[nodiscard]] Result<Json> result() const {
    if (!errors_.empty()) return errors_;
    if (count_ <= number_) {
      return broken(fmt::format("台帳に {} 件目がありません（{}件）", number_, count_),
                    fmt::format("the ledger has no entry {}: it has {}", number_, count_));
    }
    return Json{{"checked", {{"number", number_}, {"sha256", sha256_}}},
                {"head", {{"number", count_ - 1}, {"sha256", previous_}}}};
  }

 private:
  static Error broken(std::string ja, std::string en) { return {Code::conflict, "", "", std::move(ja), std::move(en)}; }

  void take_line(std::string_view octets) {
    const Result<Json> entry = registry::parse_json(octets);
    const Json previous = previous_.empty() ? Json(nullptr) : Json(previous_);
    const bool chained =
        entry.ok() && entry->value("number", Json()) == count_ && entry->value("previous", Json()) == previous;
    if (!chained) {
      errors_.push_back(
          broken(fmt::format("{} 件目で鎖が切れています", count_), fmt::format("entry {} breaks the chain", count_)));
      return;
    }
    previous_ = registry::hex(registry::sha256(octets));
    if (count_ == number_ && previous_ != sha256_) {
      errors_.push_back(broken(fmt::format("{} 件目が控えと異なります（いまは {}）", count_, previous_),
                               fmt::format("entry {} is not what was written down: it is {} now", count_, previous_)));
    }
    ++count_;
  }

  std::uint64_t number_;
  std::string sha256_;
  std::uint64_t count_ = 0;
  std::string previous_;  ///< SHA-256 of the last line
  registry::Errors errors_;
};

Result<ChainCheck> written_head(const std::filesystem::path& file) {
  const Result<std::string> bytes = read_input(file);
  if (!bytes.ok()) return bytes.errors();
  const Result<Json> head = registry::parse_json(*bytes);
  if (!head.ok()) return head.errors();
  const Json number = head->is_object() ? head->value("number", Json()) : Json();
  const std::string sha256 = text_in(*head, "sha256");
  if (number.is_number_unsigned() && registry::digest_from_hex(sha256)) {
    return ChainCheck(number.get<std::uint64_t>(), sha256);
  }
  return Error{Code::invalid, "", "", "{\"number\": 番号, \"sha256\": 16進64桁} を書いたファイルを指定してください",
               "name a file with {\"number\": …, \"sha256\": 64 hex digits}"};
}

int check_chain(const AuditOptions& options) {
  Result<ChainCheck> check = written_head(options.check);
  if (!check.ok()) return failed(check.errors());
  const Result<Done> read = each_part_of_chain(options, [&](std::string_view lines) { return check->take(lines); });
  if (!read.ok()) return failed(read.errors());
  return finish(check->result(), [&](const Json& result) {
    if (options.json) return print_json(result);
    const Json& head = result.at("head");
    fmt::print(
        "{} 件目は控えのとおりで、鎖は切れていません / entry {} is what was written down, the chain is whole\n"
        "head {} {}\n",
        result.at("checked").at("number").dump(), result.at("checked").at("number").dump(), head.at("number").dump(),
        head.at("sha256").get<std::string>());
  });
}

}  // namespace

int run_audit(const AuditOptions& options) {
  if (!options.check.empty()) return check_chain(options);
  if (options.jsonl) return print_chain(options);
  return finish(asked_entries(options), [&](const Json& answer) {
    if (options.json) return print_json(answer);
    for (const Json& entry : answer.at("items")) print_entry(entry);
  });
}

}  // namespace ismap::server
