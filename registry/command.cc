#include "registry/command.h"

#include <string>

namespace ismap::registry {

namespace {

void add_incident(Json& details, const IncidentStated& incident) {
  if (incident.occurred_on) {
    details["incident_on"] = incident.occurred_on->iso();
    details["incident_estimated"] = incident.estimated;
  }
  if (incident.known_on) details["known_on"] = incident.known_on->iso();
}

/// What of an act no leaf carries and nobody's data are.
struct Facts {
  Json& facts;

  void operator()(const FileRenewal& d) const {
    if (d.auditor_told) facts["auditor_told"] = *d.auditor_told;
    if (!d.audit_period) return;
    facts["audit_from"] = d.audit_period->from.iso();
    facts["audit_to"] = d.audit_period->to.iso();
  }
  void operator()(const CloseRenewal& d) const {
    facts["result"] = d.result == RenewalResult::dismissed      ? "dismissed"
                      : d.result == RenewalResult::not_accepted ? "not-accepted"
                                                                : "withdrawn";
  }
  void operator()(const Suspend& d) const { add_incident(facts, d.incident); }
  void operator()(const Reinstate& d) const {
    if (d.opening) facts["opening"] = d.opening->value();
  }
  void operator()(const StartReAudit& d) const {
    if (d.due_on) facts["due_on"] = d.due_on->iso();
  }
  void operator()(const EndReAudit& d) const {
    if (d.opening) facts["opening"] = d.opening->value();
    if (d.result) facts["result"] = *d.result == ReAuditResult::confirmed ? "confirmed" : "not-confirmed";
  }
  void operator()(const Remove& d) const {
    if (d.opening) facts["opening"] = d.opening->value();
    add_incident(facts, d.incident);
  }
  template <class Other>
  void operator()(const Other&) const {}
};

/// What of an act no leaf carries and people wrote.
struct Texts {
  Json& texts;

  void operator()(const Suspend& d) const {
    if (d.conditions) texts["conditions"] = to_json(*d.conditions);
  }
  void operator()(const StartReAudit& d) const {
    if (d.part) texts["part"] = to_json(*d.part);
  }
  template <class Other>
  void operator()(const Other&) const {}
};

std::optional<Day> day_in(const Json& details, const char* name) {
  const Json day = details.value(name, Json());
  return day.is_string() ? Day::parse(day.get_ref<const std::string&>()) : std::nullopt;
}

}  // namespace

Act act_of(const Doing& doing) {
  struct Name {
    Act operator()(const RegisterService&) const { return Act::register_service; }
    Act operator()(const Renew&) const { return Act::renew; }
    Act operator()(const FileRenewal&) const { return Act::file_renewal; }
    Act operator()(const CloseRenewal&) const { return Act::close_renewal; }
    Act operator()(const ChangeItems&) const { return Act::change; }
    Act operator()(const UpdateUsage&) const { return Act::usage; }
    Act operator()(const Suspend&) const { return Act::suspend; }
    Act operator()(const Reinstate&) const { return Act::reinstate; }
    Act operator()(const StartReAudit&) const { return Act::start_re_audit; }
    Act operator()(const EndReAudit&) const { return Act::end_re_audit; }
    Act operator()(const Remove&) const { return Act::remove; }
    Act operator()(const Correct&) const { return Act::correct; }
  };
  return std::visit(Name{}, doing);
}

Json case_facts(const Doing& doing) {
  Json facts = Json::object();
  std::visit(Facts{facts}, doing);
  return facts;
}

Json case_texts(const Doing& doing) {
  Json texts = Json::object();
  std::visit(Texts{texts}, doing);
  return texts.empty() ? Json() : texts;
}

IncidentStated incident_in(const Json& details) {
  if (!details.is_object()) return {};
  return {day_in(details, "incident_on"), details.value("incident_estimated", false), day_in(details, "known_on")};
}

}  // namespace ismap::registry
