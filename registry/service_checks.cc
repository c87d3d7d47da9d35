#include "registry/service_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/calendar.h"

namespace ismap::registry {

namespace {

constexpr const char* kRegisteredOn = "/registered_on";
constexpr const char* kExpiresOn = "/expires_on";
constexpr const char* kPeriodFrom = "/audit_period/from";
constexpr const char* kPeriodTo = "/audit_period/to";

bool sound(const Refusals& refusals, std::initializer_list<const char*> pointers) {
  return std::all_of(pointers.begin(), pointers.end(), [&](const char* p) { return refusals.none_at(p); });
}

/// A notice or refusal about one item.
Error about(std::string pointer, std::string ja, std::string en) {
  std::string article = article_of_item(pointer);
  return {Code::invalid, std::move(pointer), std::move(article), std::move(ja), std::move(en)};
}

bool excludes(const Controls& controls, const ControlId& objective) {
  return std::any_of(controls.excluded.begin(), controls.excluded.end(),
                     [&](const ExcludedControl& e) { return e.id.is_objective() && objective.belongs_to(e.id); });
}

/// A detailed control counts for its objective.
bool implements(const Controls& controls, const ControlId& objective) {
  return std::any_of(controls.implemented.begin(), controls.implemented.end(),
                     [&](const ControlId& id) { return id.belongs_to(objective); });
}

void notice_expiry(const Items& items, Errors& all) {
  const Day computed = expiry_of(items.audit_period.to);
  if (computed == items.expires_on) return;
  all.push_back(
      about(kExpiresOn,
            fmt::format("登録の有効期限{}は、監査対象期間の末日{}の翌日から1年4か月の{}と異なります（基本規程3.6）。"
                        "決定の文書で確かめてください",
                        items.expires_on.iso(), items.audit_period.to.iso(), computed.iso()),
            fmt::format("the expiry {} is not 1 year and 4 months from the day after the audit period's end "
                        "{}, which is {} (basic regulations 3.6); check it in the decision",
                        items.expires_on.iso(), items.audit_period.to.iso(), computed.iso())));
}

void notice_controls_of_excluded(const Controls& controls, Errors& all) {
  for (std::size_t i = 0; i < controls.implemented.size(); ++i) {
    const ControlId& id = controls.implemented[i];
    if (id.is_objective() || !excludes(controls, id)) continue;
    all.push_back(
        about(fmt::format("/controls/implemented/{}", i),
              fmt::format("管理策{}の統制目標は実施していないとされています。どちらかを確かめてください", id.str()),
              fmt::format("control {} is implemented, but its objective is excluded; check which is right", id.str())));
  }
}

void notice_open_objectives(const Controls& controls, Errors& all) {
  constexpr std::size_t kShown = 5;
  std::vector<std::string> open;
  for (const std::string& text : control_objectives()) {
    const ControlId objective = ControlId::parse(text).value();
    if (!implements(controls, objective) && !excludes(controls, objective)) open.push_back(text);
  }
  if (open.empty()) return;
  const auto end = open.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, open.size()));
  const std::vector<std::string> first(open.begin(), end);
  const std::string_view more = open.size() > kShown ? " …" : "";
  all.push_back(about(
      "/controls",
      fmt::format("統制目標{}件のうち{}件が、実施にも除外にも書かれていません（{}{}）。漏れがないか確かめてください",
                  control_objectives().size(), open.size(), fmt::join(first, ", "), more),
      fmt::format("{} of {} control objectives are neither implemented nor excluded ({}{}); check that "
                  "none was forgotten",
                  open.size(), control_objectives().size(), fmt::join(first, ", "), more)));
}

}  // namespace

void check_order_of_days(const Items& items, Refusals& refusals) {
  const std::string registered = items.registered_on.iso();
  const std::string expires = items.expires_on.iso();
  const std::string to = items.audit_period.to.iso();
  if (sound(refusals, {kPeriodFrom, kPeriodTo}) && items.audit_period.to < items.audit_period.from) {
    const std::string from = items.audit_period.from.iso();
    refusals.add(kPeriodTo, fmt::format("{}が初日{}より前です。初日以後の日にしてください", to, from),
                 fmt::format("{} is before the first day {}; give the first day or a later one", to, from));
  }
  const bool before_registration =
      sound(refusals, {kRegisteredOn, kExpiresOn}) && items.expires_on <= items.registered_on;
  const bool within_period = sound(refusals, {kPeriodTo, kExpiresOn}) && items.expires_on <= items.audit_period.to;
  if (before_registration) {
    refusals.add(kExpiresOn, fmt::format("{}が登録日{}以前です。登録日より後の日にしてください", expires, registered),
                 fmt::format("{} is not after the day of registration {}; give a later day", expires, registered));
  } else if (within_period) {
    refusals.add(kExpiresOn, fmt::format("{}が監査対象期間の末日{}以前です。末日より後の日にしてください", expires, to),
                 fmt::format("{} is not after the audit period's last day {}; give a later day", expires, to));
  }
}

void check_length_of_period(const Items& items, Refusals& refusals) {
  if (!sound(refusals, {kPeriodFrom, kPeriodTo})) return;
  const Day latest = latest_audit_end(items.audit_period.from);
  if (items.audit_period.to <= latest) return;
  const std::string from = items.audit_period.from.iso();
  const std::string to = items.audit_period.to.iso();
  refusals.add(kPeriodTo,
               fmt::format("{}では期間が1年を超えます。初日{}からは{}までにしてください", to, from, latest.iso()),
               fmt::format("{} makes the period longer than one year; from {} it may end on {} at the latest", to, from,
                           latest.iso()));
}

void check_period_before_registration(const Items& items, Refusals& refusals) {
  if (!sound(refusals, {kRegisteredOn, kPeriodTo, kExpiresOn})) return;
  const bool renewed = items.expires_on > add_months(items.registered_on, kRegistrationTerm.value);
  if (renewed || items.audit_period.to < items.registered_on) return;
  const std::string to = items.audit_period.to.iso();
  const std::string registered = items.registered_on.iso();
  refusals.add(
      kPeriodTo,
      fmt::format("{}が登録日{}以後です。監査は登録より前に終わります。どちらの日かを直してください", to, registered),
      fmt::format("{} is not before the day of registration {}; an audit ends before the registration, so mend "
                  "one of the two days",
                  to, registered));
}

void check_removal(const Service& service, Refusals& refusals) {
  if (!sound(refusals, {"/state", "/removal"})) return;
  if (service.state == State::removed && !service.removal) {
    refusals.add("/removal", "の根拠条項と日がありません。stateがremovedなら{\"article\", \"on\"}を書いてください",
                 "is missing; with state \"removed\" give its article and its day");
  }
  if (service.state == State::registered && service.removal) {
    refusals.add("/state", "がregisteredなのに削除（removal）があります。どちらかを直してください",
                 "is \"registered\" beside a removal; mend one of the two");
  }
}

Errors notices(const Items& items) {
  Errors all;
  notice_expiry(items, all);
  notice_controls_of_excluded(items.controls, all);
  notice_open_objectives(items.controls, all);
  return all;
}

}  // namespace ismap::registry
