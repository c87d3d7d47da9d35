#include "registry/filings/effect.h"

#include <algorithm>
#include <utility>

#include "registry/decide.h"
#include "registry/journal.h"
#include "registry/tables.h"

namespace ismap::registry {

namespace {

/// The record of an event; null where there is none.
Result<Json> record_at(const lmdb::ReadTxn& txn, const std::optional<Seq>& seq) {
  if (!seq) return Json(nullptr);
  Result<Event> event = journal::event(txn, *seq);
  if (!event.ok()) return event.errors();
  return std::move(event->record);
}

/// The members of a record that a merge patch touches.
Json touched(const Json& record, const Json& changes) {
  Json out = Json::object();
  for (const auto& [name, value] : changes.items()) out[name] = record.value(name, Json());
  return out;
}

}  // namespace

Result<Effect> effect_of(const lmdb::ReadTxn& txn, const Command& command, Day today) {
  const Day day = command.effective.value_or(today);
  const auto history = journal::history_around(txn, command.service.value(), std::min(day, today));
  if (!history.ok()) return history.errors();
  const Result<std::vector<Draft>> drafts = decide(Situation{*history, std::max(day, today), Seq{0}}, command);
  if (!drafts.ok()) return drafts.errors();
  const Json before = history->empty() ? Json() : history->back().record;
  return Effect{record_diff(before, drafts->back().record), drafts->back().effective, shown(txn, command.service)};
}

Result<Effect> effect_of(const lmdb::ReadTxn& txn, Seq event) {
  const Result<Event> made = journal::event(txn, event);
  if (!made.ok()) return made.errors();
  const Result<Json> before = record_at(txn, made->prev);
  if (!before.ok()) return before.errors();
  Effect effect{record_diff(*before, made->record), made->effective, std::nullopt};
  if (made->prev) effect.on = journal::leaf_hashes(txn, *made->prev, TreeSize{made->prev->value() + 1}).front();
  return effect;
}

Result<std::vector<FieldDiff>> moved_since(const lmdb::ReadTxn& txn, const Filing& filing) {
  const auto latest = tables::latest(txn, filing.service.value());
  const Json changes = filing.payload.is_object() ? filing.payload.value("changes", Json()) : Json();
  if (!filing.base || latest == filing.base || !changes.is_object()) return std::vector<FieldDiff>{};
  const Result<Json> before = record_at(txn, filing.base);
  const Result<Json> now = record_at(txn, latest);
  if (!before.ok()) return before.errors();
  if (!now.ok()) return now.errors();
  return record_diff(touched(*before, changes), touched(*now, changes));
}

Result<std::vector<FieldDiff>> moved_since(const lmdb::ReadTxn& txn, const ServiceId& service,
                                           const LookedAt& looked_at) {
  const std::vector<Digest> named = looked_at.value_or(std::vector<Digest>{});
  std::optional<Seq> seen;
  for (const Seq seq : tables::history(txn, service.value())) {
    const Digest hash = journal::leaf_hashes(txn, seq, TreeSize{seq.value() + 1}).front();
    if (std::find(named.begin(), named.end(), hash) != named.end()) seen = seq;
  }
  const Result<Json> before = record_at(txn, seen);
  const Result<Json> now = record_at(txn, tables::latest(txn, service.value()));
  if (!before.ok()) return before.errors();
  if (!now.ok()) return now.errors();
  return record_diff(*before, *now);
}

Json to_json(const Effect& effect) {
  return Json{{"diff", to_json(effect.diff)},
              {"effective", effect.effective ? Json(effect.effective->iso()) : Json(nullptr)},
              {"etag", effect.on ? Json(hex(*effect.on)) : Json(nullptr)}};
}

}  // namespace ismap::registry
