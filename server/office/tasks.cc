#include "server/office/tasks.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/command/desk_work.h"
#include "server/command/report.h"
#include "server/problem.h"

namespace ismap::server::tasks {

using registry::Code;
using registry::Error;
using registry::Errors;
using registry::Json;
using registry::Result;

namespace {

bool is_list_of_texts(const Json& value) {
  return value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& v) { return v.is_string(); });
}

/// Reads {"role", "organisation", "person", "services", "days"}; every mistake at once. What fits together is for the
/// registry.
Result<registry::tokens::Request> read_request(const Json& json) {
  if (!json.is_object()) return invalid_member("", "JSONオブジェクトで書いてください", "give a JSON object");
  registry::tokens::Request request;
  Errors errors;
  const Json name = json.value("role", Json());
  const auto role = name.is_string() ? registry::role_of(name.get_ref<const std::string&>()) : std::nullopt;
  if (role) request.holder.role = *role;
  if (!role) {
    errors.push_back(invalid_member(
        "/role", "role は operator committee ministries registrant applicant agency auditor のいずれかです",
        "the role is operator, committee, ministries, registrant, applicant, agency or auditor"));
  }
  const Json organisation = json.value("organisation", Json(""));
  if (organisation.is_string()) request.holder.organisation = organisation.get<std::string>();
  if (!organisation.is_string()) {
    errors.push_back(invalid_member("/organisation", "組織名を文字列で書いてください", "name the organisation"));
  }
  const Json person = json.value("person", Json(""));
  if (person.is_string()) request.person = person.get<std::string>();
  if (!person.is_string()) {
    errors.push_back(invalid_member("/person", "担当者を文字列で書いてください", "name the person as a text"));
  }
  const Json services = json.value("services", Json::array());
  if (!is_list_of_texts(services)) {
    errors.push_back(invalid_member("/services", "登録番号を配列で書いてください", "list the registration numbers"));
  } else {
    for (const Json& id : services) request.services.emplace_back(id.get<std::string>());
  }
  const Json days = json.value("days", Json(request.days));
  const bool countable = days.is_number_integer() && days >= 0 && days <= 1'000'000;
  if (countable) request.days = days.get<int>();
  if (!countable)
    errors.push_back(invalid_member("/days", "有効日数を整数で書いてください", "give the days as an integer"));
  if (!errors.empty()) return errors;
  return request;
}

/// Reads {"overlap_hours"}, which may be left out; every mistake at once.
Result<std::chrono::hours> read_overlap(const Json& json) {
  if (!json.is_object()) return invalid_member("", "JSONオブジェクトで書いてください", "give a JSON object");
  Errors errors;
  for (const auto& [name, value] : json.items()) {
    if (name == "overlap_hours") continue;
    errors.push_back(
        invalid_member("/" + registry::pointer_token(name), "知らない項目です: " + name, "unknown member: " + name));
  }
  const Json hours = json.value("overlap_hours", Json(registry::tokens::kOverlap.count()));
  const bool countable = hours.is_number_integer() && hours >= 0 && hours <= registry::tokens::kLongestOverlap.count();
  if (!countable) {
    errors.push_back(invalid_member("/overlap_hours", "重なりの時間（overlap_hours）は0から168までの整数です",
                                    "overlap_hours are an integer from 0 to 168"));
  }
  if (!errors.empty()) return errors;
  return std::chrono::hours{hours.get<int>()};
}

Json listed_token(const registry::Token& token) {
  Json out = to_json(token);
  out["last_used_at"] = token.last_use ? Json(token.last_use->at.iso()) : Json(nullptr);
  out["last_used_from"] = token.last_use ? Json(token.last_use->from) : Json(nullptr);
  return out;
}

}  // namespace

Result<Json> import(Office& office, const registry::Actor& actor, std::string_view file, bool dry_run) {
  auto imported = office.import(file, actor, dry_run);
  if (!imported.ok()) return imported.errors();
  if (!imported->not_published.empty()) return imported->not_published;
  return to_json(imported->report);
}

Result<Json> export_site(Office& office, const Json& request) {
  const Json out = request.value("out", Json());
  if (!out.is_string() || !std::filesystem::path(out.get<std::string>()).is_absolute()) {
    return registry::Error{Code::invalid, "/out", "", "書出し先を絶対パスで指定してください",
                           "name the folder to write to, as an absolute path"};
  }
  const auto report = office.export_site(out.get<std::string>());
  if (!report.ok()) return report.errors();
  return Json{{"ver", report->ver.value()},
              {"tree_size", report->size.value()},
              {"written", report->written},
              {"kept", report->kept}};
}

Result<Json> note_backup(Office& office, const registry::Actor& by, const Json& request) {
  const Json out = request.is_object() ? request.value("out", Json()) : Json();
  if (!out.is_string()) return invalid_member("/out", "複製先を指定してください", "name the folder of the copy");
  const auto at = office.note_backup(by, out.get<std::string>());
  if (!at.ok()) return at.errors();
  return Json{{"at", at->iso()}};
}

Result<Json> issue_token(Office& office, const registry::Actor& by, const Json& request) {
  const auto read = read_request(request);
  if (!read.ok()) return read.errors();
  auto issued = office.issue_token(*read, by);
  if (!issued.ok()) return issued.errors();
  Json answer = to_json(issued->token);
  answer["token"] = issued->secret;
  return answer;
}

Result<Json> tokens(Office& office) {
  const auto all = office.tokens();
  if (!all.ok()) return all.errors();
  Json items = Json::array();
  for (const registry::Token& token : *all) items.push_back(listed_token(token));
  return Json{{"items", std::move(items)}};
}

Result<Json> rotate_token(Office& office, const registry::Actor& by, const std::string& id, const Json& request) {
  const auto overlap = read_overlap(request);
  if (!overlap.ok()) return overlap.errors();
  if (id.empty()) {
    return Error{Code::conflict, "", "",
                 "この接続にトークンはありません。ismap-liu token rotate ID で、どのトークンかを指定してください",
                 "no token speaks on this connection: name the one with ismap-liu token rotate ID"};
  }
  const auto replaced = office.rotate_token(registry::TokenId{id}, *overlap, by);
  if (!replaced.ok()) return replaced.errors();
  return Json{{"expires_at", replaced->next.expires_at.iso()},
              {"id", replaced->next.id.value()},
              {"replaces", {{"id", id}, {"valid_until", replaced->old.expires_at.iso()}}},
              {"token", replaced->secret}};
}

Result<Json> revoke_token(Office& office, const registry::Actor& by, const std::string& id) {
  const auto revoked = office.revoke_token(registry::TokenId{id}, by);
  if (!revoked.ok()) return revoked.errors();
  return to_json(*revoked);
}

Result<Json> install_keys(Office& office, const registry::Actor& actor, std::string_view draft) {
  const auto recorded = office.install_keys(draft, actor);
  if (!recorded.ok()) return recorded.errors();
  return outcome_of(*recorded);
}

}  // namespace ismap::server::tasks
