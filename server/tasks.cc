#include "server/tasks.h"

#include "server/report.h"

namespace ismap::server::tasks {

using registry::Code;
using registry::Errors;
using registry::Json;
using registry::Result;

namespace {

Result<registry::tokens::Request> read_request(const Json& json) {
  registry::tokens::Request request;
  Errors errors;
  const auto role = registry::role_of(json.value("role", ""));
  if (!role) {
    errors.push_back({Code::invalid, "/role", "",
                      "role は operator committee ministries registrant applicant agency auditor のいずれかです",
                      "the role is operator, committee, ministries, registrant, applicant, agency or auditor"});
  } else {
    request.holder.role = *role;
  }
  request.holder.organisation = json.value("organisation", "");
  request.days = json.value("days", 90);
  for (const Json& id : json.value("services", Json::array())) request.services.emplace_back(id.get<std::string>());
  if (!errors.empty()) return errors;
  return request;
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

Result<Json> issue_token(Office& office, const Json& request) {
  const auto read = read_request(request);
  if (!read.ok()) return read.errors();
  auto issued = office.issue_token(*read);
  if (!issued.ok()) return issued.errors();
  Json answer = to_json(issued->token);
  answer["token"] = issued->secret;
  return answer;
}

Result<Json> tokens(Office& office) {
  const auto all = office.tokens();
  if (!all.ok()) return all.errors();
  Json items = Json::array();
  for (const registry::Token& token : *all) items.push_back(to_json(token));
  return Json{{"items", std::move(items)}};
}

Result<Json> revoke_token(Office& office, const std::string& id) {
  const auto revoked = office.revoke_token(registry::TokenId{id});
  if (!revoked.ok()) return revoked.errors();
  return to_json(*revoked);
}

}  // namespace ismap::server::tasks
