#include "registry/cases/deadline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "registry/cases/procedure.h"
#include "registry/cases/superseding.h"

namespace ismap::registry {

namespace {

constexpr std::array<std::pair<DeadlineState, std::string_view>, 4> kDeadlineStates{
    {{DeadlineState::open, "open"},
     {DeadlineState::met, "met"},
     {DeadlineState::met_late, "met-late"},
     {DeadlineState::overdue, "overdue"}}};

/// "行政機関の休日を除く3日", "30日", "1か月", "1年"
std::string length_of(const Parameter& term) {
  switch (term.unit) {
    case Unit::days:
      return fmt::format("{}日", term.value);
    case Unit::administrative_days:
      return fmt::format("行政機関の休日を除く{}日", term.value);
    case Unit::months:
      return fmt::format("{}か月", term.value);
    case Unit::years:
      return fmt::format("{}年", term.value);
  }
  return {};
}

/// The due day of a rule for a step, and the arithmetic that leads to it.
struct Counted {
  std::optional<Day> from;
  std::optional<Day> due;
  std::string arithmetic;
};

Counted counted(const DueRule& rule, const Case& of, const Step& step, const CaseSettings& settings) {
  if (const auto stated = stated_day(step, rule.stated)) {
    return {std::nullopt, stated, fmt::format("記載された期日 → {}", stated->iso())};
  }
  if (!rule.counting) return {std::nullopt, std::nullopt, "規則に日数の定めはありません"};
  const Counting& how = *rule.counting;
  const auto from = how.from == nullptr ? std::optional<Day>(step.on) : how.from(of, step);
  if (!from) return {std::nullopt, std::nullopt, fmt::format("{}が分かっていません", how.ja)};
  if (how.by != nullptr) {
    const Day end = how.by(*from);
    return {from, end, fmt::format("{} {} → {} → {}", how.ja, from->iso(), how.by_ja, end.iso())};
  }
  if (how.term == nullptr) return {from, from, fmt::format("{} {} → 同日", how.ja, from->iso())};
  const Day last = due(*from, *how.term, settings.holidays);
  std::string text = fmt::format("{} {} → {} → {}", how.ja, from->iso(), length_of(*how.term), last.iso());
  if (!how.passed) return {from, last, std::move(text)};
  return {from, last.plus(1), text + fmt::format("、その経過 → {}", last.plus(1).iso())};
}

/// The deadlines of one case, gathered step by step.
class Gathering {
 public:
  Gathering(const Case& of, Day day, const CaseSettings& settings) : settings_(settings), day_(day), seen_(of) {
    seen_.steps.clear();
    for (const Step& step : of.steps) {
      if (step.on <= day) seen_.steps.push_back(step);
    }
    seen_ = as_it_stands(std::move(seen_));
  }

  std::vector<Deadline> run() {
    Case until = seen_;
    until.steps.clear();
    for (std::size_t i = 0; i < seen_.steps.size(); ++i) {
      const Step& step = seen_.steps[i];
      until.steps.push_back(step);
      const StepRule* rule = find_rule(seen_.procedure, step.name, step.article.value());
      if (rule == nullptr) continue;
      for (const DueRule& due : rule->dues) open(due, until, i);
    }
    std::vector<Deadline> out;
    for (const Opened& one : opened_) {
      if (is_duty(one)) out.push_back(one.deadline);
    }
    return out;
  }

 private:
  struct Opened {
    const DueRule* rule;
    std::size_t opener;
    std::optional<std::size_t> answer;  ///< index of the step
    Deadline deadline;
  };

  /// Whether this rule has opened one that is still to be answered when step `i` is made.
  [[nodiscard]] bool is_open_at(const DueRule& rule, std::size_t i) const {
    return std::any_of(opened_.begin(), opened_.end(), [&](const Opened& one) {
      return same(*one.rule, rule) && (rule.repeat == Repeat::first || !one.answer || *one.answer > i);
    });
  }
  static bool same(const DueRule& a, const DueRule& b) { return a.article == b.article && a.en == b.en; }

  [[nodiscard]] std::optional<std::size_t> answer(const DueRule& rule, std::size_t opener) const {
    const std::size_t begin = rule.repeat == Repeat::first ? 0 : opener + 1;
    for (std::size_t i = begin; i < seen_.steps.size(); ++i) {
      if (is_among(seen_.steps[i], rule.answered_by)) return i;
    }
    return std::nullopt;
  }

  [[nodiscard]] bool is_duty(const Opened& one) const {
    if (one.answer) return true;
    if (seen_.ended) return false;
    return one.rule->alive == nullptr || one.rule->alive(seen_, seen_.steps[one.opener]);
  }

  void open(const DueRule& rule, const Case& until, std::size_t i) {
    const Step& step = seen_.steps[i];
    if (rule.when != nullptr && !rule.when(until, step)) return;
    if (rule.repeat != Repeat::each && is_open_at(rule, i)) return;
    const Counted count = counted(rule, seen_, step, settings_);
    Deadline d;
    d.article = std::string(rule.article);
    d.what = Text{std::string(rule.ja), std::string(rule.en)};
    d.who = rule.who;
    d.counted_from = count.from;
    d.due = count.due;
    d.arithmetic = count.arithmetic;
    d.case_id = seen_.id;
    d.step = step.number;
    d.service = seen_.service;
    const auto answered = answer(rule, i);
    if (answered) d.answered_on = seen_.steps[*answered].on;
    d.state = state_of(d);
    d.before_demand = came_before_demand(rule, d);
    opened_.push_back({&rule, i, answered, std::move(d)});
  }

  [[nodiscard]] DeadlineState state_of(const Deadline& d) const {
    if (d.answered_on) return d.due && *d.answered_on > *d.due ? DeadlineState::met_late : DeadlineState::met;
    return d.due && day_ > *d.due ? DeadlineState::overdue : DeadlineState::open;
  }

  [[nodiscard]] bool came_before_demand(const DueRule& rule, const Deadline& d) const {
    return d.due && !rule.demanded_by.empty() &&
           std::any_of(seen_.steps.begin(), seen_.steps.end(),
                       [&](const Step& step) { return is_among(step, rule.demanded_by) && step.on > *d.due; });
  }

  const CaseSettings& settings_;
  Day day_;
  Case seen_;
  std::vector<Opened> opened_;
};

Deadline of_service(const Service& service, std::string article, Text what) {
  Deadline d;
  d.article = std::move(article);
  d.what = std::move(what);
  d.who = Role::registrant;
  d.service = service.id;
  return d;
}

/// An application that came in time and ended past the expiry without a renewal: what is left is the committee's
/// removal, a task of its case. Article: 12.1, 18.2(1)
bool waits_for_the_committee(const Service& service) {
  const Day expiry = service.items.expires_on;
  return std::any_of(service.renewals.begin(), service.renewals.end(), [&](const Renewal& renewal) {
    return renewal.filed_on <= expiry && renewal.decided && renewal.decided->on > expiry;
  });
}

}  // namespace

std::string_view name_of(DeadlineState state) {
  for (const auto& [s, name] : kDeadlineStates) {
    if (s == state) return name;
  }
  return {};
}

std::vector<Deadline> deadlines(const Case& of, Day day, const CaseSettings& settings) {
  return Gathering(of, day, settings).run();
}

Day latest_safe_pre_application(Day expires_on) {
  const int year = static_cast<int>(expires_on.civil().year());
  const Day first_half_decided = Day::from_civil(year, 12, 31).value();  // of April to September
  const Day second_half_decided = Day::from_civil(year, 6, 30).value();  // of October to March
  if (expires_on >= first_half_decided) return Day::from_civil(year, 9, 30).value();
  if (expires_on >= second_half_decided) return Day::from_civil(year, 3, 31).value();
  return Day::from_civil(year - 1, 9, 30).value();
}

std::vector<Deadline> deadlines(const Service& service, Day day) {
  if (service.state == State::removed || undecided_renewal(service) || waits_for_the_committee(service)) return {};
  const Day expiry = service.items.expires_on;
  Deadline renewal = of_service(service, "12.1", {"更新の申請（様式2-4）", "application for renewal (form 2-4)"});
  const Day audit_end = service.items.audit_period.to;
  renewal.due = expiry;
  renewal.arithmetic = fmt::format("登録の有効期限（11.5(5)） → {}", expiry.iso());
  if (expiry_of(audit_end) == expiry) {
    renewal.counted_from = audit_end;
    renewal.arithmetic =
        fmt::format("監査対象期間の末日 {} → 翌日から1年4か月（基本規程3.6） → {}", audit_end.iso(), expiry.iso());
  }
  renewal.state = day > expiry ? DeadlineState::overdue : DeadlineState::open;
  std::vector<Deadline> all;
  const Day safe = latest_safe_pre_application(expiry);
  if (day <= safe) {
    Deadline early =
        of_service(service, "5.3",
                   {"対象業務一覧にない業務での更新の事前申請（有効期限までに一括判断がされる最後の日）",
                    "pre-application for a renewal with work not on the eligible list: the latest day whose "
                    "batch is decided by the expiry"});
    early.counted_from = expiry;
    early.due = safe;
    early.arithmetic = fmt::format(
        "有効期限 {} → それまでの一括判断 {}（5.3） → その半期の末日 {}。申請の後は判断（10.6）まで有効（12.1）",
        expiry.iso(), half_year_decision_due(safe).iso(), safe.iso());
    all.push_back(std::move(early));
  }
  all.push_back(std::move(renewal));
  return all;
}

void sort_by_due(std::vector<Deadline>& all) {
  const auto key = [](const Deadline& d) {
    return std::tuple(d.due.value_or(Day::from_civil(2999, 12, 31).value()), d.service, d.case_id.value_or(CaseId{}),
                      d.step, d.article);
  };
  std::stable_sort(all.begin(), all.end(), [&](const Deadline& a, const Deadline& b) { return key(a) < key(b); });
}

Json to_json(const Deadline& deadline) {
  const auto day = [](const std::optional<Day>& d) { return d ? Json(d->iso()) : Json(nullptr); };
  return Json{{"answered_on", day(deadline.answered_on)},
              {"arithmetic", deadline.arithmetic},
              {"article", deadline.article},
              {"before_demand", deadline.before_demand},
              {"case", deadline.case_id ? Json(deadline.case_id->value()) : Json(nullptr)},
              {"counted_from", day(deadline.counted_from)},
              {"due", day(deadline.due)},
              {"service", deadline.service.value()},
              {"state", name_of(deadline.state)},
              {"step", deadline.step},
              {"what", {{"en", deadline.what.en.value_or("")}, {"ja", deadline.what.ja}}},
              {"who", name_of(deadline.who)}};
}

}  // namespace ismap::registry
