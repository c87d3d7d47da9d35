#include "registry/filings/queue.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "registry/cases/procedure.h"

namespace ismap::registry {

namespace {

/// The case of a received filing; nothing where it has none. Errors: corrupt.
Result<std::optional<Case>> case_of_filing(const lmdb::ReadTxn& txn, const Filing& filing) {
  if (!filing.case_id || !filing.received_at) return std::optional<Case>();
  Result<Case> found = cases::get(txn, CaseId{*filing.case_id});
  if (!found.ok()) return found.errors();
  return std::optional<Case>(*std::move(found));
}

/// The articles of a suspension and of the lift that a filing asks for. Article: 13.5, 13.6, 14.3, 14.4
bool ends_with_a_filing(const Article& suspension, std::string_view lift) {
  return (lift == "13.6" && suspension == Article{"13.5"}) || (lift == "14.4" && suspension == Article{"14.3"});
}

/// Whether the filing is one of those that a duty waits behind: its step would open that duty, if an earlier one had
/// not done so already.
bool waits_behind(const Case& of, const Deadline& deadline, const Filing& filing) {
  if (deadline.step > filing.step || filing.step == 0 || filing.step > of.steps.size()) return false;
  const Step& step = of.steps.at(filing.step - 1);
  const StepRule* rule = find_rule(of.procedure, step.name, step.article.value());
  return rule != nullptr && std::any_of(rule->dues.begin(), rule->dues.end(), [&](const DueRule& due) {
           return due.article == deadline.article && due.en == deadline.what.en.value_or("");
         });
}

std::vector<ProposedLift> lifts_in(const Case& of, const std::vector<Deadline>& due, const Filing& filing) {
  std::vector<ProposedLift> lifts;
  for (const Deadline& deadline : due) {
    if (deadline.answered_on || !waits_behind(of, deadline, filing)) continue;
    for (const OpenInterval& open : open_intervals(of)) {
      if (!ends_with_a_filing(open.article, deadline.article)) continue;
      lifts.push_back({of.service, Article{deadline.article}, open.opening, filing.id});
    }
  }
  return lifts;
}

/// The line of a filing; nothing when nobody waits for anything.
Result<std::optional<Waiting>> line_of(const lmdb::ReadTxn& txn, const Filing& filing, Day today,
                                       const CaseSettings& settings) {
  const auto of = case_of_filing(txn, filing);
  if (!of.ok()) return of.errors();
  Waiting line{filing, {}, {}};
  if (of->has_value()) {
    const std::vector<Deadline> due = deadlines(**of, today, settings);
    line.lifts = lifts_in(**of, due, filing);
    for (const Deadline& deadline : due) {
      const bool open =
          !deadline.answered_on && deadline.who != Role::registrant && waits_behind(**of, deadline, filing);
      if (open && deadline.due && (!line.due || *deadline.due < *line.due->due)) line.due = deadline;
    }
  }
  if (filing.state != FilingState::received && line.lifts.empty()) return std::optional<Waiting>();
  return std::optional<Waiting>(std::move(line));
}

}  // namespace

Result<std::vector<ProposedLift>> lifts_for(const lmdb::ReadTxn& txn, const Filing& filing, Day today,
                                            const CaseSettings& settings) {
  const auto of = case_of_filing(txn, filing);
  if (!of.ok()) return of.errors();
  if (!of->has_value()) return std::vector<ProposedLift>{};
  return lifts_in(**of, deadlines(**of, today, settings), filing);
}

Result<std::vector<Waiting>> waiting_filings(const lmdb::ReadTxn& txn, Day today, const CaseSettings& settings) {
  const auto received =
      filings::all(txn, [](const Filing& f) { return f.received_at && f.state != FilingState::superseded; });
  if (!received.ok()) return received.errors();
  std::vector<Waiting> lines;
  for (const Filing& filing : *received) {
    auto line = line_of(txn, filing, today, settings);
    if (!line.ok()) return line.errors();
    if (line->has_value()) lines.push_back(std::move(**line));
  }
  const auto rank = [](const Waiting& line) {
    const std::string due = line.due ? line.due->due->iso() : "9999";
    return std::tuple(due, *line.filing.received_at, line.filing.id);
  };
  std::sort(lines.begin(), lines.end(), [&](const Waiting& a, const Waiting& b) { return rank(a) < rank(b); });
  return lines;
}

Json to_json(const ProposedLift& lift) {
  return Json{{"act", "reinstate"},
              {"article", lift.article.value()},
              {"basis", {{"filing", lift.filing.value()}}},
              {"opening", lift.opening.value()},
              {"service", lift.service.value()}};
}

Json to_json(const std::vector<ProposedLift>& lifts) {
  Json out = Json::array();
  for (const ProposedLift& lift : lifts) out.push_back(to_json(lift));
  return out;
}

}  // namespace ismap::registry
