#include "registry/cases/procedure.h"

namespace ismap::registry {

namespace {

using K = FieldKind;

constexpr std::string_view kNotified = "notified|changed";

bool suspended(const Case& of, const Step&) { return !open_intervals(of).empty(); }

/// (6) or (7) was changed without an audit.
bool scope_or_controls(const Case&, const Step& step) { return step.facts.value("scope_or_controls", false); }

const DueRule kNotificationDemanded{.article = "14.3",
                                    .ja = "求められた届出（様式2-10又は2-11）の提出",
                                    .en = "the notification that was asked for (form 2-10 or 2-11)",
                                    .who = Role::registrant,
                                    .answered_by = kNotified,
                                    .stated = "due_on"};
const DueRule kLiftAfterNotification{.article = "14.4",
                                     .ja = "届出を受けた一時停止の解除",
                                     .en = "lift of the suspension after the notification",
                                     .answered_by = "lifted@14.4",
                                     .counting = Counting{.ja = "届出日"},
                                     .repeat = Repeat::not_while_open,
                                     .when = suspended,
                                     .alive = suspended};
const DueRule kMonitor{.article = "15.1(1)",
                       .ja = "監査を経ない(6)(7)の変更についてモニタリングの要否の判断",
                       .en = "judgement whether to monitor a change of (6) or (7) without an audit",
                       .answered_by = "monitoring-started|monitoring-not-needed",
                       .counting = Counting{.ja = "変更の日"},
                       .repeat = Repeat::not_while_open,
                       .when = scope_or_controls};

/// 14.1 to 14.3: what is known, asked for and notified.
std::vector<StepRule> notifications() {
  const NoticeRule to_registrant{.to = {Role::registrant}};
  const FieldRule what{"change", K::text};
  return {{.name = "event-known",
           .article = "14.3",
           .fields = {{"event_on", K::day}, {"matters", K::text, true}},
           .opens = true},
          {.name = "notification-demanded",
           .article = "14.3",
           .after = "event-known|suspended",
           .fields = {{"due_on", K::planned}, {"matters", K::text}},
           .notice = to_registrant,
           .dues = {kNotificationDemanded}},
          {.name = "notified",
           .article = "14.1",
           .by = Role::registrant,
           .form = "2-10",
           .fields = {{"event_on", K::day}, what},
           .dues = {kLiftAfterNotification},
           .opens = true},
          {.name = "notified",
           .article = "14.2",
           .by = Role::registrant,
           .form = "2-11",
           .fields = {{"event_on", K::day}, what},
           .dues = {kLiftAfterNotification},
           .opens = true}};
}

/// 14.1 to 14.6: the acts that the list shows, and what follows.
std::vector<StepRule> acts() {
  const NoticeRule to_registrant{.to = {Role::registrant}};
  return {
      {.name = "changed",
       .article = "14.1",
       .dues = {kMonitor},
       .opens = true,
       .ends = Ends::when_nothing_is_open,
       .act = Act::change},
      {.name = "changed",
       .article = "14.2",
       .dues = {kMonitor},
       .opens = true,
       .ends = Ends::when_nothing_is_open,
       .act = Act::change},
      {.name = "suspended", .article = "14.3", .notice = to_registrant, .opens = true, .act = Act::suspend},
      {.name = "lifted",
       .article = "14.4",
       .notice = to_registrant,
       .opens = true,
       .ends = Ends::when_nothing_is_open,
       .act = Act::reinstate},
      {.name = "monitoring-started",
       .article = "14.6",
       .after = kNotified,
       .ends = Ends::when_nothing_is_open,
       .starts_monitoring = true},
      {.name = "monitoring-not-needed", .article = "15.1(1)", .after = kNotified, .ends = Ends::when_nothing_is_open},
      {.name = "concluded", .article = "14.3", .ends = Ends::always, .unless = while_suspended}};
}

std::vector<StepRule> all_notification_steps() {
  std::vector<StepRule> all = notifications();
  for (StepRule& rule : acts()) all.push_back(std::move(rule));
  return all;
}

}  // namespace

const std::vector<StepRule>& notification_steps() {
  static const std::vector<StepRule> rows = all_notification_steps();
  return rows;
}

}  // namespace ismap::registry
