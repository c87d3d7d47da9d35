#include "registry/filings/form_2_4.h"

#include <optional>

#include "registry/rules/common.h"
#include "registry/time.h"

namespace ismap::registry {

namespace {

std::optional<Day> day_of_audit(const Json& request, const char* name, Errors& errors) {
  const Json value = request.value(name, Json());
  if (value.is_null()) return std::nullopt;
  const auto day = value.is_string() ? Day::parse(value.get_ref<const std::string&>()) : std::nullopt;
  if (!day) {
    errors.push_back(rules::refusal(Code::invalid, "/" + std::string(name), "12.1", "日を YYYY-MM-DD で書いてください",
                                    "give the day as YYYY-MM-DD"));
  }
  return day;
}

}  // namespace

Result<FileRenewal> read_renewal_application(const Json& request) {
  Errors errors;
  FileRenewal doing;
  const Json told = request.value("auditor_told", Json());
  if (told.is_boolean()) {
    doing.auditor_told = told.get<bool>();
  } else if (!told.is_null()) {
    errors.push_back(rules::refusal(Code::invalid, "/auditor_told", "12.3", "true か false で答えてください",
                                    "answer true or false"));
  }
  const auto from = day_of_audit(request, "audit_from", errors);
  const auto to = day_of_audit(request, "audit_to", errors);
  if (errors.empty() && (from.has_value() != to.has_value() || (from && *from > *to))) {
    errors.push_back(rules::refusal(Code::invalid, "/audit_from", "12.1",
                                    "監査対象期間の始めと終わりの日（audit_from、audit_to）を書いてください",
                                    "give the audit period by its first and last day, audit_from and audit_to"));
  }
  if (from && to) doing.audit_period = AuditPeriod{*from, *to};
  if (!errors.empty()) return errors;
  return doing;
}

}  // namespace ismap::registry
