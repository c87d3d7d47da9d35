#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/canonical_json.h"
#include "registry/event.h"
#include "registry/service.h"
#include "registry/strong.h"
#include "registry/time.h"
#include "server/routes.h"

/// Questions to the register: parsed once from the parameters, then answered from the generation and the journal.
namespace ismap::server {

/// The two times of a question: the day for which one asks, and the instant of what was known.
struct Times {
  registry::Day as_of;
  registry::Instant known_at;
};

/// The question to GET /v1/services, and the form of the list page.
struct ListQuery {
  enum class StateFilter { registered, removed, all };
  StateFilter state = StateFilter::registered;
  std::string corporate_number;  ///< exact; empty: any
  std::string provider_key;      ///< folded, part of the provider's name; empty: any
  std::string text_key;          ///< folded, part of the search text; empty: any
  std::optional<Times> times;    ///< absent: as things stand
  std::size_t limit = 100;
  std::string after;        ///< id of the last item of the page before; empty: from the first
  std::string fingerprint;  ///< of all that selects items: what a cursor is bound to
};

/// Reads `as_of` and `known_at`; nothing when neither is given. A day without an instant is asked as known now, an
/// instant without a day for the JST day on which it falls.
/// Errors: malformed, naming the parameter: not a day, not an instant, or in the future.
registry::Result<std::optional<Times>> parse_times(const Call& call);

/// Errors: malformed, one for each bad parameter.
registry::Result<ListQuery> parse_list_query(const Call& call);

/// One service as an answer shows it: its record, and the seq of the last event in it.
struct Item {
  registry::Json record;
  registry::Seq seq;
};

/// A page of the answer.
struct ItemPage {
  std::vector<Item> items;
  std::size_t total = 0;    ///< of all pages
  std::string next_cursor;  ///< empty on the last page
};

/// The services that the question asks for, in order of id.
/// Errors: unavailable, corrupt.
registry::Result<ItemPage> select(const Call& call, const ListQuery& query);

/// Every event of a record that this generation covers, oldest first; empty for an unknown id.
registry::Result<std::vector<registry::Event>> events_of(const Call& call, std::string_view id);

/// The state of a record at two times, or nothing when nothing is known to hold by then.
std::optional<Item> item_as_of(const std::vector<registry::Event>& history, const Times& times);

}  // namespace ismap::server
