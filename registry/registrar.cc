#include "registry/registrar.h"

#include <algorithm>
#include <utility>

#include "registry/journal.h"
#include "registry/ledger.h"
#include "registry/rules/common.h"
#include "registry/tables.h"
#include "registry/writing.h"

namespace ismap::registry {

namespace {

/// What a repeated request is answered with.
Json kept(const Acted& acted) {
  Json numbers = Json::array();
  for (const Seq seq : acted.seqs) numbers.push_back(seq.value());
  Json notices = Json::array();
  for (const Error& n : acted.notices) {
    notices.push_back({{"article", n.article}, {"en", n.en}, {"ja", n.ja}, {"pointer", n.pointer}});
  }
  return Json{{"notices", std::move(notices)}, {"seqs", std::move(numbers)}};
}

Acted replayed_act(const Json& answer) {
  Acted acted;
  acted.replayed = true;
  const bool bare = answer.is_array();  // as kept before there were notices
  for (const Json& number : bare ? answer : answer.at("seqs")) acted.seqs.emplace_back(number.get<std::uint64_t>());
  if (bare) return acted;
  for (const Json& n : answer.at("notices")) {
    acted.notices.push_back({Code::invalid, n.at("pointer").get<std::string>(), n.at("article").get<std::string>(),
                             n.at("ja").get<std::string>(), n.at("en").get<std::string>()});
  }
  return acted;
}

/// A version of the key set on its way into the journal.
struct KeyChange {
  std::string_view octets;
  KeySetVersion ver;
  std::string origin;
  std::optional<Seq> prev;
  Instant recorded_at;
};

Result<Done> append_keys(lmdb::WriteTxn& txn, const KeyChange& change) {
  Event event;
  event.kind = EventKind::key;
  event.effective = change.recorded_at.jst_day();
  event.origin = change.origin;
  event.prev = change.prev;
  event.recorded_at = change.recorded_at;
  event.rules = rules::rules_edition(event.effective).value_or("");
  event.seq = Seq{journal::size(txn).value()};
  event.record = Json{{"id", "keys"}, {"sha256", hex(sha256(change.octets))}, {"ver", change.ver.value()}};
  Result<Done> done = journal::append(txn, event);
  if (done.ok()) txn.put(tables::kKeySets, lmdb::key_of(change.ver.value()), change.octets);
  return done;
}

Json key_entry(const Actor& actor, Instant at, Seq seq) {
  return Json{{"act", "key"},
              {"actor", to_json(actor)},
              {"article", nullptr},
              {"at", at.iso()},
              {"events", Json::array({seq.value()})}};
}

}  // namespace

Result<Acted> Registrar::open_log(const std::string& origin, std::string_view key_set_octets, Instant now) {
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Acted> {
    if (journal::size(txn).value() != 0) {
      return Error{Code::conflict, "", "", "このデータフォルダーには既に台帳があります",
                   "this data folder already has a log"};
    }
    Result<Done> done = append_keys(txn, {key_set_octets, KeySetVersion{1}, origin, std::nullopt, now});
    if (!done.ok()) return done.errors();
    ledger::append(txn, key_entry(Actor{}, now, Seq{0}));
    return Acted{{Seq{0}}, false, {}};
  });
}

Result<Acted> Registrar::change_keys(std::string_view key_set_octets, KeySetVersion ver, const Actor& actor,
                                     Instant now) {
  Result<Acted> lapsed = remove_expired(now);
  if (!lapsed.ok()) return lapsed;
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Acted> {
    const std::optional<Seq> newest = tables::latest(txn, "keys");
    const auto last = newest ? journal::event(txn, *newest) : Result<Event>(Error{Code::conflict, "", "", "", ""});
    if (!last.ok()) return last.errors();
    const auto present = last->record.at("ver").get<std::uint64_t>();
    if (ver.value() != present + 1) {
      return Error{Code::conflict, "/ver", "",
                   "いまの鍵セットの次の版ではありません（現在は" + std::to_string(present) + "版）",
                   "not the version after the present one, which is " + std::to_string(present)};
    }
    const Instant recorded_at = std::max(now, *journal::last_recorded_at(txn));
    const Seq seq{journal::size(txn).value()};
    Result<Done> done = append_keys(txn, {key_set_octets, ver, journal::origin(txn), newest, recorded_at});
    if (!done.ok()) return done.errors();
    ledger::append(txn, key_entry(actor, recorded_at, seq));
    return Acted{{seq}, false, {}};
  });
}

Result<Acted> Registrar::act(const Command& command, Instant now, const std::optional<RequestKey>& key) {
  Result<Acted> lapsed = remove_expired(now);
  if (!lapsed.ok()) return lapsed;
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Acted> {
    if (key) {
      Result<std::optional<Json>> earlier = replays::find(txn, *key, now);
      if (!earlier.ok()) return earlier.errors();
      if (earlier->has_value()) return replayed_act(**earlier);
    }
    Result<Writing> writing = Writing::begin(txn, now);
    if (!writing.ok()) return writing.errors();
    Result<Done> done = writing->perform(command);
    if (!done.ok()) return done.errors();
    writing->sign_off(command.actor, name_of(act_of(command.doing)), &command);
    Acted acted{writing->appended(), false, writing->notices()};
    if (key) replays::keep(txn, *key, kept(acted), now);
    return acted;
  });
}

Result<bool> Registrar::removal_due(Instant now) const {
  const Day day = pending_.settled_until(now).jst_day();
  return env_.read([&](const lmdb::ReadTxn& txn) -> Result<bool> { return !tables::expired_before(txn, day).empty(); });
}

Result<Acted> Registrar::remove_expired(Instant now) {
  // A request that is read from here on was read after `now`: the day that is settled stays so.
  const Day settled = pending_.settled_until(now).jst_day();
  const auto due = env_.read(
      [&](const lmdb::ReadTxn& txn) -> Result<bool> { return !tables::expired_before(txn, settled).empty(); });
  if (!due.ok()) return due.errors();
  if (!*due) return Acted{};
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Acted> {
    Result<Writing> writing = Writing::begin(txn, now);
    if (!writing.ok()) return writing.errors();
    Result<Done> done = writing->remove_expired(settled);
    if (!done.ok()) return done.errors();
    return Acted{writing->appended(), false, {}};
  });
}

}  // namespace ismap::registry
