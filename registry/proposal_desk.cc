#include "registry/proposal_desk.h"

#include <map>
#include <utility>

#include "registry/writing.h"

namespace ismap::registry {

namespace {

/// The RFC 7396 merge patch that leads from one record to another; here null sets null.
Json merge_patch(const Json& from, const Json& to) {
  Json patch = Json::object();
  for (const auto& [name, value] : to.items()) {
    const Json old = from.value(name, Json());
    if (old.is_object() && value.is_object()) {
      Json inner = merge_patch(old, value);
      if (!inner.empty()) patch[name] = std::move(inner);
    } else if (!from.contains(name) || old != value) {
      patch[name] = value;
    }
  }
  for (const auto& [name, value] : from.items()) {
    if (!to.contains(name)) patch[name] = nullptr;
  }
  return patch;
}

/// What gives a transaction up that was only to be tried.
Error only_tried() { return {Code::invalid, "", "", "試しただけです", "this was only tried"}; }

/// How an act stands with four-eyes: whether it is held back now, and the proposal that was made with its key before.
struct Ground {
  bool covered = false;
  std::optional<Proposed> before;
};

/// What was answered with this key is answered again: a proposal here, an act by the registrar.
Result<Ground> ground_of(const lmdb::ReadTxn& txn, FourEyes by, const std::optional<RequestKey>& key, Instant now) {
  Ground ground;
  Result<std::optional<Json>> answer = key ? replays::find(txn, *key, now) : std::optional<Json>();
  if (!answer.ok()) return answer.errors();
  if (!answer->has_value()) {
    ground.covered = settings::get(txn).four_eyes.contains(by);
  } else if ((*answer)->contains("proposal")) {
    Result<Proposal> made = proposals::get(txn, ProposalId{(*answer)->at("proposal").get<std::string>()});
    if (!made.ok()) return made.errors();
    ground.before = Proposed{std::move(*made), true, {}};
  }
  return ground;
}

Result<Done> operator_at_the_machine(const Actor& who) {
  if (who.role == Role::operator_ && who.local_user) return Done{};
  return Error{Code::forbidden, "/role", "", "設定は、データフォルダーのあるマシンで operator が変えます",
               "settings are changed by the operator at the machine of the data folder"};
}

}  // namespace

std::optional<FourEyes> four_eyes_of(Act act, const std::optional<Article>& article) {
  if (act == Act::suspend) return FourEyes::suspend;
  const bool dismissed = act == Act::close_renewal && article == Article{"18.2(3)"};
  if (act == Act::remove || dismissed) return FourEyes::remove;
  return std::nullopt;
}

namespace {

/// The suspensions that are open in a record, with the day from which each holds.
std::map<std::uint64_t, std::string> open_suspensions_in(const Json& record) {
  std::map<std::uint64_t, std::string> open;
  for (const Json& one : record.value("suspensions", Json::array())) {
    if (one.at("lifted").is_null()) open[one.at("opening").get<std::uint64_t>()] = one.at("since").get<std::string>();
  }
  return open;
}

}  // namespace

std::optional<FourEyes> four_eyes_of(const Json& before, const Json& after) {
  if (!before.is_object() || !after.is_object() || !before.contains("state")) return std::nullopt;
  const bool removes = before.at("state") != "removed" && after.at("state") == "removed";
  const bool ends_sooner = after.value("expires_on", "") < before.value("expires_on", "");
  if (removes || ends_sooner) return FourEyes::remove;
  const auto was = open_suspensions_in(before);
  for (const auto& [opening, since] : open_suspensions_in(after)) {
    const auto known = was.find(opening);
    if (known == was.end() || since < known->second) return FourEyes::suspend;
  }
  return std::nullopt;
}

Result<std::optional<FourEyes>> ProposalDesk::covering(const Command& command, Instant now) {
  const Act act = act_of(command.doing);
  const std::optional<FourEyes> by_name = four_eyes_of(act, command.article);
  if (by_name || (act != Act::correct && act != Act::renew)) return by_name;
  const auto set = settings();
  if (!set.ok()) return set.errors();
  if (set->four_eyes.empty()) return std::optional<FourEyes>();
  const Result<Preview> seen = preview(command, now);
  return seen.ok() ? seen->does : std::optional<FourEyes>();  // what the rules refuse, the registrar refuses
}

Result<ProposalDesk::Preview> ProposalDesk::preview(const Command& command, Instant now) {
  Preview seen;
  bool tried = false;
  const Result<Done> given_up = env_.write([&](lmdb::WriteTxn& txn) -> Result<Done> {
    Result<Writing> writing = Writing::begin(txn, now);
    if (!writing.ok()) return writing.errors();
    Result<std::optional<Event>> before = writing->last_event(command.service.value());
    if (!before.ok()) return before.errors();
    Result<Done> done = writing->perform(command);
    if (!done.ok()) return done;
    Result<std::optional<Event>> after = writing->last_event(command.service.value());
    if (!after.ok()) return after.errors();
    const Json was = before->has_value() ? (*before)->record : Json::object();
    seen.does = four_eyes_of(was, (*after)->record);
    seen.before = merge_patch((*after)->record, was);
    seen.after = merge_patch(was, (*after)->record);
    seen.notices = writing->notices();
    tried = true;
    return only_tried();
  });
  if (!tried) return given_up.errors();
  return seen;
}

Result<std::optional<Proposed>> ProposalDesk::hold_back(const Command& command, const Json& request, Instant now,
                                                        const std::optional<RequestKey>& key) {
  using Answer = Result<std::optional<Proposed>>;
  const Result<std::optional<FourEyes>> covered = covering(command, now);
  if (!covered.ok()) return covered.errors();
  if (!covered->has_value()) return std::optional<Proposed>();
  const FourEyes by = **covered;
  Result<Ground> ground = env_.read([&](const lmdb::ReadTxn& txn) { return ground_of(txn, by, key, now); });
  if (!ground.ok()) return ground.errors();
  if (!ground->covered) return std::move(ground->before);
  if (Result<Acted> lapsed = registrar_.remove_expired(now); !lapsed.ok()) return lapsed.errors();
  Result<Preview> seen = preview(command, now);
  if (!seen.ok()) return seen.errors();
  Proposal wanted;
  wanted.act = name_of(act_of(command.doing));
  wanted.service = command.service;
  wanted.article = command.article;
  wanted.proposed_by = command.actor;
  wanted.before = std::move(seen->before);
  wanted.after = std::move(seen->after);
  wanted.request = request;
  return env_.write([&](lmdb::WriteTxn& txn) -> Answer {
    Result<Proposal> made = proposals::add(txn, wanted, now);
    if (!made.ok()) return made.errors();
    if (key) replays::keep(txn, *key, Json{{"proposal", made->id.value()}}, now);
    return std::optional<Proposed>(Proposed{std::move(*made), false, std::move(seen->notices)});
  });
}

Result<std::optional<Proposed>> ProposalDesk::hold_back_keys(Proposal draft, Instant now) {
  using Answer = Result<std::optional<Proposed>>;
  draft.act = name_of(FourEyes::key);
  return env_.write([&](lmdb::WriteTxn& txn) -> Answer {
    if (!settings::get(txn).four_eyes.contains(FourEyes::key)) return std::optional<Proposed>();
    Result<Proposal> made = proposals::add(txn, std::move(draft), now);
    if (!made.ok()) return made.errors();
    return std::optional<Proposed>(Proposed{std::move(*made), false, {}});
  });
}

Result<std::optional<Proposed>> ProposalDesk::change_settings(const Settings& to, const Actor& who,
                                                              const std::string& reason, Instant now) {
  using Answer = Result<std::optional<Proposed>>;
  if (Result<Done> allowed = operator_at_the_machine(who); !allowed.ok()) return allowed.errors();
  return env_.write([&](lmdb::WriteTxn& txn) -> Answer {
    const Settings present = settings::get(txn);
    if (present.four_eyes.empty() || present == to) {
      Result<Done> changed = settings::put(txn, {to, who, reason, nullptr, ""}, now);
      if (!changed.ok()) return changed.errors();
      return std::optional<Proposed>();
    }
    Proposal wanted;
    wanted.act = "settings";
    wanted.proposed_by = who;
    wanted.before = to_json(present);
    wanted.after = to_json(to);
    wanted.request = Json{{"reason", {{"ja", reason}}}, {"settings", to_json(to)}};
    Result<Proposal> made = proposals::add(txn, std::move(wanted), now);
    if (!made.ok()) return made.errors();
    return std::optional<Proposed>(Proposed{std::move(*made), false, {}});
  });
}

Result<std::optional<Acted>> ProposalDesk::answered(const std::optional<RequestKey>& key, Instant now) const {
  if (!key) return std::optional<Acted>();
  return env_.read([&](const lmdb::ReadTxn& txn) -> Result<std::optional<Acted>> {
    Result<std::optional<Json>> earlier = replays::find(txn, *key, now);
    if (!earlier.ok()) return earlier.errors();
    return earlier->has_value() ? std::optional<Acted>(acted_before(**earlier)) : std::nullopt;
  });
}

Result<Proposal> ProposalDesk::for_confirmation(const ProposalId& id, const Actor& who, Instant now) const {
  return env_.read([&](const lmdb::ReadTxn& txn) { return proposals::for_confirmation(txn, id, who, now); });
}

Result<Acted> ProposalDesk::confirm(const ProposalId& id, Command command, const Confirmation& by, Instant now,
                                    const std::optional<RequestKey>& key) {
  if (Result<Acted> lapsed = registrar_.remove_expired(now); !lapsed.ok()) return lapsed;
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Acted> {
    if (key) {
      Result<std::optional<Json>> earlier = replays::find(txn, *key, now);
      if (!earlier.ok()) return earlier.errors();
      if (earlier->has_value()) return acted_before(**earlier);
    }
    Result<Proposal> proposal = proposals::for_confirmation(txn, id, by.who, now);
    if (!proposal.ok()) return proposal.errors();
    command.actor = by.who;
    command.proposal = proposals::cited(*proposal);
    command.confirmation = by.reason;
    Result<Writing> writing = Writing::begin(txn, now);
    if (!writing.ok()) return writing.errors();
    Result<Done> done = writing->perform(command);
    if (!done.ok()) return done.errors();
    writing->sign_off(command.actor, name_of(act_of(command.doing)), &command);
    const Acted acted{writing->appended(), false, writing->notices()};
    proposals::close(txn, *proposal, {true, by.who, now, acted.seqs});
    if (key) replays::keep(txn, *key, to_answer(acted), now);
    return acted;
  });
}

Result<Settings> ProposalDesk::confirm_settings(const ProposalId& id, const Confirmation& by, Instant now) {
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Settings> {
    Result<Proposal> proposal = proposals::for_confirmation(txn, id, by.who, now);
    if (!proposal.ok()) return proposal.errors();
    Result<Settings> to = read_settings(proposal->request.at("settings"));
    if (!to.ok()) return to;
    const auto reason = proposal->request.at("reason").at("ja").get<std::string>();
    Result<Done> changed = settings::put(txn, {*to, by.who, reason, proposals::cited(*proposal), by.reason}, now);
    if (!changed.ok()) return changed.errors();
    proposals::close(txn, *proposal, {true, by.who, now, {}});
    return to;
  });
}

Result<Proposal> ProposalDesk::reject(const ProposalId& id, const Actor& who, const std::string& reason, Instant now) {
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Proposal> {
    Result<Proposal> proposal = proposals::for_rejection(txn, id, who, now);
    if (!proposal.ok()) return proposal;
    return proposals::reject(txn, *proposal, who, reason, now);
  });
}

Result<Proposal> ProposalDesk::get(const ProposalId& id) const {
  return env_.read([&](const lmdb::ReadTxn& txn) { return proposals::get(txn, id); });
}

Result<std::vector<Proposal>> ProposalDesk::all() const {
  return env_.read([](const lmdb::ReadTxn& txn) { return proposals::all(txn); });
}

Result<Settings> ProposalDesk::settings() const {
  return env_.read([](const lmdb::ReadTxn& txn) -> Result<Settings> { return settings::get(txn); });
}

}  // namespace ismap::registry
