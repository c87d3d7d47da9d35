#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <functional>

#include "server/api/filing_api.h"
#include "server/auth.h"
#include "server/command/commands.h"
#include "server/command/desk_work.h"
#include "server/command/local_client.h"
#include "server/command/report.h"
#include "server/office/office.h"
#include "server/office/tasks.h"

/// Commands that change the register: a running server does them if there is one, else this process opens the folder.
namespace ismap::server {

using registry::Code;
using registry::Error;
using registry::Json;
using registry::Result;

namespace {

Result<registry::Role> role_named(const std::string& name) {
  const auto role = registry::role_of(name);
  if (role) return *role;
  return Error{Code::invalid, "/role", "",
               "role は operator committee ministries registrant applicant agency auditor のいずれかです",
               "the role is operator, committee, ministries, registrant, applicant, agency or auditor"};
}

/// The body of an act, from the options and the fields' file.
Result<Json> act_body(const ActOptions& options) {
  Json body = Json::object();
  if (!options.fields.empty()) {
    const Result<std::string> bytes = read_input(options.fields);
    if (!bytes.ok()) return bytes.errors();
    Result<Json> fields = registry::parse_json(*bytes);
    if (!fields.ok()) return fields.errors();
    if (!fields->is_object())
      return Error{Code::invalid, "", "", "--fields はJSONオブジェクトです", "--fields is a JSON object"};
    body = std::move(*fields);
  }
  body["act"] = options.act;
  body["reason"] = Json{{"ja", options.reason}};
  if (options.case_id.empty()) {
    body["basis"] = Json{{"channel", options.basis}};  // received on the day of the act, by the clock that dates it
  } else {
    body["basis"] = Json{{"case", options.case_id}, {"step", options.step}};
  }
  if (!options.article.empty()) body["article"] = options.article;
  if (!options.effective.empty()) body["effective"] = options.effective;
  return body;
}

}  // namespace

int run_import(const ImportOptions& options) {
  const Result<std::string> bytes = read_input(options.file);
  if (!bytes.ok()) return finish(bytes.errors(), print_json);
  LocalRequest request;
  request.path = options.dry_run ? "/local/import?dry_run=true" : "/local/import";
  request.body = *bytes;
  request.content_type = "application/octet-stream";
  const Result<Json> report = have_done(options.data, request, [&](Office& office) {
    return tasks::import(office, local_actor(registry::Role::operator_, ::getuid()), *bytes, options.dry_run);
  });
  if (!report.ok()) return finish(report, print_json);
  const bool good = report->at("errors").empty();
  if (options.json) {
    print_json(*report);
  } else {
    fmt::print(good ? stdout : stderr, "{}", to_text(*report, options.dry_run));
  }
  return good ? kExitDone : kExitFailed;
}

int run_export(const ExportOptions& options) {
  const Json wanted{{"out", std::filesystem::absolute(options.out).string()}};
  LocalRequest request;
  request.path = "/local/export";
  request.body = registry::canonical(wanted);
  return finish(have_done(options.data, request, [&](Office& o) { return tasks::export_site(o, wanted); }),
                [&](const Json& report) {
                  if (options.json) return print_json(report);
                  fmt::print("ver {}, {} events: {} files written, {} unchanged\n", report.at("ver").dump(),
                             report.at("tree_size").dump(), report.at("written").dump(), report.at("kept").dump());
                });
}

int run_act(const ActOptions& options) {
  const Result<registry::Role> role = role_named(options.role);
  if (!role.ok()) return finish(role.errors(), print_json);
  const Result<Json> body = act_body(options);
  if (!body.ok()) return finish(body, print_json);
  LocalRequest request;
  request.path = "/v1/services/" + options.service + "/acts";
  request.body = registry::canonical(*body);
  request.headers["ISMAP-Role"] = options.role;
  return finish(have_done(options.data, request,
                          [&](Office& office) -> Result<Json> {
                            const auto recorded = office.act(registry::ServiceId{options.service},
                                                             local_actor(*role, ::getuid()), *body, std::nullopt);
                            if (!recorded.ok()) return recorded.errors();
                            return outcome_of(*recorded);
                          }),
                print_json);
}

int run_decide(const DecideOptions& options) {
  const Result<registry::Role> role = role_named(options.role);
  if (!role.ok()) return finish(role.errors(), print_json);
  const Json body{{"decision", options.decision}, {"article", options.article}, {"reason", {{"ja", options.reason}}}};
  LocalRequest request;
  request.path = "/v1/filings/" + options.filing + "/decision";
  request.body = registry::canonical(body);
  request.headers["ISMAP-Role"] = options.role;
  return finish(have_done(options.data, request,
                          [&](Office& office) -> Result<Json> {
                            auto decided = office.decide(registry::FilingId{options.filing},
                                                         local_actor(*role, ::getuid()), body, std::nullopt);
                            if (!decided.ok()) return decided.errors();
                            Result<Json> answer = outcome_of(decided->recorded);
                            if (answer.ok()) (*answer)["filing"] = view_of(decided->filing);
                            return answer;
                          }),
                print_json);
}

}  // namespace ismap::server
