#include "registry/rules/chapter18.h"

#include <string>
#include <string_view>
#include <utility>

#include "registry/calendar.h"
#include "registry/rules/chapter13.h"
#include "registry/rules/common.h"
#include "registry/rules/intervals.h"

namespace ismap::registry::rules {

namespace {

using Drafts = Result<std::vector<Draft>>;

/// The service and the day of its removal.
struct RemovalGround {
  Service service;
  Day day;
};

Result<RemovalGround> removal_ground(const Situation& situation, const Command& command) {
  Result<Service> service = standing(situation, command);
  if (!service.ok()) return service.errors();
  if (std::holds_alternative<Remove>(command.doing)) {
    Result<Done> cited = cites_basis(command);
    if (!cited.ok()) return cited.errors();
  }
  Result<Day> day = adverse_day(situation, command);
  if (!day.ok()) return day.errors();
  return RemovalGround{std::move(*service), *day};
}

/// The removal, and before it the end of an undecided renewal application.
Drafts removed(const Situation& situation, const Command& command, RemovalGround on, const RenewalDecision& ending) {
  std::vector<Draft> drafts;
  if (undecided_renewal(on.service)) {
    for (Renewal& renewal : on.service.renewals) {
      if (!renewal.decided) renewal.decided = ending;
    }
    Drafts closed = drafted(situation, command, EventKind::renewal_closed, on.day, on.service);
    if (!closed.ok()) return closed;
    drafts = std::move(*closed);
  }
  on.service.state = State::removed;
  on.service.removal = Removal{*command.article, on.day};
  Drafts removal = drafted(situation, command, EventKind::removed, on.day, on.service);
  if (!removal.ok()) return removal;
  drafts.push_back(std::move(removal->front()));
  return drafts;
}

/// A cause that only its basis shows. `ending`: how an undecided renewal application ends with it; no article of its
/// own.
Drafts remove_on_basis(const Situation& situation, const Command& command, RenewalResult ending) {
  const auto& doing = std::get<Remove>(command.doing);
  if (doing.opening || doing.incident != IncidentStated{}) {
    return refusal(Code::invalid, doing.opening ? "/opening" : "/incident_on", "18.2(6)",
                   "一時停止とインシデントの日を示すのは 18.2(6) による削除だけです",
                   "only a removal under 18.2(6) names a suspension and its incident");
  }
  Result<RemovalGround> on = removal_ground(situation, command);
  if (!on.ok()) return on.errors();
  const RenewalDecision decision{std::nullopt, on->day, ending};
  return removed(situation, command, std::move(*on), decision);
}

/// What was recorded with the suspension; empty when nothing was.
IncidentStated recorded_incident(const Situation& situation, Seq opening) {
  for (const IncidentBehind& behind : situation.incidents) {
    if (behind.opening == opening) return behind.incident;
  }
  return {};
}

/// What is stated now, and else what was recorded with the suspension.
IncidentStated firm_incident(const IncidentStated& stated, const IncidentStated& recorded) {
  IncidentStated firm = stated;
  if (!firm.occurred_on && !recorded.estimated) firm.occurred_on = recorded.occurred_on;
  if (!firm.known_on) firm.known_on = recorded.known_on;
  return firm;
}

/// 18.2(6): a firm day, and a year gone since.
Result<Done> year_passed(const IncidentStated& incident, Day today) {
  if (!incident.occurred_on || incident.estimated) {
    return refusal(Code::invalid, "/incident_on", "18.2(6)",
                   "インシデントの発生日が推定又は不明です。確かな発生日（incident_on）を書いてください",
                   "the day of the incident is estimated or unknown: give the firm day (incident_on)");
  }
  Errors errors = check_incident(incident, today);
  if (!errors.empty()) return errors;
  const Day last = due(*incident.occurred_on, kIncidentUnresolved);
  if (today > last) return Done{};
  return refusal(Code::conflict, "/service", "18.2(6)",
                 "インシデントの発生（" + incident.occurred_on->iso() + "）から1年が経過していません。" +
                     last.plus(1).iso() + " から行えます",
                 "a year has not passed since the incident (" + incident.occurred_on->iso() + "); possible from " +
                     last.plus(1).iso());
}

/// The day that the year runs from is not changed by the removal that ends it.
Result<Done> day_is_the_recorded(const IncidentStated& stated, const IncidentStated& recorded) {
  if (!stated.occurred_on || !recorded.occurred_on || recorded.estimated) return Done{};
  if (*stated.occurred_on == *recorded.occurred_on) return Done{};
  return refusal(Code::conflict, "/incident_on", "18.2(6)",
                 "記録された発生日（" + recorded.occurred_on->iso() +
                     "）と異なります。先に事案で発生日を確認（occurrence-confirmed）してください",
                 "differs from the day on record (" + recorded.occurred_on->iso() +
                     "): confirm the occurrence in its case first (occurrence-confirmed)");
}

/// How a removal stands to 18.2(5), in words.
struct Wording {
  std::string_view ja;
  std::string_view en;
};
const Wording& wording_of(EarlierRemoval::How how) {
  static constexpr Wording kRemoved{"18.2(5) により削除されています", "was removed under 18.2(5)"};
  static constexpr Wording kCorrected{"18.2(5) により削除され、その後に根拠条項が訂正されています",
                                      "was removed under 18.2(5), and the article was corrected later"};
  static constexpr Wording kConsidered{"18.2(5) による削除の検討中に他の条項により削除されています",
                                       "was removed on another ground while 18.2(5) was considered"};
  switch (how) {
    case EarlierRemoval::How::removed:
      return kRemoved;
    case EarlierRemoval::How::corrected:
      return kCorrected;
    case EarlierRemoval::How::considered:
      return kConsidered;
  }
  return kRemoved;
}

}  // namespace

Drafts remove_unrenewed(const Situation& situation, const Command& command) {
  const Result<Service> service = standing(situation, command);
  if (!service.ok()) return service.errors();
  if (undecided_renewal(*service)) {
    return refusal(Code::conflict, "/service", "12.1", "更新の申請が審査中です。判断までは登録が有効です",
                   "a renewal application is undecided: the registration stays valid until it is decided");
  }
  const Day expiry = service->items.expires_on;
  if (situation.today <= expiry) {
    return refusal(Code::conflict, "/service", "18.2(1)",
                   "登録の有効期限（" + expiry.iso() + "）までは、更新の申請を行うことができます",
                   "a renewal can be applied for until the expiry (" + expiry.iso() + ")");
  }
  return remove_on_basis(situation, command, RenewalResult::withdrawn);
}

Drafts remove_withdrawn(const Situation& situation, const Command& command) {
  return remove_on_basis(situation, command, RenewalResult::withdrawn);
}

Drafts remove_dismissed(const Situation& situation, const Command& command) {
  Result<RemovalGround> on = removal_ground(situation, command);
  if (!on.ok()) return on.errors();
  const auto renewal = undecided_renewal(on->service);
  if (!renewal) {
    return refusal(Code::conflict, "/service", "12.1", "審査中の更新の申請がありません",
                   "no renewal application is open");
  }
  if (renewal->filed_on < kReservationRulesFrom) {
    return refusal(Code::conflict, "/service", "S2023-07-03.1",
                   "18.2(3)は " + kReservationRulesFrom.iso() + " 以降に行われた更新の申請に適用されます（申請 " +
                       renewal->filed_on.iso() + "）",
                   "18.2(3) applies to applications made from " + kReservationRulesFrom.iso() +
                       "; this one was made on " + renewal->filed_on.iso());
  }
  const RenewalDecision decision{Article{"18.2(3)"}, on->day, RenewalResult::dismissed};
  return removed(situation, command, std::move(*on), decision);
}

Drafts remove_for_re_application(const Situation& situation, const Command& command) {
  return remove_on_basis(situation, command, RenewalResult::dismissed);
}

Drafts remove_for_unanswered_demand(const Situation& situation, const Command& command) {
  return remove_on_basis(situation, command, RenewalResult::dismissed);
}

Drafts remove_for_unresolved_incident(const Situation& situation, const Command& command) {
  const auto& doing = std::get<Remove>(command.doing);
  Result<RemovalGround> on = removal_ground(situation, command);
  if (!on.ok()) return on.errors();
  const Result<Seq> opening = suspension_meant(on->service, "13.7", doing.opening);
  if (!opening.ok()) return opening.errors();
  const IncidentStated recorded = recorded_incident(situation, *opening);
  Result<Done> sound = day_is_the_recorded(doing.incident, recorded);
  if (sound.ok()) sound = year_passed(firm_incident(doing.incident, recorded), situation.today);
  if (!sound.ok()) return sound.errors();
  const RenewalDecision decision{std::nullopt, on->day, RenewalResult::dismissed};
  return removed(situation, command, std::move(*on), decision);
}

Drafts remove_for_unmet_requirements(const Situation& situation, const Command& command) {
  return remove_on_basis(situation, command, RenewalResult::dismissed);
}

Errors earlier_removals(const Situation& situation) {
  Errors found;
  for (const EarlierRemoval& earlier : situation.earlier_removals) {
    const Wording& how = wording_of(earlier.how);
    found.push_back(refusal(Code::conflict, "/record/provider", "5.1(4)",
                            "この法人番号で登録されていたサービス " + earlier.service.value() + " は、" +
                                std::string(how.ja) + "。5.1(4) の審査の事項です",
                            "service " + earlier.service.value() +
                                ", which was registered under this corporate number, " + std::string(how.en) +
                                ": a matter of the review by 5.1(4)"));
  }
  return found;
}

}  // namespace ismap::registry::rules
