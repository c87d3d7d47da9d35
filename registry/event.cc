#include "registry/event.h"

#include <array>
#include <utility>

#include "registry/service.h"

namespace ismap::registry {

namespace {

constexpr std::array<std::pair<EventKind, std::string_view>, 13> kNames{{
    {EventKind::registered, "registered"},
    {EventKind::renewed, "renewed"},
    {EventKind::renewal_filed, "renewal-filed"},
    {EventKind::renewal_closed, "renewal-closed"},
    {EventKind::changed, "changed"},
    {EventKind::usage_updated, "usage-updated"},
    {EventKind::suspended, "suspended"},
    {EventKind::reinstated, "reinstated"},
    {EventKind::re_audit_started, "re-audit-started"},
    {EventKind::re_audit_ended, "re-audit-ended"},
    {EventKind::removed, "removed"},
    {EventKind::corrected, "corrected"},
    {EventKind::key, "key"},
}};

Error corrupt(std::string_view what) {
  return {Code::corrupt, "", "", "記録された事象を読めません（" + std::string(what) + "）",
          "a stored leaf cannot be read (" + std::string(what) + ")"};
}

template <class T>
Json or_null(const std::optional<T>& value, Json (*write)(const T&)) {
  return value ? write(*value) : Json(nullptr);
}

std::optional<Seq> seq_of(const Json& value) {
  if (!value.is_number_integer() || value.get<std::int64_t>() < 0) return std::nullopt;
  return Seq{value.get<std::uint64_t>()};
}

constexpr std::array<std::string_view, 12> kMembers{"article", "changes", "corrects", "effective",   "event", "origin",
                                                    "prev",    "receipt", "record",   "recorded_at", "rules", "seq"};

/// Whether `leaf` has exactly the members of a leaf, of the right JSON kinds.
bool has_shape(const Json& leaf) {
  if (!leaf.is_object() || leaf.size() != kMembers.size()) return false;
  for (const std::string_view name : kMembers) {
    if (!leaf.contains(name)) return false;
  }
  for (const char* name : {"effective", "event", "origin", "recorded_at", "rules"}) {
    if (!leaf.at(name).is_string()) return false;
  }
  for (const char* name : {"article", "receipt"}) {
    if (!leaf.at(name).is_string() && !leaf.at(name).is_null()) return false;
  }
  const Json& record = leaf.at("record");
  return record.is_object() && record.contains("id") && record.at("id").is_string();
}

/// Fills what may be null; false when a value is there and cannot be read.
bool read_optional(const Json& leaf, Event& event) {
  if (leaf.at("article").is_string()) event.article = Article{leaf.at("article").get<std::string>()};
  if (!leaf.at("prev").is_null()) {
    event.prev = seq_of(leaf.at("prev"));
    if (!event.prev) return false;
  }
  if (!leaf.at("corrects").is_null()) {
    event.corrects = seq_of(leaf.at("corrects"));
    if (!event.corrects) return false;
  }
  if (!leaf.at("receipt").is_null()) {
    event.receipt = digest_from_hex(leaf.at("receipt").get_ref<const std::string&>());
    if (!event.receipt) return false;
  }
  return true;
}

/// The event that a leaf's members say.
Result<Event> read_members(Json& leaf) {
  if (!has_shape(leaf)) return corrupt("shape");
  Event event;
  const auto kind = event_kind(leaf.at("event").get_ref<const std::string&>());
  const auto effective = Day::parse(leaf.at("effective").get_ref<const std::string&>());
  const auto recorded_at = Instant::parse(leaf.at("recorded_at").get_ref<const std::string&>());
  const auto seq = seq_of(leaf.at("seq"));
  if (!kind || !effective || !recorded_at || !seq || !read_optional(leaf, event)) return corrupt("values");
  event.kind = *kind;
  event.effective = *effective;
  event.recorded_at = *recorded_at;
  event.seq = *seq;
  event.changes = std::move(leaf.at("changes"));
  event.origin = leaf.at("origin").get<std::string>();
  event.record = std::move(leaf.at("record"));
  event.rules = leaf.at("rules").get<std::string>();
  return event;
}

}  // namespace

std::string_view name_of(EventKind kind) {
  for (const auto& [k, name] : kNames) {
    if (k == kind) return name;
  }
  return {};
}

std::optional<EventKind> event_kind(std::string_view text) {
  for (const auto& [kind, name] : kNames) {
    if (name == text) return kind;
  }
  return std::nullopt;
}

Result<LeafBytes> to_leaf(const Event& event) {
  const auto number = [](const Seq& s) { return Json(s.value()); };
  Json leaf = Json::object();
  leaf["article"] = or_null<Article>(event.article, [](const Article& a) { return Json(a.value()); });
  leaf["changes"] = event.changes;
  leaf["corrects"] = or_null<Seq>(event.corrects, number);
  leaf["effective"] = event.effective.iso();
  leaf["event"] = name_of(event.kind);
  leaf["origin"] = event.origin;
  leaf["prev"] = or_null<Seq>(event.prev, number);
  leaf["receipt"] = or_null<Digest>(event.receipt, [](const Digest& d) { return Json(hex(d)); });
  leaf["record"] = event.record;
  leaf["recorded_at"] = event.recorded_at.iso();
  leaf["rules"] = event.rules;
  leaf["seq"] = event.seq.value();
  std::string bytes = canonical(leaf);
  if (bytes.size() > kMaxLeafBytes) {
    return Error{Code::too_large, "", "", "記録が大きすぎます（上限60,000バイト）。記載を短くしてください",
                 "the event is larger than 60,000 bytes; shorten the texts"};
  }
  return LeafBytes{std::move(bytes)};
}

Result<Event> parse_leaf(std::string_view bytes) {
  Result<Json> parsed = parse_json(bytes);
  if (!parsed.ok()) return corrupt("not I-JSON");
  if (canonical(*parsed) != bytes) return corrupt("not canonical");
  return read_members(*parsed);
}

Result<Event> stored_leaf(std::string_view bytes) {
  Json leaf = Json::parse(bytes, nullptr, false);
  return read_members(leaf);
}

std::string record_id(const Event& event) { return event.record.at("id").get<std::string>(); }

}  // namespace ismap::registry
