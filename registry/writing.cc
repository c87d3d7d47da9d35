#include "registry/writing.h"

#include <algorithm>
#include <utility>

#include "registry/cases/earlier.h"
#include "registry/cases/joining.h"
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

Result<std::optional<Event>> Writing::last_event(std::string_view id) const {
  const auto seq = tables::latest(*txn_, id);
  if (!seq) return std::optional<Event>{};
  Result<Event> event = journal::event(*txn_, *seq);
  if (!event.ok()) return event.errors();
  return std::optional<Event>{std::move(*event)};
}

Result<std::vector<Event>> Writing::history_for(const Command& command) const {
  const std::string& id = command.service.value();
  if (std::holds_alternative<Correct>(command.doing)) return journal::history(*txn_, id, journal::size(*txn_));
  return journal::history_around(*txn_, id, command.effective.value_or(today_));
}

Result<Done> Writing::append(const Draft& draft) {
  Event event;
  event.article = draft.article;
  event.changes = draft.changes;
  event.corrects = draft.corrects;
  event.effective = draft.effective;
  event.kind = draft.kind;
  event.origin = origin_;
  event.receipt = draft.receipt;
  event.record = draft.record;
  event.prev = tables::latest(*txn_, record_id(event));
  event.recorded_at = recorded_at_;
  event.rules = rules::rules_edition(draft.effective).value_or("");
  event.seq = Seq{journal::size(*txn_).value()};
  Result<Done> done = journal::append(*txn_, event);
  if (done.ok()) appended_.push_back(event.seq);
  return done;
}

std::vector<IncidentBehind> Writing::incidents_of(const Command& command, const Json& record) const {
  std::vector<IncidentBehind> all;
  for (const Json& suspension : record.at("suspensions")) {
    const Seq opening{suspension.at("opening").get<std::uint64_t>()};
    const auto incident = cases::incident_behind(*txn_, command.service, opening);
    if (incident && incident->incident_on) {
      all.push_back({opening, {incident->incident_on, incident->estimated, incident->known_on}});
      continue;
    }
    const Json entry = ledger::entry_of(*txn_, opening);
    if (entry.is_object()) all.push_back({opening, incident_in(entry.value("details", Json()))});
  }
  return all;
}

Result<Done> Writing::remember(Situation& situation, const Command& command) const {
  const bool known = !situation.history.empty() && situation.history.back().kind != EventKind::key;
  const auto* entering = std::get_if<RegisterService>(&command.doing);
  std::optional<CorporateNumber> provider;
  if (entering != nullptr) {
    provider = entering->record.items.provider.corporate_number;
  } else if (known && std::holds_alternative<Renew>(command.doing)) {
    const Json& record = situation.history.back().record;
    provider = CorporateNumber{record.at("provider").at("corporate_number").get<std::string>()};
  } else if (known && std::holds_alternative<Remove>(command.doing)) {
    situation.incidents = incidents_of(command, situation.history.back().record);
  }
  if (!provider) return Done{};
  Result<std::vector<EarlierRemoval>> earlier = cases::earlier_removals(*txn_, *provider);
  if (!earlier.ok()) return earlier.errors();
  situation.earlier_removals = std::move(*earlier);
  return Done{};
}

Result<Done> Writing::perform(const Command& command) {
  Result<Done> same = still_shows(*txn_, command.service, command.looked_at);
  if (!same.ok()) return same;
  Result<std::vector<Event>> history = history_for(command);
  if (!history.ok()) return history.errors();
  Situation situation{*history, today_, Seq{journal::size(*txn_).value()}, {}, {}};
  Result<Done> remembered = remember(situation, command);
  if (!remembered.ok()) return remembered;
  Result<std::vector<Draft>> drafts = decide(situation, command);
  if (!drafts.ok()) return drafts.errors();
  cases::ActDone act{command, {}, drafts->back().effective, nullptr, drafts->back().record, recorded_at_};
  if (!history->empty()) act.before = history->back().record;
  for (const Draft& draft : *drafts) {
    Result<Done> done = append(draft);
    if (!done.ok()) return done;
    act.events.push_back(appended_.back());
    registry::append(notices_, draft.notices);
  }
  Result<cases::Joined> joined = cases::join(*txn_, act);
  if (!joined.ok()) return joined.errors();
  registry::append(notices_, joined->notices);
  return Done{};
}

Result<Done> Writing::remove_expired(Day day) {
  const std::size_t already = appended_.size();
  for (const std::string& id : tables::expired_before(*txn_, day)) {
    Result<std::vector<Event>> history = journal::history_around(*txn_, id, day);
    if (!history.ok()) return history.errors();
    const Draft draft = lapse(Situation{*history, day, Seq{journal::size(*txn_).value()}});
    Result<Done> done = append(draft);
    if (done.ok()) {
      done = cases::join_lapse(*txn_, ServiceId{id}, appended_.back(), draft.effective, recorded_at_);
    }
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
  Json payload;
  if (command != nullptr) {
    if (command->article) entry["article"] = command->article->value();
    entry["facts"] = case_facts(command->doing);
    payload = Json{{"basis", command->basis}, {"reason", command->reason}};
    if (Json texts = case_texts(command->doing); !texts.is_null()) payload["texts"] = std::move(texts);
  }
  ledger::append(*txn_, std::move(entry), payload);
}

}  // namespace ismap::registry
