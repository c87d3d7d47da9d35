#include "feed/list.h"

#include "feed/large_text.h"
#include "feed/list_csv.h"
#include "registry/digest.h"
#include "registry/search_text.h"

namespace ismap::feed {

namespace {

using registry::Result;
using registry::Text;

constexpr std::size_t kLongestLineEnd = 2;

void add_folded(std::string& all, std::string_view text) {
  all += registry::search_key(text);
  all += '\n';  // no query holds one, so no match runs from one item into the next
}

void add_folded(std::string& all, const Text& text) {
  add_folded(all, text.ja);
  if (text.en) add_folded(all, *text.en);
}

/// What `q` looks into: name, provider, id and scope.
std::string search_text(const registry::Service& service) {
  const registry::Items& items = service.items;
  std::string all;
  add_folded(all, service.id.value());
  add_folded(all, items.name);
  add_folded(all, items.provider.name);
  add_folded(all, items.provider.corporate_number.value());
  add_folded(all, items.scope.text);
  for (const Text& item : items.scope.items) add_folded(all, item);
  return all;
}

}  // namespace

Result<ListedService> listed_service(registry::LeafBytes leaf) {
  auto event = registry::stored_leaf(leaf.value());
  if (!event) return event.errors();
  auto service = registry::stored_service(event->record);
  if (!service) return service.errors();
  ListedService listed;
  listed.seq = event->seq;
  listed.leaf_hash = registry::leaf_hash(leaf.value());
  listed.leaf = std::move(leaf);
  listed.recorded_at = event->recorded_at;
  listed.csv_row = csv_row(*service);
  listed.search_text = search_text(*service);
  listed.service = std::move(*service);
  return listed;
}

std::string list_payload(const ListHead& head, const ListedServices& services) {
  const auto quoted = [](const std::string& text) { return registry::canonical(registry::Json(text)); };
  std::string out =
      "{\"checkpoint\":" + quoted(head.checkpoint) + ",\"exp\":" + std::to_string(head.exp.unix_seconds()) +
      ",\"iat\":" + std::to_string(head.iat.unix_seconds()) + ",\"iss\":" + quoted(head.iss) + ",\"records\":[";
  std::size_t size = out.size() + head.iss.size() + 100;
  for (const auto& service : services) size += service->leaf.value().size() + 1;
  reserve_large(out, size);
  for (const auto& service : services) {
    if (out.back() != '[') out += ',';
    out += service->leaf.value();
  }
  out += "],\"sub\":" + quoted(head.iss + "/v1/list.jwt") + ",\"ttl\":" + std::to_string(kListTtlSeconds) +
         ",\"ver\":" + std::to_string(head.ver.value()) + "}";
  return out;
}

std::string list_csv(const ListedServices& services) {
  std::string out = csv_start();
  std::size_t size = out.size();
  for (const auto& service : services) size += service->csv_row.size() + kLongestLineEnd;
  reserve_large(out, size);
  for (const auto& service : services) add_csv_row(out, service->service.state, service->csv_row);
  return out;
}

}  // namespace ismap::feed
