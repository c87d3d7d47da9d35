#include "server/api/audit_api.h"

#include <charconv>
#include <utility>

#include "registry/audit.h"
#include "registry/text.h"
#include "server/answer.h"
#include "server/office/office.h"
#include "server/problem.h"

namespace ismap::server {

using registry::AuditFilter;
using registry::Code;
using registry::Day;
using registry::Done;
using registry::Error;
using registry::Errors;
using registry::Instant;
using registry::Json;
using registry::Result;
using registry::Role;

namespace {

constexpr std::size_t kMostAuditItems = 1000;
constexpr std::size_t kMostLines = 10'000;
constexpr std::size_t kLongestValue = 200;

/// Whether the caller may read the audit trail: the operator, and an auditor what holds no texts.
Result<Done> may_read_audit(const Call& call) {
  const Role role = call.caller->actor.role;
  if (role == Role::operator_ || role == Role::auditor) return Done{};
  return Error{Code::forbidden, "/role", "", "監査証跡を読めるのは operator と auditor です",
               "the audit trail is for the operator and the auditor"};
}

/// Reads the parameters of a question one by one, and keeps every mistake.
class AuditQuestion {
 public:
  explicit AuditQuestion(const Call& call) : call_(call) {}

  Result<AuditFilter> read() {
    read_who();
    read_times();
    read_subject();
    read_page();
    if (!errors_.empty()) return errors_;
    return filter_;
  }

 private:
  void wrong(std::string_view name, std::string ja, std::string en) {
    errors_.push_back(bad_parameter(name, std::move(ja), std::move(en)));
  }

  std::string text(std::string_view name) {
    const auto value = call_.parameter(name);
    if (!value) return {};
    if (!value->empty() && value->size() <= kLongestValue && !registry::check_text(*value)) return std::string(*value);
    wrong(name, std::string(name) + " は200バイトまでの文字列です",
          std::string(name) + " is a text of up to 200 bytes");
    return {};
  }

  std::optional<std::uint64_t> number(std::string_view name) {
    const auto value = call_.parameter(name);
    if (!value) return std::nullopt;
    std::uint64_t out = 0;
    const auto read = std::from_chars(value->data(), value->data() + value->size(), out);
    if (read.ec == std::errc() && read.ptr == value->data() + value->size()) return out;
    wrong(name, std::string(name) + " は0以上の整数です", std::string(name) + " is a whole number");
    return std::nullopt;
  }

  /// Whether the parameter is the second of its two words.
  bool is_second(std::string_view name, std::string_view first, std::string_view second) {
    const auto value = call_.parameter(name);
    if (!value || *value == first) return false;
    if (*value != second) {
      const std::string words = std::string(first) + " / " + std::string(second);
      wrong(name, std::string(name) + " は次のいずれかです: " + words, std::string(name) + " is one of: " + words);
    }
    return *value == second;
  }

  /// A day (JST), or an instant; `end`: what comes right after it.
  std::optional<Instant> time(std::string_view name, bool end) {
    const auto value = call_.parameter(name);
    if (!value) return std::nullopt;
    if (const auto day = Day::parse(*value)) return Instant::start_of(end ? day->plus(1) : *day);
    if (const auto instant = Instant::parse(*value)) return Instant{instant->unix_milliseconds() + (end ? 1 : 0)};
    wrong(name, "日（YYYY-MM-DD、日本時間）か時刻（YYYY-MM-DDTHH:MM:SSZ）を書いてください",
          "give a day (YYYY-MM-DD, JST) or an instant (YYYY-MM-DDTHH:MM:SSZ)");
    return std::nullopt;
  }

  void read_who() {
    filter_.act = text("act");
    filter_.organisation = text("organisation");
    filter_.token = text("token");
    const std::string role = text("role");
    if (role.empty()) return;
    filter_.role = registry::role_of(role);
    if (!filter_.role) wrong("role", "その名の役割はありません", "there is no role of that name");
  }

  void read_times() {
    filter_.since = time("since", false);
    filter_.before = time("until", true);
  }

  void read_subject() {
    if (std::string id = text("service"); !id.empty()) filter_.service = registry::ServiceId{std::move(id)};
    if (std::string id = text("case"); !id.empty()) filter_.case_id = registry::CaseId{std::move(id)};
    filter_.filing = text("filing");
    if (const auto seq = number("event")) filter_.event = registry::Seq{*seq};
  }

  void read_page() {
    filter_.from = number("from").value_or(0);
    filter_.to = number("to");
    filter_.after = number("cursor");
    filter_.newest_first = !is_second("order", "newest", "oldest");
    filter_.texts = is_second("texts", "false", "true");
    const std::uint64_t limit = number("limit").value_or(filter_.limit);
    filter_.limit = static_cast<std::size_t>(limit);
    if (limit < 1 || limit > kMostAuditItems) {
      wrong("limit", "limit は1から1000までの整数です", "limit is an integer from 1 to 1000");
    }
  }

  const Call& call_;
  AuditFilter filter_;
  Errors errors_;
};

/// The parameters as they were given, for the entry that says what was read.
Json parameters_of(const Call& call) {
  Json out = Json::object();
  for (const Parameter& parameter : call.request.query) out[parameter.name] = parameter.value;
  return out;
}

Json audit_page_after(const Call& call, const std::optional<std::uint64_t>& last) {
  if (!last) return nullptr;
  std::string url = call.request.path + "?";
  for (const Parameter& parameter : call.request.query) {
    if (parameter.name != "cursor") url += parameter.name + "=" + percent_encoded(parameter.value) + "&";
  }
  return url + "cursor=" + std::to_string(*last);
}

/// The range of the lines that are asked for.
struct LineRange {
  std::uint64_t from = 0;
  std::optional<std::uint64_t> to;
};

Result<LineRange> read_range(const Call& call) {
  const Result<AuditFilter> filter = AuditQuestion(call).read();
  if (!filter.ok()) return filter.errors();
  if (filter->to && *filter->to < filter->from) {
    return bad_parameter("to", "to は from 以上の番号です", "to is a number not below from");
  }
  return LineRange{filter->from, filter->to};
}

}  // namespace

Result<Response> query_audit(const Call& call) {
  if (auto allowed = may_read_audit(call); !allowed.ok()) return allowed.errors();
  const Result<AuditFilter> filter = AuditQuestion(call).read();
  if (!filter.ok()) return filter.errors();
  const registry::Actor& who = call.caller->actor;
  if (filter->texts && who.role != Role::operator_) {
    return Error{Code::forbidden, "/texts", "", "理由などの文は operator だけが読めます",
                 "texts are for the operator alone"};
  }
  const auto found = call.context.office->audit(*filter, who, parameters_of(call));
  if (!found.ok()) return found.errors();
  Json head;
  if (found->head) head = Json{{"number", found->head->number}, {"sha256", found->head->sha256}};
  return json_answer(200, Json{{"head", std::move(head)},
                               {"items", found->page.items},
                               {"next", audit_page_after(call, found->page.next)}});
}

Result<Response> audit_lines(const Call& call) {
  if (auto allowed = may_read_audit(call); !allowed.ok()) return allowed.errors();
  const Result<LineRange> range = read_range(call);
  if (!range.ok()) return range.errors();
  auto lines = call.context.office->audit_lines(range->from, range->to, kMostLines);
  if (!lines.ok()) return lines.errors();
  Response out = private_answer(200, "application/jsonl", std::move(lines->text));
  out.headers.add("Content-Disposition", "attachment; filename=\"audit.jsonl\"");
  if (lines->next) {
    std::string next = call.request.path + "?from=" + std::to_string(*lines->next);
    if (range->to) next += "&to=" + std::to_string(*range->to);
    out.headers.add("Link", "<" + next + ">; rel=\"next\"");
  }
  return out;
}

}  // namespace ismap::server
