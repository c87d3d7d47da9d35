#include "server/api/act_fields.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "registry/filings/form_2_4.h"
#include "registry/text.h"
#include "server/problem.h"

namespace ismap::server {

using registry::Act;
using registry::Code;
using registry::Day;
using registry::Doing;
using registry::Error;
using registry::Errors;
using registry::Json;
using registry::Result;
using registry::Seq;

namespace {

Result<Doing> read_register(const Json& body) {
  if (!body.contains("record"))
    return invalid_member("/record", "登録する内容（record）を書いてください", "give the record");
  auto record = registry::parse_service(body.at("record"));
  if (record.ok()) return Doing{registry::RegisterService{std::move(*record)}};
  Errors errors = record.errors();
  for (Error& e : errors) e.pointer = "/record" + e.pointer;
  return errors;
}

Result<Doing> read_renew(const Json& body) {
  const Json items = body.value("items", Json());
  if (!items.is_object())
    return invalid_member("/items", "更新後の項目（items）を書いてください", "give the renewed items");
  return Doing{registry::Renew{items}};
}

Result<Doing> read_close_renewal(const Json& body) {
  using registry::RenewalResult;
  constexpr std::array<std::pair<std::string_view, RenewalResult>, 3> kResults{
      {{"dismissed", RenewalResult::dismissed},
       {"not-accepted", RenewalResult::not_accepted},
       {"withdrawn", RenewalResult::withdrawn}}};
  const Json result = body.value("result", Json());
  for (const auto& [name, value] : kResults) {
    if (result == name) return Doing{registry::CloseRenewal{value}};
  }
  return invalid_member("/result", "結果（result）は dismissed、not-accepted、withdrawn のいずれかです",
                        "the result is dismissed, not-accepted or withdrawn");
}

Result<Doing> read_change(const Json& body) {
  const Json changes = body.value("changes", Json());
  if (!changes.is_object())
    return invalid_member("/changes", "変更する項目（changes）を書いてください", "give the changes");
  return Doing{registry::ChangeItems{changes}};
}

Result<Doing> read_usage(const Json& body) {
  const Json count = body.value("agencies_using", Json());
  if (!count.is_number_integer() || count.get<std::int64_t>() < 0 || count.get<std::int64_t>() > 9'999'999) {
    return Error{Code::invalid, "/agencies_using", "11.5(13)", "利用中の政府機関等の数を0以上の整数で書いてください",
                 "give the number of agencies, 0 or more"};
  }
  return Doing{registry::UpdateUsage{count.get<std::uint32_t>()}};
}

Result<Doing> read_correct(const Json& body) {
  Errors errors;
  const Json seq = body.value("seq", Json());
  const Json changes = body.value("changes", Json());
  if (!seq.is_number_integer() || seq.get<std::int64_t>() < 0) {
    errors.push_back(
        invalid_member("/seq", "訂正する事象の番号（seq）を書いてください", "give the seq of the event to correct"));
  }
  if (!changes.is_object())
    errors.push_back(invalid_member("/changes", "訂正する内容（changes）を書いてください", "give the changes"));
  if (!errors.empty()) return errors;
  return Doing{registry::Correct{registry::Seq{seq.get<std::uint64_t>()}, changes}};
}

/// A member that may be absent, of which `read` makes a value or nothing.
template <class T, class Read>
std::optional<T> optional_member(const Json& body, const char* name, Read read, Errors& errors, Error wrong) {
  if (!body.contains(name)) return std::nullopt;
  std::optional<T> value = read(body.at(name));
  if (!value) errors.push_back(std::move(wrong));
  return value;
}

std::optional<Day> day_of(const Json& value) {
  return value.is_string() ? Day::parse(value.get_ref<const std::string&>()) : std::nullopt;
}

std::optional<Day> optional_day(const Json& body, const char* name, Errors& errors) {
  const std::string member(name);
  return optional_member<Day>(
      body, name, day_of, errors,
      invalid_member("/" + member, member + " を YYYY-MM-DD で書いてください", "give " + member + " as YYYY-MM-DD"));
}

std::optional<Seq> seq_of(const Json& value) {
  if (!value.is_number_integer() || value.get<std::int64_t>() < 0) return std::nullopt;
  return Seq{value.get<std::uint64_t>()};
}

std::optional<Seq> optional_opening(const Json& body, Errors& errors) {
  return optional_member<Seq>(body, "opening", seq_of, errors,
                              invalid_member("/opening", "始まりの事象の番号（opening）を整数で書いてください",
                                             "give the opening as the seq of the event that opened it"));
}

std::optional<std::string> words_of(const Json& value) {
  if (!value.is_string()) return std::nullopt;
  std::string text = registry::with_line_feeds(value.get_ref<const std::string&>());
  const bool sound = text.size() <= registry::kMaxTextBytes && !registry::is_blank(text) && !registry::check_text(text);
  return sound ? std::optional<std::string>(std::move(text)) : std::nullopt;
}

/// {"ja": "…", ["en": "…"]}, or the Japanese alone.
std::optional<registry::Text> text_of(const Json& value) {
  if (!value.is_object()) {
    const auto ja = words_of(value);
    return ja ? std::optional<registry::Text>(registry::Text{*ja, std::nullopt}) : std::nullopt;
  }
  const auto ja = words_of(value.value("ja", Json()));
  const auto en = words_of(value.value("en", Json()));
  if (!ja || value.contains("en") != en.has_value() || value.size() != (en ? 2U : 1U)) return std::nullopt;
  return registry::Text{*ja, en};
}

std::optional<registry::Text> optional_text(const Json& body, const char* name, Errors& errors) {
  const std::string member(name);
  return optional_member<registry::Text>(body, name, text_of, errors,
                                         invalid_member("/" + member, member + " を {\"ja\": \"…\"} で書いてください",
                                                        "give " + member + " as {\"ja\": \"…\"}"));
}

registry::IncidentStated read_incident(const Json& body, Errors& errors) {
  registry::IncidentStated incident;
  incident.occurred_on = optional_day(body, "incident_on", errors);
  incident.known_on = optional_day(body, "known_on", errors);
  const Json estimated = body.value("incident_estimated", Json(false));
  if (estimated.is_boolean()) incident.estimated = estimated.get<bool>();
  if (!estimated.is_boolean() || (incident.estimated && !body.contains("incident_on"))) {
    errors.push_back(invalid_member("/incident_estimated", "incident_on が推定の日であるときだけ true と書いてください",
                                    "true when incident_on is an estimate, else false"));
  }
  return incident;
}

/// What the application says of 12.3 and of its audit period; neither need be there.
Result<Doing> read_file_renewal(const Json& body) {
  const Result<registry::FileRenewal> doing = registry::read_renewal_application(body);
  if (!doing.ok()) return doing.errors();
  return Doing{*doing};
}

Result<Doing> read_suspend(const Json& body) {
  Errors errors;
  registry::Suspend doing{read_incident(body, errors), optional_text(body, "conditions", errors)};
  if (!errors.empty()) return errors;
  return Doing{std::move(doing)};
}

Result<Doing> read_reinstate(const Json& body) {
  Errors errors;
  const registry::Reinstate doing{optional_opening(body, errors)};
  if (!errors.empty()) return errors;
  return Doing{doing};
}

Result<Doing> read_start_re_audit(const Json& body) {
  Errors errors;
  registry::StartReAudit doing{optional_text(body, "part", errors), optional_day(body, "due_on", errors)};
  if (!errors.empty()) return errors;
  return Doing{std::move(doing)};
}

Result<Doing> read_end_re_audit(const Json& body) {
  using registry::ReAuditResult;
  Errors errors;
  registry::EndReAudit doing;
  doing.opening = optional_opening(body, errors);
  const Json result = body.value("result", Json());
  if (result == "confirmed") doing.result = ReAuditResult::confirmed;
  if (result == "not-confirmed") doing.result = ReAuditResult::not_confirmed;
  if (!doing.result) {
    errors.push_back(invalid_member("/result", "結果（result）は confirmed、not-confirmed のいずれかです",
                                    "the result is confirmed or not-confirmed"));
  }
  if (!errors.empty()) return errors;
  return Doing{doing};
}

Result<Doing> read_remove(const Json& body) {
  Errors errors;
  const registry::Remove doing{optional_opening(body, errors), read_incident(body, errors)};
  if (!errors.empty()) return errors;
  return Doing{doing};
}

}  // namespace

const std::vector<ActForm>& act_forms() {
  static const std::vector<ActForm> forms{
      {Act::register_service, {"record"}, read_register},
      {Act::renew, {"items"}, read_renew},
      {Act::file_renewal, {"auditor_told", "audit_from", "audit_to"}, read_file_renewal},
      {Act::close_renewal, {"result"}, read_close_renewal},
      {Act::change, {"changes"}, read_change},
      {Act::usage, {"agencies_using"}, read_usage},
      {Act::suspend, {"incident_on", "incident_estimated", "known_on", "conditions"}, read_suspend},
      {Act::reinstate, {"opening"}, read_reinstate},
      {Act::start_re_audit, {"part", "due_on"}, read_start_re_audit},
      {Act::end_re_audit, {"opening", "result"}, read_end_re_audit},
      {Act::remove, {"opening", "incident_on", "known_on"}, read_remove},
      {Act::correct, {"seq", "changes"}, read_correct}};
  return forms;
}

}  // namespace ismap::server
