#include "registry/rules/chapter12.h"

#include <array>
#include <string_view>

#include "registry/parameters.h"
#include "registry/rules/chapter18.h"
#include "registry/rules/common.h"
#include "registry/rules/intervals.h"

namespace ismap::registry {

Draft lapse(const Situation& situation) {
  Json record = rules::current(situation);
  const Day expiry = Day::parse(record.at("expires_on").get_ref<const std::string&>()).value();
  const Day next_day = expiry.plus(1);
  record["state"] = "removed";
  record["removal"] = Json{{"article", "12.1"}, {"on", next_day.iso()}};
  Draft draft;
  draft.kind = EventKind::removed;
  draft.article = Article{"12.1"};
  draft.effective = next_day;
  draft.record = std::move(record);
  return draft;
}

namespace rules {

namespace {

/// The article under which an application ends with each result; a withdrawal has none.
struct Ending {
  RenewalResult result;
  std::string_view article;
};
constexpr std::array<Ending, 3> kEndings{
    {{RenewalResult::not_accepted, "9.6"}, {RenewalResult::dismissed, "18.2(3)"}, {RenewalResult::withdrawn, ""}}};

Result<Done> article_fits(const Command& command, RenewalResult result) {
  const std::string_view given = command.article ? std::string_view(command.article->value()) : std::string_view();
  for (const Ending& ending : kEndings) {
    if (ending.result == result && ending.article == given) return Done{};
  }
  return refusal(Code::invalid, "/result", std::string(given),
                 "結果と根拠条項が合いません（9.6: not-accepted、18.2(3): dismissed、取下げ: 条項なし）",
                 "result and article do not fit (9.6: not-accepted, 18.2(3): dismissed, withdrawn: no article)");
}

}  // namespace

Result<std::vector<Draft>> file_renewal(const Situation& situation, const Command& command) {
  Result<Service> service = standing(situation, command);
  if (!service.ok()) return service.errors();
  Result<Day> effective = effective_day(situation, command);
  if (!effective.ok()) return effective.errors();
  if (undecided_renewal(*service)) {
    return refusal(Code::conflict, "/service", "12.1", "更新の申請は既に審査中です",
                   "a renewal application is already open");
  }
  if (*effective > service->items.expires_on) {
    return refusal(Code::conflict, "/effective", "12.1",
                   "更新の申請は有効期限（" + service->items.expires_on.iso() + "）までです",
                   "a renewal is applied for by the expiry (" + service->items.expires_on.iso() + ")");
  }
  service->renewals.push_back(Renewal{situation.next, *effective, std::nullopt});
  Result<std::vector<Draft>> drafts = drafted(situation, command, EventKind::renewal_filed, *effective, *service);
  if (drafts.ok()) drafts->front().notices = look_at_application(case_facts(command.doing), *service);
  return drafts;
}

Errors look_at_application(const Json& facts, const Service& service) {
  Errors found;
  const Json from = facts.value("audit_from", Json());
  const auto begins = from.is_string() ? Day::parse(from.get_ref<const std::string&>()) : std::nullopt;
  const Day next = service.items.audit_period.to.plus(1);
  if (begins && *begins != next) {
    found.push_back(refusal(
        Code::invalid, "/audit_from", "7.14",
        "監査対象期間が前回（" + service.items.audit_period.to.iso() + " まで）と連続していません",
        "the audit period does not follow the last one, which ended on " + service.items.audit_period.to.iso()));
  }
  if (facts.value("auditor_told", true)) return found;
  if (begins && *begins < kAuditorRuleFrom) return found;
  found.push_back(refusal(Code::invalid, "/auditor_told", "12.3",
                          "前回の監査対象期間後の言明内容の変更が、監査機関に伝達されていません",
                          "the auditor was not told of the changes of the statement since the last audit period"));
  return found;
}

Result<std::vector<Draft>> close_renewal(const Situation& situation, const Command& command,
                                         const CloseRenewal& doing) {
  Result<Service> service = standing(situation, command);
  if (!service.ok()) return service.errors();
  Result<Done> fits = article_fits(command, doing.result);
  if (!fits.ok()) return fits.errors();
  if (doing.result == RenewalResult::dismissed) return remove_dismissed(situation, command);
  const bool withdrawn = doing.result == RenewalResult::withdrawn;
  Result<Day> effective = withdrawn ? effective_day(situation, command) : adverse_day(situation, command);
  if (!effective.ok()) return effective.errors();
  if (!undecided_renewal(*service)) {
    return refusal(Code::conflict, "/service", "12.1", "審査中の更新の申請がありません",
                   "no renewal application is open");
  }
  for (Renewal& renewal : service->renewals) {
    if (!renewal.decided) renewal.decided = RenewalDecision{command.article, *effective, doing.result};
  }
  return drafted(situation, command, EventKind::renewal_closed, *effective, *service);
}

}  // namespace rules

}  // namespace ismap::registry
