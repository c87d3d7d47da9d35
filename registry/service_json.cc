#include <array>

#include "registry/service.h"
#include "registry/service_names.h"

namespace ismap::registry {

namespace {

Json json_of(const std::vector<Text>& texts) {
  Json out = Json::array();
  for (const Text& text : texts) out.push_back(to_json(text));
  return out;
}

Json json_of(const Provider& p) {
  return {{"name", to_json(p.name)}, {"address", to_json(p.address)}, {"corporate_number", p.corporate_number.value()}};
}

Json json_of(const Scope& s) {
  return {{"text", to_json(s.text)},
          {"items", json_of(s.items)},
          {"excluded", json_of(s.excluded)},
          {"regions", json_of(s.regions)}};
}

Json json_of(const Controls& c) {
  Json implemented = Json::array();
  for (const ControlId& id : c.implemented) implemented.push_back(id.str());
  Json excluded = Json::array();
  for (const ExcludedControl& e : c.excluded) excluded.push_back({{"id", e.id.str()}, {"reason", to_json(e.reason)}});
  return {{"edition", c.edition.iso()}, {"implemented", std::move(implemented)}, {"excluded", std::move(excluded)}};
}

Json json_of(const Disclosures& d) {
  return {{"capital_and_officers", to_json(d.capital_and_officers)},
          {"foreign_law", to_json(d.foreign_law)},
          {"governing_law_and_jurisdiction", to_json(d.governing_law_and_jurisdiction)},
          {"third_party_tests", to_json(d.third_party_tests)}};
}

Json json_of(const std::optional<Closing>& closing) {
  if (!closing) return nullptr;
  return {{"article", closing->article.value()}, {"on", closing->on.iso()}};
}

Json json_of(const Suspension& s) {
  return {{"opening", s.opening.value()},
          {"article", s.article.value()},
          {"since", s.since.iso()},
          {"lifted", json_of(s.lifted)}};
}

Json json_of(const ReAudit& r) {
  return {{"opening", r.opening.value()},
          {"article", r.article.value()},
          {"since", r.since.iso()},
          {"ended", json_of(r.ended)}};
}

Json json_of(const Renewal& r) {
  Json decided = nullptr;
  if (r.decided) {
    decided = {{"on", r.decided->on.iso()}, {"result", name_of(r.decided->result)}, {"article", nullptr}};
    if (r.decided->article) decided["article"] = r.decided->article->value();
  }
  return {{"opening", r.opening.value()}, {"filed_on", r.filed_on.iso()}, {"decided", std::move(decided)}};
}

template <class T>
Json list_of(const std::vector<T>& values) {
  Json out = Json::array();
  for (const T& value : values) out.push_back(json_of(value));
  return out;
}

}  // namespace

Json to_json(const Text& text) {
  Json out = {{"ja", text.ja}};
  if (text.en) out["en"] = *text.en;
  return out;
}

Json to_json(const Items& items) {
  return {{"name", to_json(items.name)},
          {"url", items.url.value()},
          {"provider", json_of(items.provider)},
          {"registered_on", items.registered_on.iso()},
          {"expires_on", items.expires_on.iso()},
          {"scope", json_of(items.scope)},
          {"controls", json_of(items.controls)},
          {"audit_period", {{"from", items.audit_period.from.iso()}, {"to", items.audit_period.to.iso()}}},
          {"subsequent_events", to_json(items.subsequent_events)},
          {"improvement_plan", items.improvement_plan},
          {"disclosures", json_of(items.disclosures)},
          {"remarks", items.remarks ? to_json(*items.remarks) : Json(nullptr)},
          {"agencies_using", items.agencies_using}};
}

Json to_json(const Service& service) {
  Json out = to_json(service.items);
  out["id"] = service.id.value();
  out["state"] = name_of(service.state);
  out["suspensions"] = list_of(service.suspensions);
  out["re_audits"] = list_of(service.re_audits);
  out["renewals"] = list_of(service.renewals);
  out["removal"] = nullptr;
  if (service.removal) {
    out["removal"] = {{"article", service.removal->article.value()}, {"on", service.removal->on.iso()}};
  }
  return out;
}

}  // namespace ismap::registry
