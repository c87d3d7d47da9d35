#include "registry/rules/intervals.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "registry/rules/common.h"

namespace ismap::registry::rules {

namespace {

/// A suspension or a re-audit, as far as closing it goes.
struct Interval {
  Seq opening;
  std::string article;
  Day since;
  std::optional<Closing> closed;
};

/// What is being closed, for messages.
struct Kind {
  std::string_view ja;
  std::string_view en;
};
constexpr Kind kSuspension{"一時停止", "suspension"};
constexpr Kind kReAudit{"再監査", "re-audit"};

/// Which paragraph closes what another opened. Article: 13.6, 13.10, 14.4, 16.3, 16.4, 16.7
struct Pair {
  std::string_view opened_by;
  std::string_view closed_by;
};
constexpr std::array<Pair, 5> kPairs{
    {{"13.5", "13.6"}, {"13.7", "13.10"}, {"14.3", "14.4"}, {"16.1", "16.3, 16.4"}, {"16.5", "16.7"}}};

/// "16.3, 16.4"
std::string closing_of(std::string_view opened_by) {
  for (const Pair& pair : kPairs) {
    if (pair.opened_by == opened_by) return std::string(pair.closed_by);
  }
  return {};
}

std::vector<Interval> suspensions_of(const Service& service) {
  std::vector<Interval> all;
  for (const Suspension& s : service.suspensions) all.push_back({s.opening, s.article.value(), s.since, s.lifted});
  return all;
}

std::vector<Interval> re_audits_of(const Service& service) {
  std::vector<Interval> all;
  for (const ReAudit& r : service.re_audits) all.push_back({r.opening, r.article.value(), r.since, r.ended});
  return all;
}

/// Whether `closing` ("16.3, 16.4") names the article.
bool names(const std::string& closing, const std::string& article) {
  return (", " + closing + ",").find(" " + article + ",") != std::string::npos;
}

void check_each(const std::vector<Interval>& all, const std::string& array, const std::string& end, bool re_audits,
                Errors& errors) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Interval& interval = all[i];
    const std::string pointer = array + std::to_string(i);
    const std::string closing = closing_of(interval.article);
    if (closing.empty() || interval.article.starts_with("16.") != re_audits) {
      errors.push_back(refusal(Code::invalid, pointer + "/article", interval.article,
                               interval.article + " により始まるものではありません",
                               "nothing of this kind begins under " + interval.article));
    } else if (interval.closed && !names(closing, interval.closed->article.value())) {
      errors.push_back(refusal(Code::invalid, pointer + end + "/article", interval.closed->article.value(),
                               interval.article + " によるものを終わらせる条項は " + closing + " です",
                               "what began under " + interval.article + " ends under " + closing));
    } else if (interval.closed && interval.closed->on < interval.since) {
      errors.push_back(refusal(Code::invalid, pointer + end + "/on", interval.closed->article.value(),
                               "始まりの日（" + interval.since.iso() + "）より前です",
                               "lies before the day on which it began (" + interval.since.iso() + ")"));
    }
  }
}

std::string number(Seq seq) { return std::to_string(seq.value()); }

Result<Interval> named_interval(const std::vector<Interval>& all, std::string_view opened_by, Seq named, Kind kind) {
  const std::string ja(kind.ja);
  const std::string en(kind.en);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Interval& i) { return i.opening == named; });
  if (found == all.end()) {
    return refusal(Code::not_found, "/opening", std::string(opened_by),
                   "このサービスに、事象 " + number(named) + " で始まった" + ja + "はありません",
                   "no " + en + " of this service was opened by event " + number(named));
  }
  if (found->closed) {
    return refusal(Code::conflict, "/opening", found->closed->article.value(),
                   "この" + ja + "は " + found->closed->on.iso() + " に " + found->closed->article.value() +
                       " により終わっています",
                   "this " + en + " ended on " + found->closed->on.iso() + " under " + found->closed->article.value());
  }
  if (found->article != opened_by) {
    const std::string closing = closing_of(found->article);
    return refusal(Code::conflict, "/opening", closing.substr(0, closing.find(',')),
                   "この" + ja + "は " + found->article + " によるものです。終わらせる条項は " + closing + " です",
                   "this " + en + " was opened under " + found->article + "; it ends under " + closing);
  }
  return *found;
}

/// The open interval that an act closes.
Result<Interval> meant(const std::vector<Interval>& all, std::string_view opened_by, const std::optional<Seq>& named,
                       Kind kind) {
  if (named) return named_interval(all, opened_by, *named, kind);
  const Interval* found = nullptr;
  std::string numbers;
  for (const Interval& interval : all) {
    if (interval.closed || interval.article != opened_by) continue;
    numbers += (found == nullptr ? "" : ", ") + number(interval.opening);
    found = &interval;
  }
  const std::string article(opened_by);
  if (found == nullptr) {
    return refusal(Code::conflict, "/service", article,
                   article + " による" + std::string(kind.ja) + "は、いま行われていません",
                   "no " + std::string(kind.en) + " under " + article + " is open");
  }
  if (numbers.find(',') != std::string::npos) {
    return refusal(
        Code::invalid, "/opening", article,
        article + " による" + std::string(kind.ja) + "が複数あります。どれかを opening で示してください: " + numbers,
        "more than one " + std::string(kind.en) + " under " + article +
            " is open; name one by its opening: " + numbers);
  }
  return *found;
}

/// The service and the day on which an act on it holds, when the act cites its basis.
struct IntervalGround {
  Service service;
  Day day;
};

Result<IntervalGround> interval_ground(const Situation& situation, const Command& command, bool adverse) {
  Result<Service> service = standing(situation, command);
  if (!service.ok()) return service.errors();
  Result<Done> cited = cites_basis(command);
  if (!cited.ok()) return cited.errors();
  Result<Day> day = adverse ? adverse_day(situation, command) : effective_day(situation, command);
  if (!day.ok()) return day.errors();
  return IntervalGround{std::move(*service), *day};
}

Result<Done> since_opened(const Interval& interval, Day day) {
  if (day >= interval.since) return Done{};
  return refusal(Code::invalid, "/effective", interval.article,
                 day.iso() + " は、始まりの日（" + interval.since.iso() + "）より前です",
                 day.iso() + " lies before it began (" + interval.since.iso() + ")");
}

}  // namespace

Errors check_intervals(const Service& service) {
  Errors errors;
  check_each(suspensions_of(service), "/suspensions/", "/lifted", false, errors);
  check_each(re_audits_of(service), "/re_audits/", "/ended", true, errors);
  return errors;
}

Result<Day> adverse_day(const Situation& situation, const Command& command) {
  Result<Day> day = effective_day(situation, command);
  if (!day.ok() || *day >= situation.today) return day;
  return refusal(Code::invalid, "/effective", command.article ? command.article->value() : "",
                 day->iso() + " は過去の日です。登録者に不利益な行為は、行った日（" + situation.today.iso() +
                     "）からのみ効力を持ちます",
                 day->iso() +
                     " lies in the past: an act that bears on the registrant holds from the day on which it "
                     "is done (" +
                     situation.today.iso() + ")");
}

Result<Done> cites_basis(const Command& command) {
  if (command.basis.is_object() && !command.basis.empty()) return Done{};
  return refusal(Code::invalid, "/basis", command.article ? command.article->value() : "",
                 "この行為の根拠となる届出、事案の手続又は受付の経路と日を示してください",
                 "cite the filing, the step of a case, or the channel and day on which this act rests");
}

Result<std::vector<Draft>> open_suspension(const Situation& situation, const Command& command) {
  Result<IntervalGround> on = interval_ground(situation, command, true);
  if (!on.ok()) return on.errors();
  on->service.suspensions.push_back(Suspension{situation.next, *command.article, on->day, std::nullopt});
  return drafted(situation, command, EventKind::suspended, on->day, on->service);
}

Result<std::vector<Draft>> lift_suspension(const Situation& situation, const Command& command,
                                           std::string_view opened_by) {
  Result<IntervalGround> on = interval_ground(situation, command, false);
  if (!on.ok()) return on.errors();
  const auto& named = std::get<Reinstate>(command.doing).opening;
  Result<Interval> interval = meant(suspensions_of(on->service), opened_by, named, kSuspension);
  if (!interval.ok()) return interval.errors();
  Result<Done> later = since_opened(*interval, on->day);
  if (!later.ok()) return later.errors();
  for (Suspension& suspension : on->service.suspensions) {
    if (suspension.opening == interval->opening) suspension.lifted = Closing{*command.article, on->day};
  }
  return drafted(situation, command, EventKind::reinstated, on->day, on->service);
}

Result<std::vector<Draft>> open_re_audit(const Situation& situation, const Command& command) {
  Result<IntervalGround> on = interval_ground(situation, command, true);
  if (!on.ok()) return on.errors();
  on->service.re_audits.push_back(ReAudit{situation.next, *command.article, on->day, std::nullopt});
  return drafted(situation, command, EventKind::re_audit_started, on->day, on->service);
}

Result<std::vector<Draft>> close_re_audit(const Situation& situation, const Command& command,
                                          std::string_view opened_by) {
  Result<IntervalGround> on = interval_ground(situation, command, false);
  if (!on.ok()) return on.errors();
  const auto& named = std::get<EndReAudit>(command.doing).opening;
  Result<Interval> interval = meant(re_audits_of(on->service), opened_by, named, kReAudit);
  if (!interval.ok()) return interval.errors();
  Result<Done> later = since_opened(*interval, on->day);
  if (!later.ok()) return later.errors();
  for (ReAudit& re_audit : on->service.re_audits) {
    if (re_audit.opening == interval->opening) re_audit.ended = Closing{*command.article, on->day};
  }
  return drafted(situation, command, EventKind::re_audit_ended, on->day, on->service);
}

Result<Seq> suspension_meant(const Service& service, std::string_view opened_by, const std::optional<Seq>& named) {
  Result<Interval> interval = meant(suspensions_of(service), opened_by, named, kSuspension);
  if (!interval.ok()) return interval.errors();
  return interval->opening;
}

}  // namespace ismap::registry::rules
