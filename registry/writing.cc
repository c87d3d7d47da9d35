#include "registry/writing.h"

#include <algorithm>
#include <utility>

#include "registry/journal.h"
#include "registry/ledger.h"
#include "registry/rules/common.h"
#include "registry/tables.h"

namespace ismap::registry {

Result<Writing> Writing::begin(lmdb::WriteTxn& txn, Instant now) {
  const auto last = journal::last_recorded_at(txn);
  if (!last) {
    return Error{Code::conflict, "", "", "台帳がまだありません。先に ismap-liu init を実行してください",
                 "there is no log yet: run ismap-liu init first"};
  }
  return Writing(txn, journal::origin(txn), std::max(now, *last), now.jst_day());
}

Result<std::vector<Event>> Writing::history(std::string_view id) const {
  return journal::history(*txn_, id, journal::size(*txn_));
}

Result<Done> Writing::append(const Draft& draft, const std::vector<Event>& history) {
  Event event;
  event.article = draft.article;
  event.changes = draft.changes;
  event.corrects = draft.corrects;
  event.effective = draft.effective;
  event.kind = draft.kind;
  event.origin = origin_;
  if (!history.empty()) event.prev = history.back().seq;
  event.receipt = draft.receipt;
  event.record = draft.record;
  event.recorded_at = recorded_at_;
  event.rules = rules::rules_edition(draft.effective).value_or("");
  event.seq = Seq{journal::size(*txn_).value()};
  Result<Done> done = journal::append(*txn_, event);
  if (done.ok()) appended_.push_back(event.seq);
  return done;
}

Result<Done> Writing::perform(const Command& command) {
  Result<std::vector<Event>> before = history(command.service.value());
  if (!before.ok()) return before.errors();
  const Situation situation{*before, today_, Seq{journal::size(*txn_).value()}};
  Result<std::vector<Draft>> drafts = decide(situation, command);
  if (!drafts.ok()) return drafts.errors();
  for (const Draft& draft : *drafts) {
    Result<std::vector<Event>> so_far = history(command.service.value());
    if (!so_far.ok()) return so_far.errors();
    Result<Done> done = append(draft, *so_far);
    if (!done.ok()) return done;
  }
  return Done{};
}

Result<Done> Writing::remove_expired() {
  const std::size_t already = appended_.size();
  for (const std::string& id : tables::expired_before(*txn_, today_)) {
    Result<std::vector<Event>> events = history(id);
    if (!events.ok()) return events.errors();
    Result<Done> done = append(lapse(Situation{*events, today_, Seq{journal::size(*txn_).value()}}), *events);
    if (!done.ok()) return done;
  }
  if (appended_.size() > already) {
    Json seqs = Json::array();
    for (std::size_t i = already; i < appended_.size(); ++i) seqs.push_back(appended_[i].value());
    ledger::append(*txn_, Json{{"act", "remove"},
                               {"actor", {{"role", "system"}, {"organisation", nullptr}}},
                               {"article", "12.1"},
                               {"at", recorded_at_.iso()},
                               {"events", std::move(seqs)}});
  }
  return Done{};
}

void Writing::sign_off(const Actor& actor, std::string_view act, const Command* command) {
  if (appended_.empty()) return;
  Json entry{{"act", act},
             {"actor", to_json(actor)},
             {"at", recorded_at_.iso()},
             {"article", nullptr},
             {"events", Json::array()}};
  for (const Seq seq : appended_) entry["events"].push_back(seq.value());
  if (command != nullptr) {
    if (command->article) entry["article"] = command->article->value();
    entry["reason"] = command->reason;
    entry["basis"] = command->basis;
  }
  ledger::append(*txn_, std::move(entry));
}

}  // namespace ismap::registry
