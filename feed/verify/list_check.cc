#include "feed/verify/list_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "feed/verify/octets.h"

namespace ismap::feed::verify {

namespace {

using registry::Done;
using registry::Instant;

/// The elements of the member `records`.
std::vector<std::string_view> elements(const std::vector<Member>& members) {
  std::vector<std::string_view> out;
  bool inside = false;
  for (const Member& member : members) {
    if (member.depth == 1) inside = member.name == "records";
    if (inside && member.depth == 2) out.push_back(member.value);
  }
  return out;
}

/// Fills the list from its payload; what it says of its issuer and place goes to `iss` and `sub`.
bool read_payload(SignedList& list, std::string& iss, std::string& sub) {
  const auto members = canonical_members(*list.payload);
  const auto values =
      members ? values_of(*members, {"checkpoint", "exp", "iat", "iss", "records", "sub", "ttl", "ver"}) : std::nullopt;
  if (!values) return false;
  const auto checkpoint = text_of((*values)[0]);
  const auto exp = instant_of((*values)[1]);
  const auto iat = instant_of((*values)[2]);
  const auto issuer = text_of((*values)[3]);
  const auto subject = text_of((*values)[5]);
  const auto ver = unsigned_of((*values)[7]);
  if (!checkpoint || !exp || !iat || !issuer || !subject || !ver || !unsigned_of((*values)[6]) || *exp <= *iat ||
      !(*values)[4].starts_with('[')) {
    return false;
  }
  list.checkpoint = *checkpoint;
  list.exp = *exp;
  list.iat = *iat;
  list.ver = registry::ListVersion{*ver};
  list.records = elements(*members);
  iss = *issuer;
  sub = *subject;
  return true;
}

/// Signature, form, issuer and key of a list; `when` says for which time the key must be good.
Checked<SignedList> read_list(std::string_view compact, const KeyHistory& keys, Instant now, SignedAt when,
                              const std::string& document) {
  auto opened = open_jwt(compact, keys, kListType, Fault::list_type, Fault::list_signature, document);
  if (!opened) return opened.finding();
  Checked<SignedList> list{SignedList{}};
  list->payload = std::make_shared<const std::string>(std::move(opened->octets));
  list->kid = opened->kids.front();
  std::string iss;
  std::string sub;
  if (!read_payload(*list, iss, sub)) return Finding{Fault::list_malformed, document, ""};
  const std::string& issuer = keys.newest().iss;
  if (iss != issuer || sub != issuer + kListPath) return Finding{Fault::list_issuer, document, iss + " " + sub};
  when.iat = list->iat;
  when.ver = list->ver;
  if (!keys.holds(list->kid, when)) return Finding{Fault::list_key, document, list->kid};
  if (list->iat > now.plus_seconds(kClockSkewSeconds)) return Finding{Fault::list_future, document, list->iat.iso()};
  return list;
}

/// Reads the leaves of a filed list. Faults: leaf_malformed, leaf_origin, leaf_seq, leaf_time, records_differ.
Checked<Done> read_records(FiledList& filed, const std::string& document) {
  const std::string last_time = filed.list.iat.plus_seconds(kClockSkewSeconds).iso();
  for (const std::string_view octets : filed.list.records) {
    const auto leaf = read_leaf(octets);
    if (!leaf) return Finding{Fault::leaf_malformed, document, fmt::format("record {}", filed.leaves.size())};
    const std::string id(leaf->id);
    if (leaf->origin != filed.checkpoint.origin) return Finding{Fault::leaf_origin, document, id};
    if (leaf->seq.value() >= filed.checkpoint.size.value()) return Finding{Fault::leaf_seq, document, id};
    if (leaf->recorded_at > last_time) return Finding{Fault::leaf_time, document, id};
    const bool in_order = filed.leaves.empty() || filed.leaves.back().id < leaf->id;
    if (!in_order || leaf->id == registry::kKeysRecord) return Finding{Fault::records_differ, document, id};
    filed.leaves.push_back(*leaf);
  }
  return Done{};
}

}  // namespace

std::optional<Instant> instant_of(std::string_view value) {
  const auto seconds = unsigned_of(value);
  if (!seconds || *seconds > registry::kLastUnixSecond) return std::nullopt;
  return Instant{0}.plus_seconds(static_cast<std::int64_t>(*seconds));
}

std::optional<std::vector<std::string_view>> records_in(std::string_view payload) {
  const auto members = canonical_members(payload);
  return members ? std::optional(elements(*members)) : std::nullopt;
}

Checked<SignedList> open_list(std::string_view compact, const KeyHistory& keys, Instant now) {
  auto list = read_list(compact, keys, now, SignedAt::present(), kListPath);
  if (list && now >= list->exp) return Finding{Fault::list_expired, kListPath, "since " + list->exp.iso()};
  return list;
}

const Leaf* FiledList::find(std::string_view id) const {
  const auto at = std::lower_bound(leaves.begin(), leaves.end(), id,
                                   [](const Leaf& leaf, std::string_view wanted) { return leaf.id < wanted; });
  return at != leaves.end() && at->id == id ? &*at : nullptr;
}

Checked<FiledList> open_filed_list(std::string_view compact, const KeyHistory& keys, Instant now,
                                   const std::string& document) {
  auto list = read_list(compact, keys, now, {}, document);
  if (!list) return list.finding();
  SignedAt when{list->iat, list->ver, {}};
  const auto checkpoint = open_checkpoint(list->checkpoint, keys, when, now, document);
  if (!checkpoint) return checkpoint.finding();
  // Only now is the size known: a thief can write an old version, but not get an old checkpoint for a new leaf.
  when.size = checkpoint->size;
  if (!keys.holds(list->kid, when)) return Finding{Fault::list_key, document, list->kid};
  Checked<FiledList> filed{FiledList{std::move(*list), *checkpoint, {}}};
  if (auto read = read_records(*filed, document); !read) return read.finding();
  return filed;
}

Checked<Done> check_records(const SignedList& list, const Log& log) {
  auto record = list.records.begin();
  for (const auto& [id, history] : log.history) {
    if (id == registry::kKeysRecord) continue;
    if (record == list.records.end() || *record != log.leaves[history.back()].octets) {
      return Finding{Fault::records_differ, kListPath, std::string(id)};
    }
    ++record;
  }
  if (record != list.records.end()) return Finding{Fault::records_differ, kListPath, "a record too many"};
  return Done{};
}

}  // namespace ismap::feed::verify
