#include "server/api/services_api.h"

#include <fmt/format.h>

#include <charconv>

#include "registry/as_of.h"
#include "registry/journal.h"
#include "registry/tables.h"
#include "server/api/query.h"

namespace ismap::server {

using registry::Code;
using registry::Error;
using registry::Event;
using registry::Json;
using registry::LeafBytes;
using registry::Result;
using registry::Seq;

namespace {

constexpr std::string_view kJson = "application/json";

Error unknown_service(std::string_view id) {
  return {Code::not_found, "", "", fmt::format("登録番号 {} のサービスはありません", id),
          fmt::format("there is no service {}", id)};
}

Error nothing_known(std::string_view id, const Event& first, const Times& times) {
  const std::string day = first.effective.iso();
  return {Code::not_found, "", "",
          fmt::format(
              "{} について {} の時点で知られている {} の登録はありません。最初の登録は {} 付けで、{} に記録されました",
              id, times.known_at.iso(), times.as_of.iso(), day, first.recorded_at.iso()),
          fmt::format("nothing was known at {} to hold for {} on {}; its first registration holds from {} and was "
                      "recorded at {}",
                      times.known_at.iso(), id, times.as_of.iso(), day, first.recorded_at.iso())};
}

Json with_seq(Item item) {
  item.record["seq"] = item.seq.value();
  return std::move(item.record);
}

/// The query of the next page: the same question, with the times that this page was answered for.
std::string next_url(const Call& call, const ListQuery& query, std::string_view cursor) {
  std::string out = call.request.path + "?";
  for (const std::string_view name : {"state", "provider", "q", "limit"}) {
    if (const auto value = call.parameter(name)) out += fmt::format("{}={}&", name, percent_encoded(*value));
  }
  if (query.times) {
    out += fmt::format("as_of={}&known_at={}&", query.times->as_of.iso(), percent_encoded(query.times->known_at.iso()));
  }
  return out + fmt::format("cursor={}", cursor);
}

Json list_json(const Call& call, ItemPage page) {
  Json out = {{"items", Json::array()},
              {"total", page.total},
              {"list_ver", call.generation->ver.value()},
              {"tree_size", call.generation->size.value()}};
  for (Item& item : page.items) out["items"].push_back(with_seq(std::move(item)));
  return out;
}

/// What follows from the state on that day; no part of the record.
Result<Json> derived(const Item& item, const Times& times) {
  const auto service = registry::stored_service(item.record);
  if (!service.ok()) return service.errors();
  Json out = {{"as_of", times.as_of.iso()},
              {"known_at", times.known_at.iso()},
              {"valid", registry::valid_on(*service, times.as_of)},
              {"suspended", !registry::open_suspensions(*service).empty()},
              {"re_audit", !registry::open_re_audits(*service).empty()},
              {"part_of_day", Json::array()}};
  for (const auto& interval : registry::part_of_day(item.record, times.as_of)) {
    out["part_of_day"].push_back({{"list", interval.first}, {"opening", interval.second}});
  }
  return out;
}

Result<Response> service_as_of(const Call& call, const Times& times) {
  const std::string& id = call.captures.front();
  if (!call.generation->service(id)) return unknown_service(id);  // `keys` has a history too, and is no service
  const auto history = events_of(call, id);
  if (!history.ok()) return history.errors();
  auto item = item_as_of(*history, times);
  if (!item) return nothing_known(id, history->front(), times);
  auto more = derived(*item, times);
  if (!more.ok()) return more.errors();
  Json out = with_seq(*std::move(item));
  out.update(*more);
  return answer_with(call.request, std::string(kJson), registry::canonical(out), call.route.caching);
}

/// Leaves of a record in their octets, as the items of a JSON array.
Result<std::pair<std::string, std::size_t>> joined_leaves(const Call& call, std::string_view id) {
  using Joined = std::pair<std::string, std::size_t>;
  return call.context.env.read([&](const registry::lmdb::ReadTxn& txn) -> Result<Joined> {
    Joined out;
    for (const Seq seq : registry::tables::history(txn, id)) {
      const auto leaf = registry::journal::leaf(txn, seq);
      if (!leaf || seq.value() >= call.generation->size.value()) break;
      if (out.second++ != 0) out.first += ',';
      out.first += leaf->value();
    }
    return out;
  });
}

}  // namespace

Result<Response> list_services(const Call& call) {
  const auto query = parse_list_query(call);
  if (!query.ok()) return query.errors();
  auto page = select(call, *query);
  if (!page.ok()) return page.errors();
  const std::string next = page->next_cursor.empty() ? "" : next_url(call, *query, page->next_cursor);
  Json out = list_json(call, std::move(page).value());
  if (!next.empty()) out["next"] = next;
  Response response = answer_with(call.request, std::string(kJson), registry::canonical(out), call.route.caching);
  if (!next.empty()) response.headers.add("Link", fmt::format("<{}>; rel=\"next\"", next));
  return response;
}

Result<Response> one_service(const Call& call) {
  const auto times = parse_times(call);
  if (!times.ok()) return times.errors();
  if (times->has_value()) return service_as_of(call, **times);
  const auto listed = call.generation->service(call.captures.front());
  if (!listed) return unknown_service(call.captures.front());
  const std::string etag = registry::hex(listed->leaf_hash);
  return answer(call.request, listed->record->of(listed->leaf, listed->seq), call.route.caching, etag);
}

Result<Response> service_history(const Call& call) {
  const std::string& id = call.captures.front();
  const auto leaves = joined_leaves(call, id);
  if (!leaves.ok()) return leaves.errors();
  if (leaves->second == 0 || !call.generation->service(id)) return unknown_service(id);
  std::string body = fmt::format(R"({{"events":[{}],"id":"{}","total":{}}})", leaves->first, id, leaves->second);
  return answer_with(call.request, std::string(kJson), std::move(body), call.route.caching);
}

}  // namespace ismap::server
