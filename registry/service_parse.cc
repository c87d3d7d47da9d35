#include "registry/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "registry/corporate_number.h"
#include "registry/event.h"
#include "registry/item_readers.h"
#include "registry/service_checks.h"
#include "registry/service_names.h"
#include "registry/text.h"
#include "registry/url.h"

namespace ismap::registry {

namespace {

constexpr std::uint64_t kMaxAgencies = 9'999'999;
constexpr std::uint64_t kMaxSeq = 9'007'199'254'740'991;  // what parse_json lets through
constexpr std::size_t kMaxIdLength = 64;                  // far below LMDB's limit for keys

Result<ServiceId> parse_id(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
  };
  const bool whole = !text.empty() && text.size() <= kMaxIdLength && std::all_of(text.begin(), text.end(), allowed);
  if (whole && text != kKeysRecord) return ServiceId{std::string(text)};
  return Error{
      Code::invalid, "", "11.5",
      fmt::format("登録番号「{}」は使えません。半角英数字とハイフンだけ、{}字以内で書いてください（keysは予約済み）",
                  excerpt(text), kMaxIdLength),
      fmt::format("registration number \"{}\" cannot be used; write letters, digits and hyphens, at most {} "
                  "(\"keys\" is reserved)",
                  excerpt(text), kMaxIdLength)};
}

Provider read_provider(ObjectReader in) {
  Provider out;
  out.name = in.text("name");
  out.address = in.text("address");
  out.corporate_number = in.parsed<CorporateNumber>("corporate_number", parse_corporate_number);
  in.finish();
  return out;
}

Scope read_scope(ObjectReader in) {
  Scope out;
  out.text = in.text("text");
  out.items = in.texts("items");
  out.excluded = in.texts("excluded");
  out.regions = in.texts("regions");
  in.finish();
  return out;
}

/// Why an identifier is none: its form, or the table.
Error unknown_control(std::string_view text) {
  if (!ControlId::follows_pattern(text)) {
    return {Code::invalid, "", "",
            fmt::format("管理策「{}」は番号の形ではありません。X.X.X又はX.X.X.X（章は3〜18）とし、末尾は.P、"
                        "4つ組に限り.B .PBも使えます",
                        excerpt(text)),
            fmt::format("control \"{}\" is no identifier; write X.X.X or X.X.X.X (chapters 3 to 18), with .P, or .B "
                        "or .PB on four numbers only",
                        excerpt(text))};
  }
  const std::string cloud = std::string(text) + ".P";
  const bool meant = ControlId::parse(cloud).has_value();
  return {Code::invalid, "", "",
          fmt::format("統制目標「{}」はISMAP管理基準の統制目標の表にありません。{}", excerpt(text),
                      meant ? cloud + "ではありませんか" : "番号を確かめてください"),
          fmt::format("objective \"{}\" is not in the management standard's table; {}", excerpt(text),
                      meant ? "is it " + cloud + "?" : "check the number")};
}

Result<ControlId> parse_control(std::string_view text) {
  if (const auto id = ControlId::parse(text)) return *id;
  return unknown_control(text);
}

std::vector<ControlId> read_implemented(ObjectReader& in) {
  std::vector<ControlId> ids;
  const Json* given = in.member("implemented");
  const auto elements =
      given == nullptr ? std::vector<std::pair<const Json*, std::string>>{} : in.elements("implemented");
  if (given != nullptr && given->is_array() && given->empty()) {
    in.refusals().add(in.pointer_to("implemented"), "が空です。実施している管理策を1つ以上書いてください",
                      "is empty; write at least one control");
  }
  for (const auto& [value, pointer] : elements) {
    const std::string* text = string_at(*value, pointer, in.refusals());
    if (text == nullptr) continue;
    Result<ControlId> id = parse_control(*text);
    if (id.ok()) {
      ids.push_back(std::move(id).value());
    } else {
      in.refusals().add(pointer, id.errors().front());
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::vector<ExcludedControl> read_excluded(ObjectReader& in, const std::vector<ControlId>& implemented) {
  std::vector<ExcludedControl> all;
  std::set<ControlId> seen;
  for (ObjectReader& element : in.objects("excluded")) {
    ExcludedControl e;
    e.id = element.parsed<ControlId>("id", parse_control);
    e.reason = element.text("reason");
    element.finish();
    const std::string pointer = element.pointer_to("id");
    if (!in.refusals().none_at(pointer) || e.id == ControlId{}) continue;
    if (!seen.insert(e.id).second) {
      in.refusals().add(pointer, fmt::format("の{}が2回書かれています。1つにまとめてください", e.id.str()),
                        fmt::format("names {} twice; write it once", e.id.str()));
    } else if (std::binary_search(implemented.begin(), implemented.end(), e.id)) {
      in.refusals().add(pointer,
                        fmt::format("の{}は実施しているものにもあります。どちらか一方にしてください", e.id.str()),
                        fmt::format("names {}, which is implemented too; keep one of them", e.id.str()));
    }
    all.push_back(std::move(e));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return all;
}

Controls read_controls(ObjectReader in) {
  Controls out;
  out.edition = in.day("edition");
  out.implemented = read_implemented(in);
  out.excluded = read_excluded(in, out.implemented);
  in.finish();
  return out;
}

AuditPeriod read_audit_period(ObjectReader in) {
  AuditPeriod out;
  out.from = in.day("from");
  out.to = in.day("to");
  in.finish();
  return out;
}

Disclosures read_disclosures(ObjectReader in) {
  Disclosures out;
  out.capital_and_officers = in.text("capital_and_officers");
  out.foreign_law = in.text("foreign_law");
  out.governing_law_and_jurisdiction = in.text("governing_law_and_jurisdiction");
  out.third_party_tests = in.text("third_party_tests");
  in.finish();
  return out;
}

Items read_items(ObjectReader& in) {
  Items out;
  out.name = in.text("name");
  out.url = in.parsed<Url>("url", parse_url);
  out.provider = read_provider(in.object("provider"));
  out.registered_on = in.day("registered_on");
  out.expires_on = in.day("expires_on");
  out.scope = read_scope(in.object("scope"));
  out.controls = read_controls(in.object("controls"));
  out.audit_period = read_audit_period(in.object("audit_period"));
  out.subsequent_events = in.text("subsequent_events");
  out.improvement_plan = in.boolean("improvement_plan");
  out.disclosures = read_disclosures(in.object("disclosures"));
  out.remarks = in.text_or_null("remarks");
  out.agencies_using = static_cast<std::uint32_t>(in.count("agencies_using", kMaxAgencies));
  return out;
}

/// {article, on}, or nothing for null.
template <class T>
std::optional<T> read_dated(ObjectReader& parent, std::string_view name) {
  std::optional<ObjectReader> in = parent.object_or_null(name);
  if (!in) return std::nullopt;
  T out;
  out.article = in->article("article");
  out.on = in->day("on");
  in->finish();
  return out;
}

/// A word of one of the tables of service_names.h.
template <class Table>
auto read_word(ObjectReader& in, std::string_view name, const Table& table) {
  const Json* value = in.member(name);
  const std::string pointer = in.pointer_to(name);
  const std::string* text = value == nullptr ? nullptr : string_at(*value, pointer, in.refusals());
  if (text == nullptr) return table[0].value;
  if (const auto found = value_named(table, *text)) return *found;
  std::vector<std::string_view> names;
  for (const auto& row : table) names.push_back(row.name);
  in.refusals().add(
      pointer, fmt::format("の「{}」は使えません。{}のどれかを書いてください", excerpt(*text), fmt::join(names, ", ")),
      fmt::format("\"{}\" is unknown; write one of {}", excerpt(*text), fmt::join(names, ", ")));
  return table[0].value;
}

Suspension read_suspension(ObjectReader in) {
  Suspension out;
  out.opening = Seq{in.count("opening", kMaxSeq)};
  out.article = in.article("article");
  out.since = in.day("since");
  out.lifted = read_dated<Closing>(in, "lifted");
  in.finish();
  return out;
}

ReAudit read_re_audit(ObjectReader in) {
  ReAudit out;
  out.opening = Seq{in.count("opening", kMaxSeq)};
  out.article = in.article("article");
  out.since = in.day("since");
  out.ended = read_dated<Closing>(in, "ended");
  in.finish();
  return out;
}

std::optional<RenewalDecision> read_decision(ObjectReader& parent) {
  std::optional<ObjectReader> in = parent.object_or_null("decided");
  if (!in) return std::nullopt;
  RenewalDecision out;
  const Json* article = in->member_if_any("article");
  if (article != nullptr && !article->is_null()) out.article = in->article("article");
  out.on = in->day("on");
  out.result = read_word(*in, "result", kRenewalResults);
  in->finish();
  return out;
}

Renewal read_renewal(ObjectReader in) {
  Renewal out;
  out.opening = Seq{in.count("opening", kMaxSeq)};
  out.filed_on = in.day("filed_on");
  out.decided = read_decision(in);
  in.finish();
  return out;
}

/// What the register itself keeps: all of it may be absent at intake.
void read_state(ObjectReader& in, Service& out) {
  if (in.member_if_any("state") != nullptr) out.state = read_word(in, "state", kStates);
  for (ObjectReader& s : in.objects("suspensions")) out.suspensions.push_back(read_suspension(std::move(s)));
  for (ObjectReader& r : in.objects("re_audits")) out.re_audits.push_back(read_re_audit(std::move(r)));
  for (ObjectReader& r : in.objects("renewals")) out.renewals.push_back(read_renewal(std::move(r)));
  out.removal = read_dated<Removal>(in, "removal");
}

void check_size(const Json& record, const Service& service, Refusals& refusals) {
  const std::size_t size = refusals.empty() ? canonical(to_json(service)).size()
                                            : record.dump(-1, ' ', false, Json::error_handler_t::replace).size();
  if (size <= kMaxRecordBytes) return;
  refusals.add("", fmt::format("が{}バイトあります。全体を{}バイト以内に縮めてください", size, kMaxRecordBytes),
               fmt::format("has {} bytes; shorten it to at most {}", size, kMaxRecordBytes));
}

}  // namespace

Result<Service> parse_service(const Json& record) {
  Refusals refusals;
  ObjectReader in(record, "", refusals);
  Service service;
  service.id = in.parsed<ServiceId>("id", parse_id);
  service.items = read_items(in);
  read_state(in, service);
  in.finish();
  check_order_of_days(service.items, refusals);
  check_length_of_period(service.items, refusals);
  check_period_before_registration(service.items, refusals);
  check_removal(service, refusals);
  check_size(record, service, refusals);
  if (!refusals.empty()) return refusals.take();
  return service;
}

}  // namespace ismap::registry
