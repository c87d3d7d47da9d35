#include "server/api/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "feed/crypto.h"
#include "registry/as_of.h"
#include "registry/digest.h"
#include "registry/journal.h"
#include "registry/search_text.h"
#include "server/problem.h"

namespace ismap::server {

using registry::Day;
using registry::Errors;
using registry::Event;
using registry::Instant;
using registry::Json;
using registry::Result;
using registry::Seq;
using registry::Service;
using registry::Text;

namespace {

constexpr std::size_t kMostItems = 1000;
constexpr std::size_t kCorporateNumberDigits = 13;

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<Day> parse_as_of(std::string_view text, Day today) {
  const auto day = Day::parse(text);
  if (!day) {
    return bad_parameter("as_of", "as_of は YYYY-MM-DD の形の実在する日で指定してください",
                         "as_of must be a day of the calendar, YYYY-MM-DD");
  }
  if (*day > today) {
    return bad_parameter("as_of", "as_of に将来の日は指定できません", "as_of may not be a future day");
  }
  return *day;
}

Result<Instant> parse_known_at(std::string_view text, Instant now) {
  const auto instant = Instant::parse(text);
  if (!instant) {
    return bad_parameter("known_at", "known_at は YYYY-MM-DDTHH:MM:SSZ の形のUTCの時刻で指定してください",
                         "known_at must be an instant in UTC, YYYY-MM-DDTHH:MM:SSZ");
  }
  if (*instant > now) {
    return bad_parameter("known_at", "known_at に将来の時刻は指定できません", "known_at may not be a future instant");
  }
  return *instant;
}

Result<ListQuery::StateFilter> parse_state(std::string_view text) {
  if (text == "registered") return ListQuery::StateFilter::registered;
  if (text == "removed") return ListQuery::StateFilter::removed;
  if (text == "all") return ListQuery::StateFilter::all;
  return bad_parameter("state", "state は registered、removed、all のいずれかです",
                       "state is one of registered, removed, all");
}

Result<std::size_t> parse_limit(std::string_view text) {
  std::size_t n = 0;
  const bool digits = all_digits(text) && text.size() <= 4;
  if (digits) std::from_chars(text.data(), text.data() + text.size(), n);
  if (n < 1 || n > kMostItems) {
    return bad_parameter("limit", fmt::format("limit は1から{}までの整数です", kMostItems),
                         fmt::format("limit is an integer from 1 to {}", kMostItems));
  }
  return n;
}

std::string fingerprint_of(const ListQuery& query) {
  Json all = {{"state", static_cast<int>(query.state)},
              {"number", query.corporate_number},
              {"provider", query.provider_key},
              {"q", query.text_key}};
  if (query.times) {
    all["as_of"] = query.times->as_of.iso();
    all["known_at"] = query.times->known_at.iso();
  }
  return registry::hex(registry::sha256(registry::canonical(all))).substr(0, 16);
}

std::string cursor_of(const ListQuery& query, std::string_view last_id) {
  return feed::base64url(fmt::format("{} {}", query.fingerprint, last_id));
}

/// The id after which the page begins.
Result<std::string> parse_cursor(std::string_view cursor, const ListQuery& query) {
  const auto text = feed::from_base64url(cursor);
  if (text.ok() && text->size() > query.fingerprint.size() && text->starts_with(query.fingerprint + " ")) {
    return text->substr(query.fingerprint.size() + 1);
  }
  return bad_parameter("cursor", "cursor がこの条件の続きを示していません。最初のページから読み直してください",
                       "the cursor does not belong to this query; begin again with the first page");
}

/// Stores a parsed value, or its reasons.
template <class T>
void take(Result<T> parsed, T& value, Errors& errors) {
  if (parsed.ok()) {
    value = std::move(parsed).value();
  } else {
    registry::append(errors, parsed.errors());
  }
}

/// Folds each text by itself, so that no match runs from one into the next.
std::string folded(const Text& text) {
  const std::string ja = registry::search_key(text.ja) + "\n";
  return text.en ? ja + registry::search_key(*text.en) + "\n" : ja;
}

/// What `q` searches, of a state that is not the present one; the same texts as in ListedService::search_text.
std::string text_key_of(const Service& service) {
  const registry::Items& items = service.items;
  std::string key = registry::search_key(service.id.value()) + "\n" + folded(items.name) + folded(items.provider.name) +
                    items.provider.corporate_number.value() + "\n" + folded(items.scope.text);
  for (const Text& item : items.scope.items) key += folded(item);
  return key;
}

bool matches_state(const Service& service, ListQuery::StateFilter filter) {
  if (filter == ListQuery::StateFilter::all) return true;
  return (service.state == registry::State::removed) == (filter == ListQuery::StateFilter::removed);
}

bool matches_provider(const Service& service, const ListQuery& query) {
  const registry::Provider& provider = service.items.provider;
  if (!query.corporate_number.empty()) return provider.corporate_number.value() == query.corporate_number;
  return query.provider_key.empty() || folded(provider.name).find(query.provider_key) != std::string::npos;
}

Json record_in(const registry::LeafBytes& leaf) { return Json::parse(leaf.value()).at("record"); }

/// The service in the state that the question asks for, if it is one of those asked for. The present state comes
/// without its record, which only the items of the page need.
Result<std::optional<Item>> selected(const Call& call, const ListQuery& query, const feed::ListedService& listed) {
  const bool present = !query.times || (listed.recorded_at <= query.times->known_at &&
                                        listed.recorded_at.jst_day() <= query.times->as_of);
  if (present) {  // nothing holds later than the day on which it is recorded, so the last leaf is the state
    const bool wanted = matches_state(listed.service, query.state) && matches_provider(listed.service, query) &&
                        listed.search_text.find(query.text_key) != std::string::npos;
    return wanted ? std::optional(Item{nullptr, listed.seq}) : std::nullopt;
  }
  auto history = events_of(call, listed.service.id.value());
  if (!history.ok()) return history.errors();
  auto item = item_as_of(*history, *query.times);
  if (!item) return std::optional<Item>{};
  const auto service = registry::stored_service(item->record);
  if (!service.ok()) return service.errors();
  const bool wanted = matches_state(*service, query.state) && matches_provider(*service, query) &&
                      (query.text_key.empty() || text_key_of(*service).find(query.text_key) != std::string::npos);
  return wanted ? std::move(item) : std::nullopt;
}

}  // namespace

Result<std::optional<Times>> parse_times(const Call& call) {
  const auto day_text = call.parameter("as_of");
  const auto instant_text = call.parameter("known_at");
  if (!day_text && !instant_text) return std::optional<Times>{};
  const Instant now = call.context.now();
  Errors errors;
  Times times{now.jst_day(), now};
  if (instant_text) take(parse_known_at(*instant_text, now), times.known_at, errors);
  times.as_of = times.known_at.jst_day();
  if (day_text) take(parse_as_of(*day_text, now.jst_day()), times.as_of, errors);
  if (!errors.empty()) return errors;
  return std::optional(times);
}

Result<ListQuery> parse_list_query(const Call& call) {
  ListQuery query;
  Errors errors;
  if (const auto text = call.parameter("state")) take(parse_state(*text), query.state, errors);
  if (const auto text = call.parameter("limit")) take(parse_limit(*text), query.limit, errors);
  take(parse_times(call), query.times, errors);
  const std::string_view provider = call.parameter("provider").value_or("");
  const bool number = provider.size() == kCorporateNumberDigits && all_digits(provider);
  (number ? query.corporate_number : query.provider_key) =
      number ? std::string(provider) : registry::search_key(provider);
  query.text_key = registry::search_key(call.parameter("q").value_or(""));
  query.fingerprint = fingerprint_of(query);
  if (!errors.empty()) return errors;
  if (const auto text = call.parameter("cursor")) take(parse_cursor(*text, query), query.after, errors);
  if (!errors.empty()) return errors;
  return query;
}

Result<ItemPage> select(const Call& call, const ListQuery& query) {
  ItemPage page;
  std::string_view last;
  for (const auto& listed : call.generation->services) {
    auto found = selected(call, query, *listed);
    if (!found.ok()) return found.errors();
    if (!found->has_value()) continue;
    ++page.total;
    const std::string& id = listed->service.id.value();
    if (id <= query.after) continue;
    if (page.items.size() == query.limit) {
      if (page.next_cursor.empty()) page.next_cursor = cursor_of(query, last);
      continue;
    }
    Item item = **std::move(found);
    if (item.record.is_null()) item.record = record_in(listed->leaf);
    page.items.push_back(std::move(item));
    last = id;
  }
  return page;
}

Result<std::vector<Event>> events_of(const Call& call, std::string_view id) {
  return call.context.env.read([&](const registry::lmdb::ReadTxn& txn) {
    return registry::journal::history(txn, id, call.generation->size);  // what is later is not yet published
  });
}

std::optional<Item> item_as_of(const std::vector<Event>& history, const Times& times) {
  Json state = registry::state_as_of(history, times.as_of, times.known_at);
  if (state.is_null()) return std::nullopt;
  Seq last{};
  for (const Event& event : history) {
    if (event.recorded_at <= times.known_at && event.effective <= times.as_of) last = std::max(last, event.seq);
  }
  return Item{std::move(state), last};
}

}  // namespace ismap::server
