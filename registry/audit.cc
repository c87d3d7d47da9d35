#include "registry/audit.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "registry/digest.h"
#include "registry/ledger.h"
#include "registry/tables.h"

namespace ismap::registry::audit {

namespace {

std::string text_of(const Json& object, const char* member) {
  const Json value = object.is_object() ? object.value(member, Json()) : Json();
  return value.is_string() ? value.get<std::string>() : std::string();
}

Json object_in(const Json& entry, const char* member) {
  const Json value = entry.value(member, Json());
  return value.is_object() ? value : Json::object();
}

/// The events that an entry names: those of an act, or the one that is a step of a case.
bool names_event(const Json& entry, const std::set<std::uint64_t>& any_of) {
  const auto is_one = [&](const Json& seq) {
    return seq.is_number_unsigned() && any_of.contains(seq.get<std::uint64_t>());
  };
  const Json events = entry.value("events", Json::array());
  return std::any_of(events.begin(), events.end(), is_one) || is_one(object_in(entry, "step").value("event", Json()));
}

/// The token that spoke, that proposed, or that the entry is about.
bool names_token(const Json& entry, const std::string& token) {
  const Json proposed_by = object_in(object_in(entry, "proposal"), "proposed_by");
  return text_of(object_in(entry, "actor"), "token") == token || text_of(proposed_by, "token") == token ||
         text_of(object_in(entry, "token"), "id") == token;
}

bool names_filing(const Json& entry, const std::string& filing) {
  return text_of(entry, "filing") == filing || text_of(object_in(entry, "step"), "filing") == filing;
}

/// One question over a snapshot.
class Question {
 public:
  Question(const lmdb::ReadTxn& txn, const AuditFilter& filter) : txn_(txn), filter_(filter) {
    if (filter.event) asked_event_.insert(filter.event->value());
    if (!filter.service) return;
    for (const Seq seq : tables::history(txn, filter.service->value())) of_service_.insert(seq.value());
  }

  [[nodiscard]] bool wants(const Json& entry) const { return by_whom(entry) && in_time(entry) && about_what(entry); }

 private:
  [[nodiscard]] bool by_whom(const Json& entry) const {
    const Json actor = object_in(entry, "actor");
    const bool act = filter_.act.empty() || text_of(entry, "act") == filter_.act;
    const bool role = !filter_.role || text_of(actor, "role") == name_of(*filter_.role);
    const bool organisation = filter_.organisation.empty() || text_of(actor, "organisation") == filter_.organisation;
    return act && role && organisation && (filter_.token.empty() || names_token(entry, filter_.token));
  }

  [[nodiscard]] bool in_time(const Json& entry) const {
    if (!filter_.since && !filter_.before) return true;
    const auto at = Instant::parse(text_of(entry, "at"));
    return at && (!filter_.since || *at >= *filter_.since) && (!filter_.before || *at < *filter_.before);
  }

  [[nodiscard]] bool about_what(const Json& entry) const {
    const bool in_case = !filter_.case_id || text_of(entry, "case") == filter_.case_id->value();
    const bool filed = filter_.filing.empty() || names_filing(entry, filter_.filing);
    const bool event = !filter_.event || names_event(entry, asked_event_);
    return in_case && filed && event && (!filter_.service || about_service(entry));
  }

  [[nodiscard]] bool about_service(const Json& entry) const {
    const std::string& id = filter_.service->value();
    if (text_of(entry, "service") == id || names_event(entry, of_service_)) return true;
    const Json services = object_in(entry, "token").value("services", Json::array());
    if (std::find(services.begin(), services.end(), Json(id)) != services.end()) return true;
    if (const std::string filing = text_of(entry, "filing"); !filing.empty()) {
      return service_of_filing(filing) == id;
    }
    const Json destroys = entry.value("destroys", Json());
    if (!destroys.is_number_unsigned() || destroys.get<std::uint64_t>() >= entry.at("number").get<std::uint64_t>()) {
      return false;
    }
    const auto stored = txn_.get(tables::kLedger, lmdb::key_of(destroys.get<std::uint64_t>()));
    const Json destroyed = stored ? Json::parse(*stored, nullptr, false) : Json();
    return destroyed.is_object() && about_service(destroyed);
  }

  /// The service of a stored filing.
  [[nodiscard]] std::string service_of_filing(const std::string& id) const {
    const auto stored = txn_.get(tables::kFilings, id);
    return stored ? text_of(Json::parse(*stored, nullptr, false), "service") : std::string();
  }

  const lmdb::ReadTxn& txn_;
  const AuditFilter& filter_;
  std::set<std::uint64_t> of_service_;   ///< the events of the service asked for
  std::set<std::uint64_t> asked_event_;  ///< the one event asked for
};

/// The numbers that a page may show, first to last in the order asked for.
struct Walk {
  std::uint64_t at = 0;
  std::uint64_t left = 0;
  bool down = true;
};

/// Where the walk begins, and how many entries it may look at.
Walk walk_of(const AuditFilter& filter, std::uint64_t size) {
  if (size == 0) return {};
  std::uint64_t first = filter.from;
  std::uint64_t last = std::min(filter.to.value_or(size - 1), size - 1);
  if (filter.after && filter.newest_first) {
    if (*filter.after == 0) return {};
    last = std::min(last, *filter.after - 1);
  } else if (filter.after) {
    if (*filter.after >= size - 1) return {};
    first = std::max(first, *filter.after + 1);
  }
  if (first > last) return {};
  return {filter.newest_first ? last : first, last - first + 1, filter.newest_first};
}

Json as_shown(const lmdb::ReadTxn& txn, Json entry, std::string_view octets, bool texts) {
  const auto number = entry.at("number").get<std::uint64_t>();
  entry["entry_sha256"] = hex(sha256(octets));  // "sha256" is a member of entries that are about a file
  if (!texts) return entry;
  entry["texts"] = ledger::payload_of(txn, number);
  entry["texts_destroyed"] = ledger::was_destroyed(txn, number);
  return entry;
}

}  // namespace

AuditPage query(const lmdb::ReadTxn& txn, const AuditFilter& filter) {
  const Question question(txn, filter);
  AuditPage page;
  Walk walk = walk_of(filter, ledger::size(txn));
  for (; walk.left > 0; --walk.left) {
    const auto octets = txn.get(tables::kLedger, lmdb::key_of(walk.at));
    Json entry = octets ? Json::parse(*octets, nullptr, false) : Json();
    if (entry.is_object() && question.wants(entry)) {
      if (page.items.size() == filter.limit) {
        page.next = page.items.back().at("number").get<std::uint64_t>();
        break;
      }
      page.items.push_back(as_shown(txn, std::move(entry), *octets, filter.texts));
    }
    walk.at = walk.down ? walk.at - 1 : walk.at + 1;
  }
  return page;
}

std::optional<AuditHead> head(const lmdb::ReadTxn& txn) {
  const auto last = txn.last(tables::kLedger);
  if (!last) return std::nullopt;
  return AuditHead{lmdb::number_of(last->first), hex(sha256(last->second))};
}

AuditLines lines(const lmdb::ReadTxn& txn, std::uint64_t from, std::optional<std::uint64_t> to, std::size_t limit) {
  AuditLines out;
  std::size_t taken = 0;
  txn.scan(tables::kLedger, lmdb::key_of(from), [&](std::string_view key, std::string_view octets) {
    const std::uint64_t number = lmdb::number_of(key);
    if (to && number > *to) return false;
    if (taken == limit) {
      out.next = number;
      return false;
    }
    out.text.append(octets).push_back('\n');
    ++taken;
    return true;
  });
  return out;
}

void note(lmdb::WriteTxn& txn, std::string_view act, const Actor& who, Instant at, const Json& payload) {
  ledger::append(txn, Json{{"act", act}, {"actor", to_json(who)}, {"article", nullptr}, {"at", at.iso()}}, payload);
}

void note_reading(lmdb::WriteTxn& txn, const AuditPage& page, const Actor& who, const Json& question, Instant at) {
  Json read = Json::array();
  for (const Json& item : page.items) read.push_back(item.at("number"));
  ledger::append(txn, Json{{"act", "audit-read"},
                           {"actor", to_json(who)},
                           {"article", nullptr},
                           {"asked", question},
                           {"at", at.iso()},
                           {"read", std::move(read)}});
}

}  // namespace ismap::registry::audit
