#include "registry/cases/correction.h"

#include <algorithm>
#include <map>
#include <utility>

#include "registry/cases/procedure.h"
#include "registry/event.h"
#include "registry/journal.h"

namespace ismap::registry::cases {

namespace {

/// Openings of the intervals that are open in a record, with their articles.
std::map<std::uint64_t, std::string> open_in(const Json& record) {
  std::map<std::uint64_t, std::string> open;
  for (const auto& [array, end] : {std::pair{"suspensions", "lifted"}, std::pair{"re_audits", "ended"}}) {
    for (const Json& interval : record.at(array)) {
      if (!interval.at(end).is_null()) continue;
      open[interval.at("opening").get<std::uint64_t>()] = interval.at("article").get<std::string>();
    }
  }
  return open;
}

const Json* undecided(const Json& record) {
  for (const Json& renewal : record.at("renewals")) {
    if (renewal.at("decided").is_null()) return &renewal;
  }
  return nullptr;
}

/// Whether the application of a case waits for its decision in a record.
bool waits_in(const Case& one, const Json& record) {
  const Json* renewal = undecided(record);
  if (renewal == nullptr || one.procedure != Procedure::renewal || record.at("state") != "registered") return false;
  const Seq opening{renewal->at("opening").get<std::uint64_t>()};
  return std::any_of(one.steps.begin(), one.steps.end(),
                     [&](const Step& s) { return s.name == "applied" && s.event == opening; });
}

/// The act at the root of a chain of corrections. REQUIRES: `seq` is an event of the journal.
Seq root_of(const lmdb::ReadTxn& txn, Seq seq) {
  for (;;) {
    const Event event = stored_leaf(journal::leaf(txn, seq).value().value()).value();
    if (event.kind != EventKind::corrected) return seq;
    seq = *event.corrects;
  }
}

class Correcting {
 public:
  Correcting(lmdb::WriteTxn& txn, const ActDone& done)
      : txn_(txn),
        done_(done),
        corrected_(root_of(txn, std::get<Correct>(done.command.doing).seq)),
        open_(open_in(done.after)),
        revived_(done.before.at("state") == "removed" && done.after.at("state") == "registered") {}

  void join(Case& one) {
    NewStep made = step();
    const Step* touched = nullptr;
    for (const Step& s : one.steps) {
      if (s.event == corrected_) touched = &s;
    }
    note_intervals(one, made);
    const bool waits = waits_in(one, done_.after);
    const bool waiting_differs = waits != waits_in(one, done_.before);
    if (touched != nullptr) made.step.article = touched->article;
    if (touched == nullptr && made.step.facts.empty() && !waiting_differs) return;
    const bool opened_anew = (waits && waiting_differs) || made.step.facts.contains("open_again");
    made.reopens = one.ended && (opened_anew || (touched != nullptr && taken_back(one)));
    if (!made.reopens && !one.ended) made.ends = end_of(one, made, touched != nullptr);
    const bool waits_no_more = waiting_differs && !waits && done_.after.at("state") == "registered";
    if (!one.ended && waits_no_more) made.ends = CaseEnd::completed;
    add(txn_, one, std::move(made));
  }

  /// 12.1: an application that was received in time and recorded late.
  void open_renewal() {
    const Json* renewal = undecided(done_.after);
    if (renewal == nullptr || Seq{renewal->at("opening").get<std::uint64_t>()} != done_.events.back()) return;
    NewStep made = step();
    made.step.name = "applied";
    made.step.article = Article{"12.1"};
    made.step.by = Role::registrant;
    made.step.on = Day::parse(renewal->at("filed_on").get<std::string>()).value();
    open(txn_, Procedure::renewal, done_.command.service, std::move(made));
  }

 private:
  [[nodiscard]] NewStep step() const {
    NewStep made;
    made.step.name = "corrected";
    made.step.article = Article{"11.5"};
    made.step.by = done_.command.actor.role;
    made.step.actor = done_.command.actor;
    made.step.on = done_.recorded_at.jst_day();
    made.step.recorded_at = done_.recorded_at;
    made.step.event = done_.events.back();
    return made;
  }

  void note_intervals(const Case& one, NewStep& made) const {
    std::vector<std::uint64_t> held;
    Json gone = Json::array();
    for (const OpenInterval& interval : open_intervals(one)) {
      held.push_back(interval.opening.value());
      if (open_.count(interval.opening.value()) == 0) gone.push_back(interval.opening.value());
    }
    Json again = Json::array();
    for (const auto& [opening, article] : open_) {
      const bool of_this = std::any_of(one.steps.begin(), one.steps.end(), [&, number = opening](const Step& s) {
        return (s.name == "suspended" || s.name == "started") && s.event == Seq{number};
      });
      const bool is_held = std::find(held.begin(), held.end(), opening) != held.end();
      if (of_this && !is_held && one.procedure != Procedure::agencies) {
        again.push_back(Json{{"article", article}, {"opening", opening}});
      }
    }
    if (!gone.empty()) made.step.facts["gone"] = std::move(gone);
    if (!again.empty()) made.step.facts["open_again"] = std::move(again);
  }

  /// The removal that is taken back ended the case, or was made in it: what was asked or considered there is open
  /// again.
  [[nodiscard]] bool taken_back(const Case& one) const {
    if (one.procedure == Procedure::renewal) return false;  // open as long as its application waits
    return revived_ && (one.ended == CaseEnd::by_removal || one.steps.front().event != corrected_);
  }

  /// What the corrected act opened and nothing else keeps open is over.
  [[nodiscard]] std::optional<CaseEnd> end_of(const Case& one, const NewStep& made, bool touched) const {
    const bool struck_opening = touched && one.steps.front().event == corrected_;
    const bool of_the_act = one.procedure == Procedure::agencies || one.procedure == Procedure::removal ||
                            one.procedure == Procedure::re_application;
    if (of_the_act && struck_opening && (revived_ || one.steps.front().name == "suspended")) return is_struck(one);
    const bool had_intervals = made.step.facts.contains("gone");
    if (!had_intervals || one.procedure == Procedure::incident) return std::nullopt;
    Case after = one;
    after.steps.push_back(made.step);
    return open_intervals(after).empty() ? std::optional<CaseEnd>(CaseEnd::completed) : std::nullopt;
  }

  /// Of a suspension that is still there after the correction, the agencies are to be told still.
  [[nodiscard]] std::optional<CaseEnd> is_struck(const Case& one) const {
    if (one.steps.front().name != "suspended") return CaseEnd::completed;
    for (const Json& suspension : done_.after.at("suspensions")) {
      if (suspension.at("opening") == corrected_.value()) return std::nullopt;
    }
    return CaseEnd::completed;
  }

  lmdb::WriteTxn& txn_;
  const ActDone& done_;
  Seq corrected_;
  std::map<std::uint64_t, std::string> open_;
  bool revived_;
};

}  // namespace

void join_correction(lmdb::WriteTxn& txn, const ActDone& done, std::vector<Case> known) {
  Correcting correcting(txn, done);
  for (Case& one : known) correcting.join(one);
  correcting.open_renewal();
}

}  // namespace ismap::registry::cases
