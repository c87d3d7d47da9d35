#include "feed/verify/list_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "feed/verify/octets.h"

namespace ismap::feed::verify {

namespace {

using registry::Done;
using registry::Instant;

constexpr const char* kList = "/v1/list.jwt";
constexpr std::uint64_t kLastSecond = std::uint64_t{1} << 40U;  ///< milliseconds must fit
constexpr std::string_view kKeys = "keys";

Finding at_list(Fault fault, std::string detail = "") { return {fault, kList, std::move(detail)}; }

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

}  // namespace

std::optional<Instant> instant_of(std::string_view value) {
  const auto seconds = unsigned_of(value);
  if (!seconds || *seconds > kLastSecond) return std::nullopt;
  return Instant{0}.plus_seconds(static_cast<std::int64_t>(*seconds));
}

Checked<SignedList> open_list(std::string_view compact, const KeyHistory& keys, Instant now) {
  auto opened = open_jwt(compact, keys, kListType, Fault::list_type, Fault::list_signature, kList);
  if (!opened) return opened.finding();
  Checked<SignedList> list{SignedList{}};
  list->payload = std::make_shared<const std::string>(std::move(opened->octets));
  list->kid = opened->kids.front();
  std::string iss;
  std::string sub;
  if (!read_payload(*list, iss, sub)) return at_list(Fault::list_malformed);
  const std::string& issuer = keys.newest().iss;
  if (iss != issuer || sub != issuer + kList) return at_list(Fault::list_issuer, iss + " " + sub);
  if (!keys.holds(list->kid, {list->iat, list->ver, {}})) return at_list(Fault::list_key);
  if (list->iat > now.plus_seconds(kClockSkewSeconds)) return at_list(Fault::list_future, list->iat.iso());
  if (now >= list->exp) return at_list(Fault::list_expired, "since " + list->exp.iso());
  return list;
}

Checked<Done> check_records(const SignedList& list, const Log& log) {
  auto record = list.records.begin();
  for (const auto& [id, history] : log.history) {
    if (id == kKeys) continue;
    if (record == list.records.end() || *record != log.leaves[history.back()].octets) {
      return Finding{Fault::records_differ, kList, std::string(id)};
    }
    ++record;
  }
  if (record != list.records.end()) return Finding{Fault::records_differ, kList, "a record too many"};
  return Done{};
}

}  // namespace ismap::feed::verify
