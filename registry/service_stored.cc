#include "registry/service.h"
#include "registry/service_names.h"

namespace ismap::registry {

namespace {

const std::string& word(const Json& at, const char* name) { return at.at(name).get_ref<const std::string&>(); }

Day day(const Json& at, const char* name) { return Day::parse(word(at, name)).value(); }

Article article(const Json& at) { return Article{word(at, "article")}; }

Seq opening(const Json& at) { return Seq{at.at("opening").get<std::uint64_t>()}; }

Text text(const Json& value) {
  Text out{word(value, "ja"), std::nullopt};
  if (const auto en = value.find("en"); en != value.end()) out.en = en->get<std::string>();
  return out;
}

Text text(const Json& at, const char* name) { return text(at.at(name)); }

std::vector<Text> texts(const Json& at, const char* name) {
  std::vector<Text> out;
  for (const Json& value : at.at(name)) out.push_back(text(value));
  return out;
}

Controls controls(const Json& at) {
  Controls out;
  out.edition = day(at, "edition");
  for (const Json& id : at.at("implemented")) {
    out.implemented.push_back(ControlId::parse(id.get_ref<const std::string&>()).value());
  }
  for (const Json& e : at.at("excluded")) {
    out.excluded.push_back({ControlId::parse(word(e, "id")).value(), text(e, "reason")});
  }
  return out;
}

Disclosures disclosures(const Json& at) {
  return {text(at, "capital_and_officers"), text(at, "foreign_law"), text(at, "governing_law_and_jurisdiction"),
          text(at, "third_party_tests")};
}

Items items(const Json& at) {
  Items out;
  out.name = text(at, "name");
  out.url = Url{word(at, "url")};
  const Json& provider = at.at("provider");
  out.provider = {text(provider, "name"), text(provider, "address"),
                  CorporateNumber{word(provider, "corporate_number")}};
  out.registered_on = day(at, "registered_on");
  out.expires_on = day(at, "expires_on");
  const Json& scope = at.at("scope");
  out.scope = {text(scope, "text"), texts(scope, "items"), texts(scope, "excluded"), texts(scope, "regions")};
  out.controls = controls(at.at("controls"));
  const Json& period = at.at("audit_period");
  out.audit_period = {day(period, "from"), day(period, "to")};
  out.subsequent_events = text(at, "subsequent_events");
  out.improvement_plan = at.at("improvement_plan").get<bool>();
  out.disclosures = disclosures(at.at("disclosures"));
  if (!at.at("remarks").is_null()) out.remarks = text(at, "remarks");
  out.agencies_using = at.at("agencies_using").get<std::uint32_t>();
  return out;
}

/// {article, on}, or nothing for null.
template <class T>
std::optional<T> dated(const Json& value) {
  if (value.is_null()) return std::nullopt;
  return T{article(value), day(value, "on")};
}

Renewal renewal(const Json& at) {
  Renewal out{opening(at), day(at, "filed_on"), std::nullopt};
  const Json& decided = at.at("decided");
  if (decided.is_null()) return out;
  out.decided =
      RenewalDecision{std::nullopt, day(decided, "on"), value_named(kRenewalResults, word(decided, "result")).value()};
  if (!decided.at("article").is_null()) out.decided->article = article(decided);
  return out;
}

Service service(const Json& record) {
  Service out;
  out.id = ServiceId{word(record, "id")};
  out.items = items(record);
  out.state = value_named(kStates, word(record, "state")).value();
  for (const Json& s : record.at("suspensions")) {
    out.suspensions.push_back({opening(s), article(s), day(s, "since"), dated<Closing>(s.at("lifted"))});
  }
  for (const Json& r : record.at("re_audits")) {
    out.re_audits.push_back({opening(r), article(r), day(r, "since"), dated<Closing>(r.at("ended"))});
  }
  for (const Json& r : record.at("renewals")) out.renewals.push_back(renewal(r));
  out.removal = dated<Removal>(record.at("removal"));
  return out;
}

}  // namespace

Result<Service> stored_service(const Json& record) {
  try {
    return service(record);
  } catch (const std::exception& broken) {  // a member that is not there or of another kind: Json and optional throw
    return Error{Code::corrupt, "", "", "台帳の記録を読めません。ismap-liu fsck を実行してください",
                 std::string("a stored record cannot be read: ") + broken.what()};
  }
}

}  // namespace ismap::registry
