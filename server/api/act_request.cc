#include "server/api/act_request.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "registry/articles.h"
#include "registry/text.h"
#include "server/api/act_fields.h"
#include "server/problem.h"

namespace ismap::server {

using registry::Command;
using registry::Day;
using registry::Doing;
using registry::Error;
using registry::Errors;
using registry::Json;
using registry::Result;

namespace {

constexpr std::array<std::string_view, 5> kCommon{"act", "article", "effective", "reason", "basis"};

const ActForm* form_of(const Json& body) {
  const Json name = body.value("act", Json());
  for (const ActForm& form : act_forms()) {
    if (name == registry::name_of(form.act)) return &form;
  }
  return nullptr;
}

Error unknown_act() {
  std::string names;
  for (const ActForm& form : act_forms()) names += (names.empty() ? "" : ", ") + std::string(name_of(form.act));
  return invalid_member("/act", "行為（act）は次のいずれかです: " + names, "the act is one of: " + names);
}

bool known_member(const ActForm& form, std::string_view name) {
  return std::find(kCommon.begin(), kCommon.end(), name) != kCommon.end() ||
         std::find(form.fields.begin(), form.fields.end(), name) != form.fields.end();
}

void read_article(const Json& body, Command& command, Errors& errors) {
  const Json article = body.value("article", Json());
  if (article.is_null()) return;  // whether the act needs one is for the table of acts
  if (!article.is_string() || !registry::is_article(article.get_ref<const std::string&>())) {
    errors.push_back(invalid_member("/article", "登録規則の条項番号（例 14.2）を書いてください",
                                    "give an article of the rules, such as 14.2"));
    return;
  }
  command.article = registry::Article{article.get<std::string>()};
}

/// An article that does not allow the act to anybody, said together with the other mistakes; whose act it is comes
/// later.
Errors misplaced_article(const Command& command, registry::Act act) {
  if (!command.article) return {};
  Errors errors;
  const auto allowed = registry::may(command.actor.role, act, command.article);
  for (const Error& e : allowed.ok() ? Errors{} : allowed.errors()) {
    if (e.code == registry::Code::invalid) errors.push_back(e);
  }
  return errors;
}

void read_effective(const Json& body, Command& command, Errors& errors) {
  if (!body.contains("effective")) return;
  const Json& day = body.at("effective");
  if (day.is_string()) command.effective = Day::parse(day.get_ref<const std::string&>());
  if (!command.effective) {
    errors.push_back(
        invalid_member("/effective", "効力の日を YYYY-MM-DD で書いてください", "give the day as YYYY-MM-DD"));
  }
}

bool is_clean(const std::string& text) {
  return !registry::is_blank(text) && text.size() <= registry::kMaxTextBytes &&
         !registry::check_text(registry::with_line_feeds(text));
}

/// {"filing": ID} | {"case": ID, "step": N} | {"channel": …, "received_on": DAY}: cited, and only its form is looked
/// at.
bool is_basis(const Json& basis) {
  if (!basis.is_object()) return false;
  const auto text = [&](const char* name) {
    return basis.contains(name) && basis.at(name).is_string() && is_clean(basis.at(name).get_ref<const std::string&>());
  };
  if (text("filing")) return basis.size() == 1;
  if (text("case")) return basis.size() == 2 && basis.value("step", Json()).is_number_integer();
  return basis.size() == 2 && text("channel") && text("received_on") &&
         Day::parse(basis.at("received_on").get_ref<const std::string&>()).has_value();
}

void read_basis(const Json& body, Day today, Command& command, Errors& errors) {
  command.basis = body.value("basis", Json());
  if (is_basis(command.basis)) {
    const Json received = command.basis.value("received_on", Json());
    if (received.is_string() && Day::parse(received.get_ref<const std::string&>()) > today) {
      errors.push_back(invalid_member("/basis/received_on", "将来の日です", "lies in the future"));
    }
    return;
  }
  errors.push_back(invalid_member(
      "/basis",
      "根拠（basis）を {\"filing\": 届出番号}、{\"case\": 事案番号, \"step\": 番号} 又は {\"channel\": 経路, "
      "\"received_on\": 日} で書いてください",
      "cite the basis: {\"filing\"}, {\"case\", \"step\"} or {\"channel\", \"received_on\"}"));
}

}  // namespace

Result<std::string> read_reason(const Json& body) {
  const Json reason = body.value("reason", Json());
  const Json ja = reason.is_object() ? reason.value("ja", Json()) : reason;
  const std::string text = ja.is_string() ? registry::with_line_feeds(ja.get_ref<const std::string&>()) : "";
  if (is_clean(text)) return text;
  return invalid_member("/reason", "理由（reason）を {\"ja\": \"…\"} で書いてください",
                        "give the reason as {\"ja\": \"…\"}");
}

Result<Command> read_act(const registry::ServiceId& service, const registry::Actor& actor, const Json& body,
                         Day today) {
  if (!body.is_object()) return invalid_member("", "JSONオブジェクトで書いてください", "give a JSON object");
  const ActForm* form = form_of(body);
  if (form == nullptr) return unknown_act();
  Errors errors;
  Command command;
  command.service = service;
  command.actor = actor;
  for (const auto& [name, value] : body.items()) {
    if (known_member(*form, name)) continue;
    errors.push_back(
        invalid_member("/" + registry::pointer_token(name), "知らない項目です: " + name, "unknown member: " + name));
  }
  read_article(body, command, errors);
  read_effective(body, command, errors);
  read_basis(body, today, command, errors);
  Result<std::string> reason = read_reason(body);
  if (reason.ok()) command.reason = *reason;
  if (!reason.ok()) registry::append(errors, reason.errors());
  Result<Doing> doing = form->read(body);
  if (!doing.ok()) registry::append(errors, doing.errors());
  if (!errors.empty()) {
    registry::append(errors, misplaced_article(command, form->act));
    return errors;
  }
  command.doing = std::move(*doing);
  const auto* entering = std::get_if<registry::RegisterService>(&command.doing);
  if (entering != nullptr && entering->record.id != service) {
    return invalid_member("/record/id", "URLの登録番号と異なります", "is not the registration number in the URL");
  }
  return command;
}

}  // namespace ismap::server
