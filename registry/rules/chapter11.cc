#include "registry/rules/chapter11.h"

#include <string>

#include "registry/rules/chapter18.h"
#include "registry/rules/common.h"

namespace ismap::registry::rules {

Result<std::vector<Draft>> register_service(const Situation& situation, const Command& command,
                                            const RegisterService& doing) {
  if (!situation.history.empty()) {
    return refusal(Code::conflict, "/record/id", "11.1", "登録番号 " + command.service.value() + " は使われています",
                   "the registration number " + command.service.value() + " is already in use");
  }
  Command dated = command;
  dated.effective = command.effective.value_or(doing.record.items.registered_on);
  Result<Day> effective = effective_day(situation, dated);
  if (!effective.ok()) {
    Errors errors = effective.errors();
    for (Error& e : errors) e.pointer = "/record/registered_on";
    return errors;
  }
  if (*effective != doing.record.items.registered_on) {
    return refusal(Code::invalid, "/effective", "11.5(4)", "登録の効力は登録日（4）から生じます",
                   "a registration holds from its date of registration (4)");
  }
  Service service = doing.record;
  service.state = State::registered;
  Result<std::vector<Draft>> drafts = drafted(situation, dated, EventKind::registered, *effective, service);
  if (drafts.ok()) drafts->front().notices = earlier_removals(situation);
  return drafts;
}

Result<std::vector<Draft>> renew(const Situation& situation, const Command& command, const Renew& doing) {
  Result<Service> before = standing(situation, command);
  if (!before.ok()) return before.errors();
  Result<Day> effective = effective_day(situation, command);
  if (!effective.ok()) return effective.errors();
  if (!undecided_renewal(*before)) {
    return refusal(Code::conflict, "/service", "12.1",
                   "審査中の更新の申請がありません。先に更新の申請を記録してください",
                   "no renewal application is open: record the application first");
  }
  for (const char* fixed : {"id", "registered_on", "state", "suspensions", "re_audits", "renewals", "removal"}) {
    if (doing.items.contains(fixed)) {
      return refusal(Code::invalid, std::string("/items/") + fixed, "11.2",
                     std::string(fixed) + " は更新では変わりません",
                     std::string(fixed) + " does not change at a renewal");
    }
  }
  Result<Service> after = parse_service(patched(to_json(*before), doing.items));
  if (!after.ok()) return after.errors();
  if (after->items.expires_on <= before->items.expires_on || after->items.expires_on < *effective) {
    return refusal(
        Code::invalid, "/items/expires_on", "11.5(5)",
        "更新後の有効期限は、これまでの有効期限（" + before->items.expires_on.iso() +
            "）及び更新の日より後の日にしてください",
        "the new expiry must lie after the old one (" + before->items.expires_on.iso() + ") and the renewal");
  }
  for (Renewal& renewal : after->renewals) {
    if (!renewal.decided) renewal.decided = RenewalDecision{Article{"11.2"}, *effective, RenewalResult::renewed};
  }
  Result<std::vector<Draft>> drafts = drafted(situation, command, EventKind::renewed, *effective, *after);
  if (drafts.ok()) drafts->front().notices = earlier_removals(situation);
  return drafts;
}

Result<std::vector<Draft>> update_usage(const Situation& situation, const Command& command, const UpdateUsage& doing) {
  Result<Service> service = standing(situation, command);
  if (!service.ok()) return service.errors();
  Result<Day> effective = effective_day(situation, command);
  if (!effective.ok()) return effective.errors();
  if (service->items.agencies_using == doing.agencies_using) {
    return refusal(Code::conflict, "/agencies_using", "11.5(13)", "利用中の政府機関等の数は変わりません",
                   "the number of agencies is already this");
  }
  service->items.agencies_using = doing.agencies_using;
  return drafted(situation, command, EventKind::usage_updated, *effective, *service);
}

}  // namespace ismap::registry::rules
